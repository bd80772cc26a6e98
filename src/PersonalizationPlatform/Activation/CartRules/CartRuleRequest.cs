using System.Text.Json;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>A cart price rule as a person writes it. A PUT replaces all of it. Fields and meanings are Adobe Commerce's.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt")]
public record CartRuleRequest : IRuleRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent.</summary>
    public string? Key { get; init; }

    /// <summary>For people; also the label of a coupon rule that has no label.</summary>
    public string? Description { get; init; }

    /// <summary><c>live</c> when absent in a new rule; unchanged when absent in a PUT.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Orders rules of equal priority; the external id where that is a number, else the next of a sequence.</summary>
    public long? Number { get; init; }

    /// <summary>Website codes; absent or empty = every one.</summary>
    public IReadOnlyList<string>? Websites { get; init; }

    /// <summary>Customer group numbers, 0 = not logged in; absent or empty = every one.</summary>
    public IReadOnlyList<int>? CustomerGroups { get; init; }

    /// <summary>First day, in the website's time zone.</summary>
    public DateOnly? FromDate { get; init; }

    /// <summary>Last day, itself included.</summary>
    public DateOnly? ToDate { get; init; }

    /// <summary>Lower goes first; 0 when absent.</summary>
    public int? Priority { get; init; }

    /// <summary>"Discard subsequent rules": a line this rule was applied to leaves the game for later rules.</summary>
    public bool? Stop { get; init; }
    public required CartRuleAction Action { get; init; }

    /// <summary>Percent, money per unit, money per cart, or Y units; 0 when absent.</summary>
    public decimal? Amount { get; init; }

    /// <summary>Units of each line it is at most applied to; absent or 0 = all.</summary>
    public decimal? MaxQty { get; init; }

    /// <summary>X: every X units; absent or 0 = none.</summary>
    public int? Step { get; init; }
    public bool? ApplyToShipping { get; init; }

    /// <summary><c>none</c> when absent.</summary>
    public FreeShipping? FreeShipping { get; init; }

    /// <summary>For <c>free_gift</c>: SKUs that become free.</summary>
    public IReadOnlyList<string>? GiftSkus { get; init; }

    /// <summary>For <c>free_gift</c>: units of each that become free; 1 when absent.</summary>
    public decimal? GiftQty { get; init; }

    /// <summary><c>none</c> when absent.</summary>
    public CouponType? CouponType { get; init; }

    /// <summary>The codes that people chose, usually one, unique over all rules; generated codes of <c>auto</c> rules are not listed here.</summary>
    public IReadOnlyList<string>? CouponCodes { get; init; }

    /// <summary>Uses of each code over all shoppers; absent or 0 = unlimited.</summary>
    public int? UsesPerCoupon { get; init; }

    /// <summary>Uses of each code by one customer; absent or 0 = unlimited.</summary>
    public int? CouponUsesPerCustomer { get; init; }

    /// <summary>Uses of the rule by one customer, with or without a coupon; absent or 0 = unlimited.</summary>
    public int? UsesPerCustomer { get; init; }

    /// <summary>When the rule is on; absent = always. The condition language in the place <c>cart</c>.</summary>
    public JsonElement? Condition { get; init; }

    /// <summary>Which lines get the discount; absent = every line. The condition language in the place <c>cartLine</c>.</summary>
    public JsonElement? ActionCondition { get; init; }

    /// <summary>What shoppers read beside the discount, for every store view that <see cref="Labels"/> does not name.</summary>
    public string? Label { get; init; }

    /// <summary>By store view code.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Reward points once per order, for signed-in customers.</summary>
    public int? RewardPoints { get; init; }

    /// <summary>Dynamic blocks, by id or key, that show only while the rule applies.</summary>
    public IReadOnlyList<string>? DynamicBlocks { get; init; }

    /// <summary>Whether shops may list it in their RSS feed of promotions.</summary>
    public bool? Rss { get; init; }
}

/// <summary>What a cart rule does. Written in JSON as Adobe Commerce writes it (<c>by_percent</c>).</summary>
public enum CartRuleAction
{
    [JsonStringEnumMemberName("by_percent")]
    ByPercent,
    [JsonStringEnumMemberName("by_fixed")]
    ByFixed,
    [JsonStringEnumMemberName("cart_fixed")]
    CartFixed,
    [JsonStringEnumMemberName("buy_x_get_y")]
    BuyXGetY,
    [JsonStringEnumMemberName("free_gift")]
    FreeGift,

    /// <summary>Legacy: down to this percentage of the price.</summary>
    [JsonStringEnumMemberName("to_percent")]
    ToPercent,

    /// <summary>Legacy: down to this price.</summary>
    [JsonStringEnumMemberName("to_fixed")]
    ToFixed,
}

/// <summary>Which shipping becomes free.</summary>
public enum FreeShipping
{
    None,

    /// <summary>The units that match.</summary>
    Items,

    /// <summary>The whole shipment when one line matches.</summary>
    Shipment,
}

/// <summary>Whether a rule needs a coupon.</summary>
public enum CouponType
{
    None,

    /// <summary>Codes that people chose.</summary>
    Specific,

    /// <summary>Codes generated in batches.</summary>
    Auto,
}
