namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>
/// What rounding left over on a line goes to the next line with the same accumulated percent, so that a percentage of a cart is that
/// percentage of its sum: 50 % of 5.99 and 15.99 is 3.00 + 7.99.
/// </summary>
internal sealed class PercentCarries
{
    private readonly List<(decimal Percent, decimal Carry)> _carries = [];

    public decimal Round(decimal percent, decimal amount)
    {
        var at = _carries.FindIndex(c => c.Percent == percent);
        var exact = amount + (at < 0 ? 0 : _carries[at].Carry);
        var rounded = Math.Max(0, Money.Round(exact));
        if (at < 0)
            _carries.Add((percent, exact - rounded));
        else
            _carries[at] = (percent, exact - rounded);
        return rounded;
    }
}
