using System.Collections.Concurrent;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>What a product costs a group of customers on a day of a website.</summary>
/// <param name="Regular">Null when the product has no price; then nothing else has one.</param>
/// <param name="Special">Null when there is none on that day.</param>
/// <param name="Tier">The lowest tier or group price for the quantity.</param>
/// <param name="Rule">What the rules make of the regular price.</param>
/// <param name="Final">The lowest of them, to 2 decimals.</param>
public sealed record ProductPrice(decimal? Regular, decimal? Special, decimal? Tier, RulePrice Rule, decimal? Final);

/// <summary>Prices of the catalogue, computed when asked for. What the rules make of a price is remembered until a rule or a product changes.</summary>
public sealed class CatalogPrices
{
    private const int Capacity = 200_000;

    private volatile Remembered remembered = new(-1, -1);

    /// <param name="product">A product of the catalogue.</param>
    /// <param name="day">In the website's time zone.</param>
    /// <param name="quantity">Units bought together, for tier prices.</param>
    public ProductPrice Of(LiveSet live, CatalogSnapshot catalogue, CatalogProduct product, Website website, int customerGroup, DateOnly day, decimal quantity = 1)
    {
        if (product.Price is not { } regular)
            return new(null, null, null, RulePrice.None, null);
        var memory = Memory(live.Publication, catalogue.Change);
        var key = (website.Code.ToLowerInvariant(), customerGroup, day, product.Sku);
        if (!memory.Prices.TryGetValue(key, out var rule))
        {
            rule = Judge(live, catalogue, product, website, customerGroup, day);
            if (memory.Count < Capacity && memory.Prices.TryAdd(key, rule))
                Interlocked.Increment(ref memory.Count);
        }

        return Price(regular, product.SpecialPriceOn(day), Tier(product, regular, website, customerGroup, quantity), rule);
    }

    /// <summary>The price of a product that need not be in the catalogue.</summary>
    public static ProductPrice Price(decimal regular, decimal? special, decimal? tier, RulePrice rule) =>
        new(regular, special, tier, rule, CatalogPricing.Final(regular, special, tier, rule.Price));

    /// <summary>What the rules make of a product's regular price.</summary>
    public static RulePrice Judge(LiveSet live, CatalogSnapshot catalogue, CatalogProduct product, Website website, int customerGroup, DateOnly day) =>
        live.CatalogRules.Selected(website.Code, customerGroup, day).Count == 0
            ? RulePrice.None
            : CatalogPricing.Apply(
                live.CatalogRules.MatchingRules(RuledProduct.Of(product, catalogue), website.Settings, customerGroup, day), product.Price ?? 0);

    /// <summary>The lowest tier price for so many units, of those for the website and group; null when there is none.</summary>
    internal static decimal? Tier(CatalogProduct product, decimal regular, Website website, int customerGroup, decimal quantity)
    {
        decimal? lowest = null;
        foreach (var tier in product.TierPrices)
        {
            if (tier.Quantity > quantity || (tier.CustomerGroup is { } group && group != customerGroup)
                || (tier.Website is { } only && !website.IsCalled(only)))
                continue;
            var price = tier.Price ?? decimal.Round(regular * (1 - ((tier.Percentage ?? 0) / 100)), 4, MidpointRounding.AwayFromZero);
            lowest = price < lowest || lowest is null ? price : lowest;
        }

        return lowest;
    }

    private Remembered Memory(long publication, long change)
    {
        var memory = remembered;
        if (memory.Publication == publication && memory.Change == change)
            return memory;
        memory = new(publication, change);
        // A slower request may put an older one back; it is replaced again, never mistaken for the newer one.
        remembered = memory;
        return memory;
    }

    private sealed class Remembered(long publication, long change)
    {
        public int Count;

        public long Publication => publication;

        public long Change => change;

        public ConcurrentDictionary<(string Website, int Group, DateOnly Day, string Sku), RulePrice> Prices { get; } = new();
    }
}
