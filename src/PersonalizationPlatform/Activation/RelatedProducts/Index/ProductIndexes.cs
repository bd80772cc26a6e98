using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.RelatedProducts.Index;

/// <summary>
/// This node's index of the catalogue. A changed catalogue is indexed beside the requests: they are answered from the index before it only
/// while that was the current one at most <see cref="MaxBehind"/> ago, and not where the catalogue is so small that waiting costs less.
/// </summary>
public sealed class ProductIndexes(TimeProvider time)
{
    /// <summary>How long an answer may be behind the catalogue.</summary>
    public static readonly TimeSpan MaxBehind = TimeSpan.FromSeconds(1);

    /// <summary>Catalogues of so few products are indexed within milliseconds.</summary>
    private const int Small = 5_000;

    private readonly Lock gate = new();
    private ProductIndex? current;
    private Task<ProductIndex>? building;
    private long currentAt;

    /// <summary>The index of the snapshot, of a later one, or for a moment of the one before.</summary>
    /// <param name="rules">What will be asked.</param>
    /// <param name="website">The one that is asked for.</param>
    internal async ValueTask<ProductIndex> ForAsync(CatalogSnapshot snapshot, RelatedRuleSet rules, Moment moment, Website website)
    {
        while (true)
        {
            Task<ProductIndex> awaited;
            lock (gate)
            {
                if (current is { } index && index.Snapshot.Change >= snapshot.Change)
                {
                    currentAt = time.GetTimestamp();
                    return index;
                }

                building ??= Task.Run(() => Build(snapshot, rules, moment, website));
                if (current is { } before && snapshot.Products.Count > Small && time.GetElapsedTime(currentAt) < MaxBehind)
                    return before;
                awaited = building;
            }

            await awaited;
        }
    }

    private ProductIndex Build(CatalogSnapshot snapshot, RelatedRuleSet rules, Moment moment, Website website)
    {
        try
        {
            var index = new ProductIndex(snapshot);
            index.Showable(website);
            foreach (var rule in rules.Rules)
                index.Prepare(rule, moment);
            lock (gate)
                current = index;
            return index;
        }
        finally
        {
            lock (gate)
                building = null;
        }
    }
}
