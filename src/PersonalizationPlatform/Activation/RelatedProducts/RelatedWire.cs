using System.Text.Json;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Which lists of further products for whom. Members not named here are ignored.</summary>
public sealed record RelatedDecisionRequest
{
    public ShopperRequest? Shopper { get; init; }

    /// <summary>
    /// The product viewed: its SKU, or an object with <c>sku</c> and, instead of the catalogue's, <c>price</c>, <c>type</c>,
    /// <c>categories</c> and <c>attributes</c>. Cross-sells without one are those of all products in the cart.
    /// </summary>
    public JsonElement? Product { get; init; }

    /// <summary><c>related</c>, <c>upsell</c>, <c>crosssell</c>, one or a list of them; <c>related</c> when absent. <c>type</c> says the same.</summary>
    public JsonElement? List { get; init; }

    /// <inheritdoc cref="List"/>
    public JsonElement? Lists { get; init; }

    /// <inheritdoc cref="List"/>
    public JsonElement? Type { get; init; }

    /// <summary>What is in the cart: no cross-sell.</summary>
    public RelatedCart? Cart { get; init; }

    /// <summary>Fewer products than the website shows.</summary>
    public int? Limit { get; init; }

    /// <summary>For admin keys: the instant asked about, or a day of the website.</summary>
    public string? At { get; init; }

    /// <summary>For admin keys: instead of the website's settings.</summary>
    public RelatedConfig? Config { get; init; }

    /// <summary>For admin keys: makes what is left to chance repeatable.</summary>
    public int? Seed { get; init; }
}

/// <summary>What is in the cart.</summary>
public sealed record RelatedCart(IReadOnlyList<RelatedCartItem?>? Items);

/// <summary>A line of the cart.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Children">What it is made of; no more to be bought in addition than the line itself.</param>
public sealed record RelatedCartItem(string? Sku, IReadOnlyList<RelatedCartItem?>? Children = null);

/// <summary>How lists are filled.</summary>
public sealed record RelatedConfig
{
    /// <summary>Products in each list, 0 to 100.</summary>
    public int? MaxPositions { get; init; }

    /// <summary><c>both</c>, <c>selected</c> or <c>ruleBased</c>.</summary>
    public string? Show { get; init; }

    /// <summary><c>priorityThenId</c>, <c>priorityThenRandom</c> or <c>weightedRandom</c>.</summary>
    public string? Rotation { get; init; }
}

/// <summary>The lists asked for.</summary>
/// <param name="Lists">By name.</param>
/// <param name="CacheableUntil">Until then the answer stays the same, unless an event of the shopper arrives or a rule or product changes; the instant itself where chance decides.</param>
public sealed record RelatedDecisionAnswer(IReadOnlyDictionary<string, RelatedListAnswer> Lists, DateTimeOffset CacheableUntil);

/// <summary>One list.</summary>
/// <param name="Explanation">With <c>explain=true</c> and a secret key: every live rule of the list.</param>
public sealed record RelatedListAnswer(IReadOnlyList<RelatedItem> Items, IReadOnlyList<RelatedRuleExplanation>? Explanation = null);

/// <summary>A product to show.</summary>
/// <param name="Price">Regular price; null when it has none. What a shopper pays is at <c>/v1/decisions/prices</c>.</param>
/// <param name="Source"><c>selected</c> by hand, or by a <c>rule</c>.</param>
public sealed record RelatedItem(string Sku, string? Name, decimal? Price, string? Currency, string Source, RelatedItemRule? Rule = null);

/// <summary>The rule a product comes from.</summary>
public sealed record RelatedItemRule(Guid Id, string? ExternalId);

/// <summary>Why a rule filled places or did not.</summary>
/// <param name="Reason"><c>shown</c>, <c>date</c>, <c>segment</c> (the shopper is in none of its segments and audiences), <c>match</c>, <c>full</c> (no place was left, or its products were there already), <c>nothing</c> (it displays no product that can be shown), <c>notAsked</c> (the list shows no rules).</param>
/// <param name="Displayed">Products it could have shown, before those that are excluded or there already; null when it was not looked at.</param>
/// <param name="Match">With its evidence, where it was judged.</param>
public sealed record RelatedRuleExplanation(
    Guid Id, string? ExternalId, string Key, int Priority, string Reason, int Shown, int? Displayed, Explanation? Match);

/// <summary>How one list is to be filled.</summary>
internal sealed record RelatedList(ProductList List, int Max, ShownProducts Show, ListRotation Rotation);
