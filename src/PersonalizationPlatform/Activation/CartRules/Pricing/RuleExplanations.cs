namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Why every live rule applied or did not.</summary>
internal static class RuleExplanations
{
    public static IReadOnlyList<RuleExplanation> Of(CartDecision decision)
    {
        var explanations = new List<RuleExplanation>(decision.Rules.Prepared.Length);
        var next = 0;
        for (var place = 0; place < decision.Rules.Prepared.Length; place++)
        {
            var candidate = next < decision.Candidates.Length && decision.Candidates[next].Place == place ? decision.Candidates[next++] : null;
            var prepared = decision.Rules.Prepared[place];
            explanations.Add(candidate is null
                ? new(prepared.Rule, false, Refusal(decision, prepared, place), null, null)
                : new(prepared.Rule, candidate.Applied, Reason(candidate), candidate.Explanation, candidate.Lines));
        }

        return explanations;
    }

    private static string Refusal(CartDecision decision, PreparedRule prepared, int place) =>
        prepared.Refusal(decision.Context)
        ?? (prepared.NeedsCoupon && !decision.Coupons.Triggers(place)
            ? decision.Coupons.ReasonOf(place) is CouponReasons.RuleLimitReached ? RuleReasons.Usage : RuleReasons.Coupon
            : prepared.IsUsedUp(decision.Context) ? RuleReasons.Usage
            : decision.Lines.Length == 0 ? RuleReasons.NoEligibleLine : RuleReasons.CannotMatch);

    private static string Reason(CandidateRule candidate) =>
        candidate.Applied ? RuleReasons.Applied
        : candidate.ShipsFree ? RuleReasons.FreeShipping
        : !candidate.Holds ? RuleReasons.Condition
        : candidate.FoundStopped ? RuleReasons.Stopped
        : RuleReasons.NoEligibleLine;
}
