using System.Text.Json.Serialization;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>Holds uses for a cart, or for an order being placed or edited. Exactly one of <c>cart</c> and <c>order</c>.</summary>
public sealed record ReservationRequest
{
    /// <summary>The cart's id, as the shop calls it.</summary>
    public string? Cart { get; init; }

    /// <summary>The order's number, as its events call it.</summary>
    public string? Order { get; init; }

    /// <summary>The order's website, by its code or the number other systems know it by; <c>Events:DefaultWebsite</c> when absent.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? Website { get; init; }

    /// <summary>
    /// Limits per customer hold for the <c>CustomerId</c> among the identities, with an admin key for <c>customerId</c>; without one it is a
    /// guest, who is never limited.
    /// </summary>
    public ShopperRequest? Shopper { get; init; }

    /// <summary>The codes entered, at most 100; together with <c>rules</c> they replace what was reserved before.</summary>
    public IReadOnlyList<string?>? Codes { get; init; }

    /// <summary>Cart rules without a coupon that discount the cart and have a limit per customer, by id or key, at most 100.</summary>
    public IReadOnlyList<string?>? Rules { get; init; }
}

/// <summary>The order that a cart was placed as.</summary>
public sealed record RedemptionRequest
{
    /// <summary>The order's number, as its events call it; absent when the reservation was made for an order.</summary>
    public string? Order { get; init; }

    /// <summary>The order's website, by its code or the number other systems know it by; <c>Events:DefaultWebsite</c> when absent.</summary>
    [JsonConverter(typeof(LooseText))]
    public string? Website { get; init; }
}

/// <summary>What became of asking for uses: all of them or none.</summary>
/// <param name="Reserved">Whether all are held. If not, an earlier reservation of the same cart or order stands as it was.</param>
/// <param name="ExpiresAt">Until then they are held; missing when not reserved.</param>
/// <param name="Codes">Each code asked for, as entered.</param>
/// <param name="Rules">Each rule asked for.</param>
public sealed record ReservationAnswer(
    bool Reserved, DateTimeOffset? ExpiresAt, IReadOnlyList<ReservedCode> Codes, IReadOnlyList<ReservedRule> Rules);

/// <summary>One code of a reservation.</summary>
/// <param name="Rule">Whose it is.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record ReservedCode(string Code, Guid? Rule, ReservationVerdict Verdict, ReservationReason? Reason);

/// <summary>One rule without a coupon.</summary>
/// <param name="Rule">Its id; where there is no such rule, what was asked for.</param>
/// <param name="Reason">Why it was rejected.</param>
public sealed record ReservedRule(string Rule, ReservationVerdict Verdict, ReservationReason? Reason);

/// <summary>Whether a use may be had.</summary>
public enum ReservationVerdict
{
    Accepted,
    Rejected,
}

/// <summary>Why not, in the order they are looked for.</summary>
public enum ReservationReason
{
    /// <summary>There is no such code or rule.</summary>
    Unknown,

    /// <summary>The rule is not live, takes no coupons, or its days are over or have not begun.</summary>
    Inactive,

    /// <summary>The coupon is past its own end.</summary>
    Expired,

    /// <summary>All uses of the code are taken.</summary>
    Limit,

    /// <summary>The customer has taken all of theirs.</summary>
    CustomerLimit,

    /// <summary>The customer has taken all uses of the rule.</summary>
    RuleCustomerLimit,
}

/// <summary>Where a cart or order stands after its uses were redeemed or released.</summary>
/// <param name="State"><c>redeemed</c> or <c>released</c>; <c>released</c> also after the redemption of an order that was cancelled.</param>
/// <param name="Codes">The codes concerned, in the upper case they are compared in.</param>
public sealed record UsesAnswer(string State, IReadOnlyList<string> Codes);

/// <summary>Which of two things of one name.</summary>
public enum ReservationOf
{
    Cart,
    Order,
}
