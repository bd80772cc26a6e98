using System.Text.Json;
using PersonalizationPlatform.Activation.RelatedProducts;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Several decisions for one shopper at one instant. A part that is absent is not decided; members not named here are ignored.</summary>
public sealed record CombinedDecisionRequest
{
    public ShopperRequest? Shopper { get; init; }
    public CombinedBlocks? Blocks { get; init; }

    /// <summary>As in <c>/v1/decisions/cart</c>. Its rules decide which blocks tied to cart rules show, and its lines are no cross-sells.</summary>
    public CartRequest? Cart { get; init; }
    public CombinedRelatedProducts? RelatedProducts { get; init; }

    /// <summary>
    /// The product being viewed, for blocks and related products: its SKU, or an object as in <c>/v1/decisions/related-products</c>.
    /// </summary>
    public JsonElement? Product { get; init; }

    /// <summary>For admin keys: the instant, or the day on the website, at which the cart and the related products are decided.</summary>
    public string? At { get; init; }

    /// <summary>For admin keys: what to calculate the cart with instead of the website's settings.</summary>
    public CartOptionsRequest? Options { get; init; }
}

/// <summary>Which blocks are wanted, as in <c>/v1/decisions/dynamic-blocks</c>.</summary>
/// <param name="Placements">1 to 100 locations, keys of rotators and keys of blocks.</param>
/// <param name="Rotation">The <c>rotation</c> of the answer before.</param>
public sealed record CombinedBlocks(IReadOnlyList<string>? Placements, IReadOnlyDictionary<string, string?>? Rotation);

/// <summary>Which lists of further products are wanted, as in <c>/v1/decisions/related-products</c>.</summary>
/// <param name="Lists"><c>related</c>, <c>upsell</c>, <c>crosssell</c>, one or a list of them; <c>related</c> when absent.</param>
/// <param name="Limit">Fewer products than the website shows.</param>
/// <param name="Config">For admin keys: instead of the website's settings.</param>
/// <param name="Seed">For admin keys: makes what is left to chance repeatable.</param>
public sealed record CombinedRelatedProducts(JsonElement? Lists, int? Limit, RelatedConfig? Config, int? Seed);

/// <summary>The decisions asked for, all from one reading of the shopper and of one publication of the definitions.</summary>
/// <param name="CacheableUntil">The earliest of the parts.</param>
public sealed record CombinedDecisionAnswer(
    BlockDecisionAnswer? Blocks, CartDecisionAnswer? Cart, RelatedDecisionAnswer? RelatedProducts, DateTimeOffset CacheableUntil);
