using System.Text.Json.Serialization;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Which blocks for whom. Members not named here are ignored.</summary>
public sealed record BlockDecisionRequest
{
    public ShopperRequest? Shopper { get; init; }

    /// <summary>
    /// Locations (<c>content</c>, <c>header</c>, <c>footer</c>, <c>left</c>, <c>right</c>), keys of rotators and keys of blocks; at most
    /// 100.
    /// </summary>
    public IReadOnlyList<string>? Placements { get; init; }

    /// <summary>
    /// The <c>rotation</c> of the answer before, as it was: by it a series goes on and a shuffle knows what was shown. Without it, or where
    /// it cannot be used, a rotator begins anew.
    /// </summary>
    public IReadOnlyDictionary<string, string?>? Rotation { get; init; }

    /// <summary>The product that is being viewed, for blocks that speak of it.</summary>
    public ProductRequest? Product { get; init; }

    /// <summary>What is in the cart, for blocks tied to cart rules; they do not show without it.</summary>
    public CartRequest? Cart { get; init; }

    /// <summary>For admin keys: when the decision is for, an instant or a date of the website; now when absent. Schedules and rules are those of that time.</summary>
    public string? At { get; init; }
}

/// <summary>A product, by its SKU.</summary>
public sealed record ProductRequest
{
    /// <summary>As the catalogue spells it; of a product that is not in there nothing is known.</summary>
    public string? Sku { get; init; }
}

/// <summary>Whom a decision is for.</summary>
public sealed record ShopperRequest
{
    /// <summary>What the caller knows of the shopper, at most 50; a public key may only name devices. Values that name nobody are ignored.</summary>
    public IReadOnlyList<IdentityRequest?>? Identities { get; init; }

    /// <summary>The website's code, or the number other systems know it by; <c>base</c> when absent.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? Website { get; init; }

    /// <summary>The store view's code; absent = the content for all store views.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? StoreView { get; init; }

    /// <summary>
    /// Audiences that the shopper is in beside those known here, by external id, id or key; the same as the header
    /// <c>aep-segments-membership</c>. Only with a secret key; with an admin key they stand instead of those known here.
    /// </summary>
    [JsonConverter(typeof(LooseTexts))]
    public IReadOnlyList<string>? Audiences { get; init; }

    /// <summary>
    /// For admin keys: the segments the shopper is in instead of those known here, by id, key or external id; an empty list = none.
    /// </summary>
    [JsonConverter(typeof(LooseTexts))]
    public IReadOnlyList<string>? Segments { get; init; }

    /// <summary>The number of the customer group; 0, not logged in, when absent.</summary>
    public int? CustomerGroup { get; init; }

    /// <summary>For admin keys: the customer whose limits count, as if named among the identities.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? CustomerId { get; init; }
}

/// <summary>An identity, e.g. <c>{ "namespace": "ECID", "id": "…" }</c>.</summary>
public sealed record IdentityRequest(string? Namespace, string? Id);

/// <summary>The blocks to show.</summary>
/// <param name="Placements">Every placement asked for, each with its blocks in order; empty where nothing shows or the placement is unknown.</param>
/// <param name="CacheableUntil">
/// Until then the answer stays the same, unless an event of the shopper arrives. Where blocks take turns it is the instant of the
/// decision: the next one may differ.
/// </param>
public sealed record BlockDecisionAnswer(IReadOnlyDictionary<string, IReadOnlyList<ShownBlock>> Placements, DateTimeOffset CacheableUntil)
{
    /// <summary>What to send as <c>rotation</c> with the next request, by rotator; absent when there is nothing to remember.</summary>
    public IReadOnlyDictionary<string, string>? Rotation { get; init; }
}

/// <summary>A block to show.</summary>
/// <param name="Block">Its id.</param>
/// <param name="Content">HTML.</param>
/// <param name="Because">Why this shopper sees it; only for secret keys.</param>
public sealed record ShownBlock(Guid Block, string Key, string Name, string Content, IReadOnlyList<Reason>? Because);

/// <summary>
/// A reason to show a block: the shopper is in a segment or an audience, or the block is for everybody; a price rule that it is tied to
/// applies; it is its turn in a rotator.
/// </summary>
public sealed record Reason
{
    /// <summary>True when nothing is assigned to the block.</summary>
    public bool? Everybody { get; init; }
    public Guid? Segment { get; init; }
    public Guid? Audience { get; init; }

    /// <summary>A cart rule tied to the block, and applied to the cart.</summary>
    public Guid? CartRule { get; init; }

    /// <summary>A catalogue rule tied to the block, which matches the viewed product.</summary>
    public Guid? CatalogRule { get; init; }
    public Guid? Rotator { get; init; }

    /// <summary>How the rotator rotates.</summary>
    public RotationMode? Rotation { get; init; }

    /// <summary>Of how many blocks the rotator chose this one.</summary>
    public int? Of { get; init; }

    /// <summary>The key of the segment, audience or rotator.</summary>
    public string? Key { get; init; }

    /// <summary>Since when the shopper is in the segment, or in the one that the audience publishes.</summary>
    public DateTimeOffset? Since { get; init; }
}
