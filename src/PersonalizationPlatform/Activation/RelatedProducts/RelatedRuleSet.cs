using Npgsql;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Every live related-product rule, by list, then priority, then number. Immutable.</summary>
public sealed class RelatedRuleSet
{
    public static readonly RelatedRuleSet Empty = new([]);

    private readonly ILookup<ProductList, RelatedRule> byList;

    public RelatedRuleSet(IEnumerable<RelatedRule> rules)
    {
        Rules = [.. rules.OrderBy(rule => rule.Priority).ThenBy(rule => rule.Number).ThenBy(rule => rule.Id)];
        byList = Rules.ToLookup(rule => rule.ApplyTo);
    }

    public IReadOnlyList<RelatedRule> Rules { get; }

    /// <summary>The rules of a list in the order in which they fill it.</summary>
    public IEnumerable<RelatedRule> For(ProductList list) => byList[list];

    /// <summary>An instant at which products are judged: nothing of a shopper is asked.</summary>
    internal static Moment MomentOf(WebsiteSettings website, DateTimeOffset at) => new(new Facts(), at, static (SegmentId _) => Verdict.False, website);

    /// <summary>Reads them; what did not change keeps its parsed conditions.</summary>
    /// <param name="unreadable">Told of rules with a condition that cannot be read any more: they show nothing.</param>
    internal static async Task<RelatedRuleSet> ReadAsync(
        NpgsqlConnection connection, RelatedRuleSet? before, Action<Guid, int> unreadable, CancellationToken cancellationToken)
    {
        var known = before?.Rules.ToDictionary(rule => rule.Id) ?? [];
        var rules = new List<RelatedRule>();
        foreach (var row in await LiveRuleRows.ReadAsync(connection, RelatedRuleTable.Name, cancellationToken))
        {
            if (known.TryGetValue(row.Id, out var same) && same.Version == row.Version)
                rules.Add(same);
            else if (RelatedRule.Of(row) is { } rule)
                rules.Add(rule);
            else
                unreadable(row.Id, row.Version);
        }

        return new(rules);
    }
}
