using PersonalizationPlatform.Activation.RelatedProducts.Index;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>A product that a rule gives a list, by its place in the index.</summary>
internal readonly record struct FilledPlace(int Place, RelatedRule Rule);

/// <summary>
/// Fills the places of a list that rules fill. Chance is over all matches of a rule, not over its first ones: Adobe Commerce's
/// "random" repeated the products with the lowest ids.
/// </summary>
/// <param name="showable">Products that may be shown at all.</param>
/// <param name="taken">Those that must not be shown (again); grows by what is taken.</param>
internal sealed class ListFilling(ProductBits showable, HashSet<int> taken, ListRotation rotation, Random random)
{
    /// <summary>Gathers what rules display, turns it round, and cuts it to the places.</summary>
    /// <param name="rules">In their order; those that cannot get a place any more are not asked.</param>
    /// <param name="displayed">What a rule displays; null = it does not apply.</param>
    /// <param name="max">Places.</param>
    public IReadOnlyList<FilledPlace> Fill(IEnumerable<RelatedRule> rules, Func<RelatedRule, ProductBits?> displayed, int max)
    {
        var pool = new List<FilledPlace>();
        if (max <= 0)
            return pool;
        foreach (var rule in rules)
        {
            // Only where chance is weighted has a lower priority a place when higher ones fill the list; equals share it.
            if (rotation != ListRotation.WeightedRandom && pool.Count >= max && pool[^1].Rule.Priority != rule.Priority)
                break;
            // Adobe Commerce looks at no more than the result limit plus the places, over all rules.
            if (pool.Count >= RelatedRule.MaxResults + max)
                break;
            var left = Math.Min(rule.ResultLimit, rule.ResultLimit + max - pool.Count);
            if (displayed(rule) is { } bits && left > 0)
                pool.AddRange(Take(bits.And(showable), left).Select(place => new FilledPlace(place, rule)));
        }

        return rotation switch
        {
            ListRotation.PriorityThenId => [.. pool.OrderBy(filled => filled.Rule.Priority).ThenBy(filled => filled.Place).Take(max)],
            ListRotation.PriorityThenRandom => [.. Shuffled(pool).OrderBy(filled => filled.Rule.Priority).Take(max)],
            _ => Drawn(pool, max),
        };
    }

    private IEnumerable<int> Take(ProductBits matches, int limit)
    {
        var places = rotation == ListRotation.PriorityThenId ? matches.Places().Where(place => !taken.Contains(place)).Take(limit).ToList() : Sample(matches, limit);
        taken.UnionWith(places);
        return places;
    }

    /// <summary>So many of the matches, each as likely as any other.</summary>
    private List<int> Sample(ProductBits matches, int limit)
    {
        var count = matches.Count();
        if (count <= 4 * (limit + taken.Count))
        {
            var all = matches.Places().Where(place => !taken.Contains(place)).ToArray();
            random.Shuffle(all);
            return [.. all.Take(limit)];
        }

        // Many matches: at least three of four draws hit one that is still free.
        var sample = new HashSet<int>();
        while (sample.Count < limit)
        {
            var place = matches.PlaceOf(random.Next(count));
            if (!taken.Contains(place))
                sample.Add(place);
        }

        return [.. sample];
    }

    /// <summary>Draws without putting back; of k priorities the first weighs k, the last 1. Then by priority again.</summary>
    private List<FilledPlace> Drawn(List<FilledPlace> pool, int max)
    {
        var priorities = pool.Select(filled => filled.Rule.Priority).Distinct().Order().ToList();
        var weights = pool.ConvertAll(filled => priorities.Count - priorities.IndexOf(filled.Rule.Priority));
        var drawn = new List<FilledPlace>();
        while (drawn.Count < max && pool.Count > 0)
        {
            var dice = random.Next(weights.Sum());
            var at = 0;
            for (; dice >= weights[at]; at++)
                dice -= weights[at];
            drawn.Add(pool[at]);
            pool.RemoveAt(at);
            weights.RemoveAt(at);
        }

        return [.. drawn.OrderBy(filled => filled.Rule.Priority)];
    }

    private FilledPlace[] Shuffled(List<FilledPlace> pool)
    {
        var shuffled = pool.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }
}
