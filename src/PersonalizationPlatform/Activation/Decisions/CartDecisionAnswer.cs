using System.Text.Json.Serialization;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// What the rules make of a cart. Discounts are positive, amounts in the cart's currency. Labels, external ids and reasons stand in every
/// answer, as null where there is none: shops' clients read them without asking whether they are there.
/// </summary>
/// <param name="Items">Every line and every child, by id.</param>
/// <param name="AppliedRules">In the order they were applied.</param>
/// <param name="Coupons">What became of each code entered.</param>
/// <param name="Label">What shoppers read beside the discount; null when no applied rule has a label.</param>
/// <param name="RewardPoints">Points the order earns by the applied rules; 0 for guests.</param>
/// <param name="CacheableUntil">Until then the answer stays the same, unless an event of the shopper arrives or somebody uses a limited coupon.</param>
/// <param name="Explanation">Every candidate and why it applied or did not; only when asked for with a secret key.</param>
public sealed record CartDecisionAnswer(
    IReadOnlyList<DecidedLine> Items, DecidedShipping Shipping, DecidedTotals Totals, IReadOnlyList<AppliedRule> AppliedRules,
    IReadOnlyList<DecidedCoupon> Coupons, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Label, int RewardPoints, DateTimeOffset CacheableUntil, IReadOnlyList<CandidateExplanation>? Explanation)
{
    internal static CartDecisionAnswer Of(CartOutcome outcome, DateTimeOffset cacheableUntil) => new(
        [.. outcome.Lines.Select(DecidedLine.Of)],
        new(outcome.ShippingAmount, outcome.ShippingDiscount, outcome.FreeShipping),
        new(outcome.Subtotal, outcome.ItemDiscount, outcome.ShippingDiscount, outcome.TotalDiscount, outcome.GrandTotal),
        [.. outcome.AppliedRules.Select(rule => new AppliedRule(rule.Id, rule.ExternalId))],
        [.. outcome.Coupons.Select(coupon => new DecidedCoupon(coupon.Code, coupon.Verdict, coupon.Reason))],
        outcome.Label, outcome.RewardPoints, cacheableUntil, outcome.Explanations?.Select(CandidateExplanation.Of).ToList());
}

/// <summary>A line or a child.</summary>
/// <param name="AppliedRules">Rules recorded on it, in order.</param>
public sealed record DecidedLine(string Id, decimal Discount, IReadOnlyList<AppliedLineRule> AppliedRules)
{
    internal static DecidedLine Of(LineOutcome line) => new(
        line.Id, line.Discount,
        line.Applied.Count == 0 ? [] : [.. line.Applied.Select(applied => new AppliedLineRule(applied.Rule.Id, applied.Rule.ExternalId, applied.Discount, applied.Label))]);
}

/// <summary>A rule on a line.</summary>
/// <param name="Discount">What it took off this line; 0 is possible.</param>
/// <param name="Label">Its own label; null when it has none.</param>
public sealed record AppliedLineRule(
    Guid Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ExternalId, decimal Discount, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Label);

/// <summary>Shipping.</summary>
/// <param name="Amount">After free shipping, before discount.</param>
/// <param name="Free">Which of it is free.</param>
public sealed record DecidedShipping(decimal Amount, decimal Discount, FreeShipping Free);

/// <summary>Sums without tax.</summary>
/// <param name="GrandTotal">Subtotal and shipping less all discounts.</param>
public sealed record DecidedTotals(decimal Subtotal, decimal ItemDiscount, decimal ShippingDiscount, decimal TotalDiscount, decimal GrandTotal);

/// <summary>A rule that was applied.</summary>
/// <param name="ExternalId">What the system it comes from calls it.</param>
public sealed record AppliedRule(Guid Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ExternalId);

/// <summary>A coupon that was entered.</summary>
/// <param name="Reason">A stable code: <c>unknown</c>, <c>expired</c>, <c>limitReached</c>, <c>condition</c>, …; null when it was applied.</param>
public sealed record DecidedCoupon(string Code, CouponVerdict Verdict, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason);

/// <summary>Why a rule applied or did not.</summary>
/// <param name="Reason">A stable code: <c>applied</c>, <c>website</c>, <c>date</c>, <c>coupon</c>, <c>condition</c>, <c>stopped</c>, …</param>
/// <param name="Condition">The condition with its evidence, where it was judged.</param>
/// <param name="Lines">Line by line, where it came to that.</param>
public sealed record CandidateExplanation(
    Guid Id, string? ExternalId, string Key, string Name, bool Applied, string Reason, Explanation? Condition, IReadOnlyList<LineExplanation>? Lines)
{
    internal static CandidateExplanation Of(RuleExplanation explained) => new(
        explained.Rule.Id, explained.Rule.ExternalId, explained.Rule.Key, explained.Rule.Name, explained.Applied, explained.Reason, explained.Condition, explained.Lines);
}
