using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>A catalogue rule ready to decide: defaults filled in, condition parsed. Immutable.</summary>
/// <param name="Condition">Null = every product.</param>
public sealed record CatalogRule(Guid Id, int Version, long Number, string? ExternalId, string Key, string Name, CatalogRuleAction Action, decimal Amount, Condition? Condition)
{
    /// <summary>Empty = every website.</summary>
    public IReadOnlySet<string> Websites { get; init; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Empty = every group.</summary>
    public IReadOnlySet<int> CustomerGroups { get; init; } = new HashSet<int>();
    public DateOnly? FromDate { get; init; }
    public DateOnly? ToDate { get; init; }
    public int Priority { get; init; }
    public bool Stop { get; init; }

    /// <summary>Blocks that show only beside a product to which the rule applies.</summary>
    public IReadOnlyList<Guid> DynamicBlocks { get; init; } = [];

    public bool IsFor(string website, int customerGroup, DateOnly day) =>
        (Websites.Count == 0 || Websites.Contains(website)) && (CustomerGroups.Count == 0 || CustomerGroups.Contains(customerGroup))
        && !(FromDate > day) && !(ToDate < day);

    /// <summary>Null when its condition cannot be read any more.</summary>
    internal static CatalogRule? Of(LiveRuleRow row)
    {
        var body = StoredRule.Body<CatalogRuleRequest>(row.Body);
        if (!StoredRule.TryRead(body.Condition, FieldScope.Product, out var condition))
            return null;
        return new(row.Id, row.Version, row.Number, row.ExternalId, row.Key, row.Name, body.Action, body.Amount ?? 0, condition)
        {
            Websites = new HashSet<string>(body.Websites ?? [], StringComparer.OrdinalIgnoreCase),
            CustomerGroups = new HashSet<int>(body.CustomerGroups ?? []),
            FromDate = body.FromDate,
            ToDate = body.ToDate,
            Priority = body.Priority ?? 0,
            Stop = body.Stop ?? false,
            DynamicBlocks = [.. (body.DynamicBlocks ?? []).Select(Guid.Parse)],
        };
    }
}
