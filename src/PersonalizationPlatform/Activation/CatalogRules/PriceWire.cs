using System.Text.Json;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>Which products' prices for whom. Members not named here are ignored.</summary>
public sealed record PriceDecisionRequest
{
    /// <summary>Website and customer group decide; nothing else of the shopper does.</summary>
    public ShopperRequest? Shopper { get; init; }

    /// <summary>
    /// 1 to 1,000 SKUs, or objects with <c>sku</c> and <c>quantity</c>. For admin keys an object may also hold <c>price</c>,
    /// <c>specialPrice</c>, <c>tierPrice</c>, <c>type</c>, <c>categories</c> and <c>attributes</c> instead of the catalogue's.
    /// </summary>
    public IReadOnlyList<JsonElement>? Products { get; init; }

    /// <summary>For admin keys: the instant asked about, or a day of the website.</summary>
    public string? At { get; init; }
}

/// <summary>The prices asked for.</summary>
/// <param name="Day">In the website's time zone; prices hold for a day.</param>
/// <param name="CacheableUntil">Until then the answer stays the same, unless a rule or a product changes.</param>
public sealed record PriceDecisionAnswer(string Website, int CustomerGroup, DateOnly Day, IReadOnlyList<PriceAnswer> Products, DateTimeOffset CacheableUntil);

/// <summary>The prices of one product, per unit.</summary>
/// <param name="Known">False when the catalogue does not know the SKU: then nothing else is said.</param>
/// <param name="RegularPrice">Null when the product has no price.</param>
/// <param name="TierPrice">The lowest tier or group price for the quantity.</param>
/// <param name="RulePrice">What the rules make of the regular price, to 4 decimals; null when none applies.</param>
/// <param name="FinalPrice">The lowest of them, to 2 decimals.</param>
/// <param name="AppliedRules">In the order in which they were applied.</param>
/// <param name="Explanation">With <c>explain=true</c> and a secret key: every rule of the website, group and day.</param>
public sealed record PriceAnswer(
    string Sku, bool Known, string? Currency, decimal? RegularPrice, decimal? SpecialPrice, decimal? TierPrice, decimal? RulePrice, decimal? FinalPrice,
    IReadOnlyList<AppliedCatalogRule> AppliedRules, IReadOnlyList<CatalogRuleExplanation>? Explanation = null)
{
    internal static PriceAnswer Unknown(string sku) => new(sku, false, null, null, null, null, null, null, []);

    internal static PriceAnswer Of(string sku, string currency, ProductPrice price) => new(
        sku, true, currency, price.Regular, price.Special, price.Tier, price.Rule.Price, price.Final,
        [.. price.Rule.Applied.Select(rule => new AppliedCatalogRule(rule.Id, rule.ExternalId))]);
}

/// <summary>A rule that changed a price.</summary>
public sealed record AppliedCatalogRule(Guid Id, string? ExternalId);

/// <summary>Why a rule applied or did not.</summary>
/// <param name="Reason"><c>applied</c>, <c>website</c>, <c>customerGroup</c>, <c>date</c>, <c>condition</c>, or <c>stopped</c>: an earlier rule discards later ones.</param>
/// <param name="Condition">With its evidence, where it was judged.</param>
public sealed record CatalogRuleExplanation(Guid Id, string? ExternalId, string Key, bool Applied, string Reason, Explanation? Condition);
