namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>
/// One whole-cart amount being shared out over the lines by what is left of each. A struct of one rule's turn; what is left over by
/// rounding is carried from line to line.
/// </summary>
internal struct WholeCart
{
    /// <summary>Keeps shares of exactly half a cent from depending on how a division ended.</summary>
    private const decimal FirstCarry = 0.000001m;

    private readonly CartRule _rule;

    private readonly decimal _whole;

    /// <summary>Earlier rules have taken more off every line than the units of this one cost: then it is shared out by how much more.</summary>
    private readonly bool _overspent;
    private decimal _carry = FirstCarry;
    private int _linesLeft;

    /// <param name="rule">A whole-cart rule.</param>
    /// <param name="targets">The lines, or children, it is for.</param>
    /// <param name="shipping">What shipping discounts are computed on; 0 when the shipping takes no share.</param>
    public WholeCart(CartRule rule, List<PricedLine> targets, decimal shipping)
    {
        _rule = rule;
        _linesLeft = targets.Count;
        Left = rule.Amount;
        _whole = shipping + Parts(targets);
        if (_whole != 0)
            return;
        _overspent = true;
        _whole = Parts(targets);
    }

    /// <summary>What is not given away yet.</summary>
    public decimal Left { get; private set; }

    /// <summary>The next line's share, rounded; the last line gets no more than what is left.</summary>
    public decimal Next(PricedLine line)
    {
        var isLast = --_linesLeft == 0;
        if (Left <= 0)
            return 0;
        var amount = _whole == 0 ? 0 : _rule.Amount * Part(line) / _whole;
        if (amount != 0)
        {
            var exact = amount + _carry;
            amount = Money.Round(exact);
            _carry = exact - amount;
        }

        amount = Math.Min(amount, DiscountAmounts.Units(_rule, line.Quantity) * line.UnitPrice);
        if (isLast)
            amount = Math.Min(amount, Left);
        amount = Math.Max(0, Money.Round(amount));
        Left -= amount;
        return amount;
    }

    /// <summary>The discounts so far lessen no line's part of a rule that is also for the shipping, whether or not a method is chosen.</summary>
    private readonly decimal Part(PricedLine line)
    {
        var part = (DiscountAmounts.Units(_rule, line.Quantity) * line.UnitPrice) - (_rule.ApplyToShipping ? 0 : line.Discount);
        return _overspent ? part : Math.Max(0, part);
    }

    private readonly decimal Parts(List<PricedLine> targets)
    {
        var sum = 0m;
        for (var i = 0; i < targets.Count; i++)
            sum += Part(targets[i]);
        return sum;
    }
}
