using System.Text.Json;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Which cart, for whom. Members not named here are ignored.</summary>
public sealed record CartDecisionRequest
{
    public ShopperRequest? Shopper { get; init; }
    public CartRequest? Cart { get; init; }

    /// <summary>For admin keys: the instant, or the day on the website, to decide at; now when absent.</summary>
    public string? At { get; init; }

    /// <summary>For admin keys: what to calculate with instead of the website's settings.</summary>
    public CartOptionsRequest? Options { get; init; }
}

/// <summary>A cart. Amounts are in its currency.</summary>
public sealed record CartRequest
{
    /// <summary>The cart's id in the shop: coupons that it has reserved itself do not count against it.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? Id { get; init; }

    /// <summary>
    /// With a secret key: the number of the order that is being edited, of <c>shopper.website</c>. Its own uses of coupons and rules do not
    /// count against it.
    /// </summary>
    [JsonConverter(typeof(LooseText))]
    public string? Order { get; init; }

    /// <summary>ISO 4217; the website's when absent.</summary>
    public string? Currency { get; init; }

    /// <summary>At most 10,000 lines, children included.</summary>
    public IReadOnlyList<CartLineRequest?>? Items { get; init; }

    /// <summary>The codes entered, in order.</summary>
    [JsonConverter(typeof(LooseTexts))]
    public IReadOnlyList<string>? Coupons { get; init; }

    /// <summary>Absent = no shipping method chosen yet.</summary>
    public CartShippingRequest? Shipping { get; init; }

    /// <summary>Where it is shipped to; of a cart that is not shipped, where it is billed to.</summary>
    public CartAddressRequest? Address { get; init; }
    public string? PaymentMethod { get; init; }

    /// <summary>For admin keys: uses so far instead of those known here.</summary>
    public CartUsageRequest? Usage { get; init; }

    /// <summary>Category to the one that contains it, for categories that the catalogue does not know.</summary>
    public IReadOnlyDictionary<string, JsonElement>? CategoryParents { get; init; }
}

/// <summary>A line, or a child of one: the variant chosen, or a part of a bundle.</summary>
public sealed record CartLineRequest
{
    /// <summary>Unique in the cart, children included.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? Id { get; init; }

    [JsonConverter(typeof(LooseText))]
    public string? Sku { get; init; }
    public string? Name { get; init; }

    /// <summary>
    /// Unit price after catalogue rules. When absent: the catalogue's, of a child without one 0, of a bundle priced by its children what
    /// these cost.
    /// </summary>
    public decimal? Price { get; init; }

    /// <summary>Units; of a child, in each unit of its parent. 1 when absent.</summary>
    public decimal? Quantity { get; init; }

    /// <summary>Per unit; the catalogue's when absent.</summary>
    public decimal? Weight { get; init; }

    /// <summary>Ids, names or paths; the catalogue's when absent.</summary>
    [JsonConverter(typeof(LooseTexts))]
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Scalars and lists by name; an empty list = no value. Those not named here are the catalogue's.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>simple, configurable, bundle, …; the catalogue's when absent.</summary>
    public string? Type { get; init; }

    /// <summary>At most two levels.</summary>
    public IReadOnlyList<CartLineRequest?>? Children { get; init; }

    /// <summary>A bundle with dynamic price: what it costs is what its children cost.</summary>
    public bool? ChildrenCalculated { get; init; }

    /// <summary>No rule may discount it.</summary>
    public bool? NoDiscount { get; init; }

    /// <summary>The unit price discounts are computed on, e.g. including tax.</summary>
    public decimal? DiscountPrice { get; init; }
    public decimal? RowTotalInclTax { get; init; }
}

/// <summary>The shipping method chosen: either <see cref="Amount"/> or <see cref="AmountPerItem"/>.</summary>
public sealed record CartShippingRequest
{
    public string? Method { get; init; }

    /// <summary>For the whole shipment.</summary>
    public decimal? Amount { get; init; }

    /// <summary>For each unit.</summary>
    public decimal? AmountPerItem { get; init; }

    /// <summary>What shipping discounts are computed on, e.g. including tax; the amount when absent.</summary>
    public decimal? DiscountBasis { get; init; }
}

/// <summary>An address, in either spelling.</summary>
public sealed record CartAddressRequest
{
    /// <summary>ISO 3166 alpha-2.</summary>
    public string? Country { get; init; }

    /// <inheritdoc cref="Country"/>
    [JsonPropertyName("country_id")]
    public string? AdobeCountry { get; init; }

    [JsonConverter(typeof(LooseText))]
    public string? Region { get; init; }

    /// <summary>The region's number, where the shop uses numbers beside names.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? RegionId { get; init; }

    /// <inheritdoc cref="RegionId"/>
    [JsonPropertyName("region_id")]
    [JsonConverter(typeof(LooseText))]
    public string? AdobeRegionId { get; init; }

    [JsonConverter(typeof(LooseText))]
    public string? PostalCode { get; init; }

    /// <inheritdoc cref="PostalCode"/>
    [JsonPropertyName("postcode")]
    [JsonConverter(typeof(LooseText))]
    public string? AdobePostcode { get; init; }
}

/// <summary>Uses so far; what is not named here is as the platform knows it.</summary>
public sealed record CartUsageRequest
{
    /// <summary>By code, over all shoppers.</summary>
    public IReadOnlyDictionary<string, int>? CouponTimesUsed { get; init; }

    /// <summary>By code, of this customer.</summary>
    public IReadOnlyDictionary<string, int>? CouponTimesUsedByCustomer { get; init; }

    /// <summary>By the rule's external id, number, id or key, of this customer.</summary>
    public IReadOnlyDictionary<string, int>? RuleTimesUsedByCustomer { get; init; }
}

/// <summary>What to calculate with; what is not named here is as the website's settings have it.</summary>
public sealed record CartOptionsRequest
{
    /// <summary><c>cart</c> or <c>eligibleItems</c>.</summary>
    public ConditionTotalsBasis? ConditionTotalsBasis { get; init; }
    public bool? AllowYGreaterThanX { get; init; }
    public bool? NegativeOperatorsOnMissingAttributes { get; init; }
    public decimal? ShippingShareBase { get; init; }
    public TaxSettings? Tax { get; init; }
}
