namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>After the lines: rules that are also for the shipping. Their action conditions are not asked.</summary>
internal static class ShippingPass
{
    /// <param name="decision">The cart, its lines discounted.</param>
    /// <param name="amount">After free shipping.</param>
    /// <param name="basis">What discounts of it are computed on, and may not exceed.</param>
    public static decimal Run(CartDecision decision, decimal amount, decimal basis)
    {
        if (amount <= 0)
            return 0;
        decimal discount = 0;
        foreach (var candidate in decision.Candidates)
        {
            if (!candidate.Rule.ApplyToShipping || !candidate.Holds || candidate.Rule.Action == CartRuleAction.FreeGift)
                continue;
            discount = Math.Min(basis, discount + Money.Round(Amount(decision, candidate, basis, basis - discount)));
            candidate.Applied = true;
            if (candidate.Rule.Stop)
                break;
        }

        return discount;
    }

    private static decimal Amount(CartDecision decision, CandidateRule candidate, decimal basis, decimal left)
    {
        var rule = candidate.Rule;
        return rule.Action switch
        {
            CartRuleAction.ByPercent or CartRuleAction.ToPercent => left * DiscountAmounts.Percent(rule)!.Value / 100,
            CartRuleAction.ByFixed => rule.Amount,
            CartRuleAction.ToFixed => Math.Max(0, basis - rule.Amount),
            CartRuleAction.CartFixed => WholeCartShare(decision, candidate, basis),
            CartRuleAction.BuyXGetY => FreeShare(decision, rule, basis),
            _ => 0,
        };
    }

    private static decimal WholeCartShare(CartDecision decision, CandidateRule candidate, decimal basis)
    {
        var whole = decision.Context.Options.ShippingShareBase ?? (decision.Subtotal + basis);
        var share = whole > 0 ? candidate.Rule.Amount * basis / whole : candidate.Rule.Amount;
        return Math.Max(0, Math.Min(share, candidate.Left ?? candidate.Rule.Amount));
    }

    /// <summary>The share of the free units in all units, whatever the rule limits a line to.</summary>
    private static decimal FreeShare(CartDecision decision, CartRule rule, decimal basis)
    {
        decimal units = 0, free = 0;
        foreach (var line in decision.Lines)
        {
            units += line.Quantity;
            free += DiscountAmounts.FreeUnits(rule, line.Quantity, decision.Context.Options.AllowYGreaterThanX);
        }

        return units > 0 ? basis * free / units : 0;
    }
}
