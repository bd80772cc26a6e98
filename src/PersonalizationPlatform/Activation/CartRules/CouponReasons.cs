namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>Why a coupon was rejected: stable codes.</summary>
public static class CouponReasons
{
    /// <summary>No rule has this code.</summary>
    public const string Unknown = "unknown";

    /// <summary>The rule is not live.</summary>
    public const string Inactive = "inactive";

    /// <summary>The rule is not for this website, customer group or day.</summary>
    public const string Website = "website";

    /// <inheritdoc cref="Website"/>
    public const string CustomerGroup = "customerGroup";

    /// <inheritdoc cref="Website"/>
    public const string Date = "date";

    /// <summary>The coupon is past its own expiry.</summary>
    public const string Expired = "expired";

    /// <summary>It was used as often as it may be.</summary>
    public const string LimitReached = "limitReached";

    /// <summary>This customer used the coupon as often as one customer may.</summary>
    public const string CustomerLimitReached = "customerLimitReached";

    /// <summary>This customer used the rule as often as one customer may.</summary>
    public const string RuleLimitReached = "ruleLimitReached";

    /// <summary>Another code entered has triggered the rule already; a rule acts once.</summary>
    public const string SameRule = "sameRule";

    /// <summary>There is nothing in the cart.</summary>
    public const string EmptyCart = "emptyCart";

    /// <summary>The rule's conditions do not hold.</summary>
    public const string Condition = "condition";

    /// <summary>The conditions hold, but the rule found no line to act on.</summary>
    public const string NoEligibleLine = "noEligibleLine";
}
