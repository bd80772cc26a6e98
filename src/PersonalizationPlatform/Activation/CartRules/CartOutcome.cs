using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>What the rules make of a cart. Amounts in the cart's currency, discounts positive.</summary>
public sealed record CartOutcome
{
    /// <summary>Every line and every child, in the order given, children after their line.</summary>
    public required IReadOnlyList<LineOutcome> Lines { get; init; }

    /// <summary>After free shipping, before discount.</summary>
    public required decimal ShippingAmount { get; init; }
    public required decimal ShippingDiscount { get; init; }
    public required FreeShipping FreeShipping { get; init; }
    public required decimal Subtotal { get; init; }
    public required decimal ItemDiscount { get; init; }

    /// <summary>In the order they were applied: by priority, then number.</summary>
    public required IReadOnlyList<CartRule> AppliedRules { get; init; }
    public required IReadOnlyList<CouponOutcome> Coupons { get; init; }

    /// <summary>"Discount (L1, L2)"; null when no applied rule has a label.</summary>
    public required string? Label { get; init; }

    /// <summary>Reward points of the applied rules.</summary>
    public required int RewardPoints { get; init; }

    /// <summary>When time alone may change the outcome; null = never.</summary>
    public DateTimeOffset? ChangesAt { get; init; }

    /// <summary>Every candidate, why it applied or did not; only when asked for.</summary>
    public IReadOnlyList<RuleExplanation>? Explanations { get; init; }

    public decimal TotalDiscount => ItemDiscount + ShippingDiscount;

    public decimal GrandTotal => Subtotal + ShippingAmount - TotalDiscount;
}

/// <summary>One line.</summary>
/// <param name="Applied">Rules recorded on it, with what each took off (0 is possible), in order.</param>
public sealed record LineOutcome(string Id, decimal Discount, IReadOnlyList<LineRule> Applied);

/// <summary>One rule on one line.</summary>
/// <param name="Label">The rule's own label; null = none.</param>
public sealed record LineRule(CartRule Rule, decimal Discount, string? Label);

/// <summary>What became of a coupon.</summary>
/// <param name="Reason">A stable code, see <c>CouponReasons</c>; null when applied.</param>
public sealed record CouponOutcome(string Code, CouponVerdict Verdict, string? Reason);

/// <summary>Whether a coupon does something for this cart.</summary>
public enum CouponVerdict
{
    Applied,
    Rejected,
}

/// <summary>Why a rule applied or did not.</summary>
/// <param name="Reason">A stable code: <c>applied</c>, <c>website</c>, <c>customerGroup</c>, <c>date</c>, <c>coupon</c>, <c>usage</c>, <c>condition</c>, <c>noEligibleLine</c>, <c>stopped</c>, <c>freeShipping</c>, <c>cannotMatch</c>, …</param>
/// <param name="Condition">The condition with its evidence, where it was judged.</param>
public sealed record RuleExplanation(CartRule Rule, bool Applied, string Reason, Explanation? Condition, IReadOnlyList<LineExplanation>? Lines);

/// <summary>Why a line got a rule's discount or did not.</summary>
public sealed record LineExplanation(string Line, bool Applied, string Reason, decimal Discount);
