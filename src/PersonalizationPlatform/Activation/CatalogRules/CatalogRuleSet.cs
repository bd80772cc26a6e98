using System.Collections.Concurrent;
using Npgsql;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>Every live catalogue rule, by priority, then number. Immutable.</summary>
public sealed class CatalogRuleSet
{
    public static readonly CatalogRuleSet Empty = new([]);

    /// <summary>Selections remembered at most: callers name groups and days as they like.</summary>
    private const int Capacity = 1000;

    private readonly ConcurrentDictionary<(string Website, int Group, DateOnly Day), IReadOnlyList<CatalogRule>> selections = new();

    public CatalogRuleSet(IEnumerable<CatalogRule> rules) => Rules = [.. rules.OrderBy(rule => rule.Priority).ThenBy(rule => rule.Number).ThenBy(rule => rule.Id)];

    public IReadOnlyList<CatalogRule> Rules { get; }

    /// <summary>The rules of a website, group and day that apply to a product, in the order in which they are applied; those that another one discards are left out.</summary>
    /// <param name="product">As rules see it, see <see cref="RuledProduct"/>.</param>
    /// <param name="website">Its code and currency.</param>
    /// <param name="customerGroup">0 = not logged in.</param>
    /// <param name="day">In the website's time zone.</param>
    public IReadOnlyList<CatalogRule> MatchingRules(ProductFact product, WebsiteSettings website, int customerGroup, DateOnly day)
    {
        var selected = Selected(website.Code, customerGroup, day);
        if (selected.Count == 0)
            return [];
        var matching = new List<CatalogRule>();
        var scope = new Scope(MomentOf(website, day)) { Product = product };
        foreach (var rule in selected)
        {
            if (rule.Condition?.Evaluate(scope).Matches == false)
                continue;
            matching.Add(rule);
            if (rule.Stop)
                break;
        }

        return matching;
    }

    /// <summary>The rules of a website, group and day, whatever the product.</summary>
    internal IReadOnlyList<CatalogRule> Selected(string website, int customerGroup, DateOnly day)
    {
        var key = (website.ToLowerInvariant(), customerGroup, day);
        if (selections.TryGetValue(key, out var known))
            return known;
        IReadOnlyList<CatalogRule> selected = [.. Rules.Where(rule => rule.IsFor(website, customerGroup, day))];
        if (selections.Count < Capacity)
            selections[key] = selected;
        return selected;
    }

    /// <summary>Prices hold for a day, so what conditions ask of time is judged at its beginning. A missing attribute fails every operator.</summary>
    internal static Moment MomentOf(WebsiteSettings website, DateOnly day) =>
        new(new Facts(), new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), static (SegmentId _) => Verdict.False, website)
        {
            NegativesHoldWhenMissing = false,
        };

    /// <summary>Reads them; what did not change keeps its parsed condition.</summary>
    /// <param name="unreadable">Told of rules whose condition cannot be read any more: they apply to nothing.</param>
    internal static async Task<CatalogRuleSet> ReadAsync(
        NpgsqlConnection connection, CatalogRuleSet? before, Action<Guid, int> unreadable, CancellationToken cancellationToken)
    {
        var known = before?.Rules.ToDictionary(rule => rule.Id) ?? [];
        var rules = new List<CatalogRule>();
        foreach (var row in await LiveRuleRows.ReadAsync(connection, CatalogRuleTable.Name, cancellationToken))
        {
            if (known.TryGetValue(row.Id, out var same) && same.Version == row.Version)
                rules.Add(same);
            else if (CatalogRule.Of(row) is { } rule)
                rules.Add(rule);
            else
                unreadable(row.Id, row.Version);
        }

        return new(rules);
    }
}
