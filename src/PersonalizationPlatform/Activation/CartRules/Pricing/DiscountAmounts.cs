namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>What one rule takes off one line, before rounding and caps. Whole-cart amounts are in <see cref="WholeCart"/>.</summary>
internal static class DiscountAmounts
{
    /// <summary>The units a rule is at most applied to.</summary>
    public static decimal Units(CartRule rule, decimal quantity) => rule.MaxQty > 0 ? Math.Min(quantity, rule.MaxQty) : quantity;

    /// <summary>Whether a line has too few units for the rule's step; it is then not touched at all.</summary>
    public static bool StepTooLarge(CartRule rule, decimal quantity) => rule.Action switch
    {
        CartRuleAction.ByPercent or CartRuleAction.ByFixed or CartRuleAction.ToPercent => rule.Step > quantity,
        CartRuleAction.BuyXGetY => rule.Step >= quantity,
        _ => false,
    };

    /// <summary>The percentage a percent rule takes off, at most 100; null for other rules.</summary>
    public static decimal? Percent(CartRule rule) => rule.Action switch
    {
        CartRuleAction.ByPercent => Math.Clamp(rule.Amount, 0, 100),
        CartRuleAction.ToPercent => Math.Clamp(100 - rule.Amount, 0, 100),
        _ => null,
    };

    /// <summary>Whole steps of the units.</summary>
    public static decimal Stepped(CartRule rule, decimal units) => rule.Step > 0 ? Math.Floor(units / rule.Step) * rule.Step : units;

    /// <summary>Y of every X + Y units, partial sets counting; 0 where the rule gives nothing.</summary>
    public static decimal FreeUnits(CartRule rule, decimal units, bool allowYGreaterThanX)
    {
        decimal x = rule.Step, y = rule.Amount;
        if (x <= 0 || y <= 0 || (y > x && !allowYGreaterThanX))
            return 0;
        var rest = units % (x + y);
        return (Math.Floor(units / (x + y)) * y) + Math.Max(0, rest - x);
    }

    /// <summary>For all actions but percent, whole-cart and gift ones.</summary>
    public static decimal Plain(CartRule rule, PricedLine line, CartRuleOptions options)
    {
        var units = Units(rule, line.Quantity);
        return rule.Action switch
        {
            CartRuleAction.ByFixed => rule.Amount * Stepped(rule, units),
            CartRuleAction.ToFixed => Math.Max(0, line.UnitPrice - rule.Amount) * units,
            CartRuleAction.BuyXGetY => FreeUnits(rule, units, options.AllowYGreaterThanX) * line.UnitPrice,
            _ => 0,
        };
    }

    /// <summary>A percentage of what is left; everything taken off so far counts, also when the rule is limited to some units.</summary>
    public static decimal OfPercent(CartRule rule, PricedLine line, decimal percent, PercentCarries carries)
    {
        var units = Stepped(rule, Units(rule, line.Quantity));
        var amount = Math.Max(0, (units * line.UnitPrice) - line.Discount) * percent / 100;
        line.Percent = Math.Min(100, line.Percent + percent);
        return carries.Round(line.Percent, amount);
    }
}
