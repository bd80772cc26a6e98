using System.Text.Json;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>A catalogue price rule as a person writes it. A PUT replaces all of it. Fields and meanings are Adobe Commerce's.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt")]
public sealed record CatalogRuleRequest : IRuleRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent.</summary>
    public string? Key { get; init; }

    /// <summary>For people.</summary>
    public string? Description { get; init; }

    /// <summary><c>live</c> when absent in a new rule; unchanged when absent in a PUT.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Orders rules of equal priority; the external id where that is a number, else the next of a sequence.</summary>
    public long? Number { get; init; }

    /// <summary>Website codes; absent or empty = every one.</summary>
    public IReadOnlyList<string>? Websites { get; init; }

    /// <summary>Customer group numbers, 0 = not logged in; absent or empty = every one.</summary>
    public IReadOnlyList<int>? CustomerGroups { get; init; }

    /// <summary>First day, in the website's time zone.</summary>
    public DateOnly? FromDate { get; init; }

    /// <summary>Last day, itself included.</summary>
    public DateOnly? ToDate { get; init; }

    /// <summary>Lower goes first; 0 when absent.</summary>
    public int? Priority { get; init; }
    public required CatalogRuleAction Action { get; init; }

    /// <summary>Percent, or money in the website's currency; 0 when absent.</summary>
    public decimal? Amount { get; init; }

    /// <summary>"Discard subsequent rules": after this one no other rule changes the product's price.</summary>
    public bool? Stop { get; init; }

    /// <summary>Which products; absent = every one. The condition language in the place <c>product</c>; a missing attribute fails every operator.</summary>
    public JsonElement? Condition { get; init; }

    /// <summary>Dynamic blocks, by id or key, that show only beside a product to which the rule applies.</summary>
    public IReadOnlyList<string>? DynamicBlocks { get; init; }
}

/// <summary>What a catalogue rule makes of the price before it. Written in JSON as Adobe Commerce writes it (<c>by_percent</c>).</summary>
public enum CatalogRuleAction
{
    /// <summary>So many per cent off.</summary>
    [JsonStringEnumMemberName("by_percent")]
    ByPercent,

    /// <summary>So much off, never below 0.</summary>
    [JsonStringEnumMemberName("by_fixed")]
    ByFixed,

    /// <summary>Down to this percentage of the price.</summary>
    [JsonStringEnumMemberName("to_percent")]
    ToPercent,

    /// <summary>Down to this price; never up.</summary>
    [JsonStringEnumMemberName("to_fixed")]
    ToFixed,
}

/// <summary>A catalogue rule as it is kept; defaults filled in.</summary>
/// <param name="DynamicBlocks">Ids.</param>
public sealed record CatalogRuleAnswer(
    Guid Id, string Key, string Name, string? Description, DefinitionStatus Status, int Version, string? ExternalId, long Number,
    IReadOnlyList<string> Websites, IReadOnlyList<int> CustomerGroups, DateOnly? FromDate, DateOnly? ToDate, int Priority,
    CatalogRuleAction Action, decimal Amount, bool Stop, JsonElement? Condition, IReadOnlyList<string> DynamicBlocks,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static CatalogRuleAnswer Of(CatalogRuleDefinition rule)
    {
        var body = StoredRule.Body<CatalogRuleRequest>(rule.Body);
        return new(
            rule.Id, rule.Key, rule.Name, body.Description, rule.Status, rule.Version, rule.ExternalId, rule.Number,
            body.Websites ?? [], body.CustomerGroups ?? [], body.FromDate, body.ToDate, body.Priority ?? 0,
            body.Action, body.Amount ?? 0, body.Stop ?? false, body.Condition, body.DynamicBlocks ?? [], rule.CreatedAt, rule.UpdatedAt);
    }
}
