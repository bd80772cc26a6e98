namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Decides what the rules make of a cart.</summary>
public static class CartPricing
{
    /// <summary>Pure and deterministic; safe on many threads at once.</summary>
    /// <param name="rules">The live rules of one publication.</param>
    /// <param name="cart">Checked and bounded.</param>
    /// <param name="context">For whom, where and when.</param>
    /// <param name="explain">Whether to say of every rule why it applied or did not; costs time and memory.</param>
    public static CartOutcome Decide(CartRuleSet rules, CartInput cart, CartContext context, bool explain) => Decide(rules, cart, context, explain, explain);

    /// <param name="rules">The live rules of one publication.</param>
    /// <param name="cart">Checked and bounded.</param>
    /// <param name="context">For whom, where and when.</param>
    /// <param name="explain">Whether to say of every rule why it applied or did not.</param>
    /// <param name="all">Asks every rule instead of those that the index finds; the answer is the same.</param>
    internal static CartOutcome Decide(CartRuleSet rules, CartInput cart, CartContext context, bool explain, bool all)
    {
        using var decision = new CartDecision(rules, cart, context, all) { Explains = explain };
        decision.JudgeAll();
        var (shipping, basis, free) = FreeShippingPass.Run(decision);
        var itemDiscount = new ItemPass(decision, decision.Shipping is null ? null : basis).Run();
        var shippingDiscount = ShippingPass.Run(decision, shipping, basis);
        return Outcome(decision, (shipping, shippingDiscount, free), itemDiscount);
    }

    private static CartOutcome Outcome(CartDecision decision, (decimal Amount, decimal Discount, FreeShipping Free) shipping, decimal itemDiscount)
    {
        var applied = Array.FindAll(decision.Candidates, candidate => candidate.Applied);
        var points = 0L;
        foreach (var candidate in applied)
            points += candidate.Rule.RewardPoints;
        return new CartOutcome
        {
            Lines = Lines(decision),
            ShippingAmount = shipping.Amount,
            ShippingDiscount = shipping.Discount,
            FreeShipping = shipping.Free,
            Subtotal = decision.Subtotal,
            ItemDiscount = itemDiscount,
            AppliedRules = Array.ConvertAll(applied, candidate => candidate.Rule),
            Coupons = decision.Coupons.Outcomes(place => WhyNot(Array.Find(decision.Candidates, candidate => candidate.Place == place))),
            Label = RuleLabels.Together(applied),
            RewardPoints = decision.Context.IsCustomer ? (int)Math.Clamp(points, int.MinValue, int.MaxValue) : 0,
            ChangesAt = decision.ChangesAt,
            Explanations = decision.Explains ? RuleExplanations.Of(decision) : null,
        };
    }

    /// <summary>Why a coupon's rule does nothing; null when it does something.</summary>
    private static string? WhyNot(CandidateRule? candidate) => candidate switch
    {
        { Applied: true } or { ShipsFree: true } => null,
        { Holds: true } => CouponReasons.NoEligibleLine,
        _ => CouponReasons.Condition,
    };

    private static List<LineOutcome> Lines(CartDecision decision)
    {
        var lines = new List<LineOutcome>(decision.Lines.Length);
        foreach (var line in decision.Lines)
            Add(lines, line);
        return lines;
    }

    private static void Add(List<LineOutcome> lines, PricedLine line)
    {
        lines.Add(line.Outcome());
        foreach (var child in line.Children)
            Add(lines, child);
    }
}
