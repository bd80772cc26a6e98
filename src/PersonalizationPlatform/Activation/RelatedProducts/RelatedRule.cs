using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>A related-product rule ready to decide: defaults filled in, conditions parsed. Immutable.</summary>
/// <param name="Match">Beside which products; null = every one.</param>
/// <param name="Display">Which products; null = every one.</param>
public sealed record RelatedRule(
    Guid Id, int Version, long Number, string? ExternalId, string Key, string Name, int Priority, ProductList ApplyTo, Condition? Match, Condition? Display)
{
    /// <summary>Products one rule gives a list at most.</summary>
    public const int MaxResults = 20;

    public DateOnly? FromDate { get; init; }
    public DateOnly? ToDate { get; init; }
    public int ResultLimit { get; init; } = MaxResults;

    /// <summary>The shopper must be in any of these, known or external, and in any of the audiences; all four empty = everybody.</summary>
    public IReadOnlyList<SegmentId> Segments { get; init; } = [];
    public IReadOnlyList<AudienceId> Audiences { get; init; } = [];
    public IReadOnlyList<string> ExternalSegments { get; init; } = [];
    public IReadOnlyList<string> ExternalAudiences { get; init; } = [];

    public bool IsForEverybody => Segments.Count == 0 && Audiences.Count == 0 && ExternalSegments.Count == 0 && ExternalAudiences.Count == 0;

    /// <summary>What of the viewed product decides what is displayed.</summary>
    internal IReadOnlyList<CompareWithViewed> ViewedLeaves { get; } = [.. Leaves(Display).OfType<CompareWithViewed>()];

    /// <summary>Whether what is displayed can change with time alone.</summary>
    internal bool DependsOnTime { get; } = Leaves(Display).OfType<Compare>().Any(leaf => leaf.Operand is Operand.Span);

    public bool IsOn(DateOnly day) => !(FromDate > day) && !(ToDate < day);

    /// <summary>Null when a condition cannot be read any more.</summary>
    internal static RelatedRule? Of(LiveRuleRow row)
    {
        var body = StoredRule.Body<RelatedRuleRequest>(row.Body);
        if (!StoredRule.TryRead(body.Match, FieldScope.Product, out var match) || !StoredRule.TryRead(body.Display, FieldScope.Candidate, out var display))
            return null;
        return new(row.Id, row.Version, row.Number, row.ExternalId, row.Key, row.Name, body.Priority ?? 0, body.ApplyTo, match, display)
        {
            FromDate = body.FromDate,
            ToDate = body.ToDate,
            ResultLimit = body.ResultLimit ?? MaxResults,
            Segments = [.. MembershipReferences.Ids(body.Segments).Select(id => new SegmentId(id))],
            Audiences = [.. MembershipReferences.Ids(body.Audiences).Select(id => new AudienceId(id))],
            ExternalSegments = MembershipReferences.Externals(body.Segments),
            ExternalAudiences = MembershipReferences.Externals(body.Audiences),
        };
    }

    private static IEnumerable<Condition> Leaves(Condition? condition) => condition switch
    {
        null => [],
        Group group => group.Of.SelectMany(Leaves),
        _ => [condition],
    };
}
