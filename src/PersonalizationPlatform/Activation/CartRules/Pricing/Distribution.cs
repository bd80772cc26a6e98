namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Spreads a bundle's discount over its children by what is left of each, to the cent.</summary>
internal static class Distribution
{
    /// <summary>Keeps shares of exactly half a cent from depending on how a division ended.</summary>
    private const decimal FirstCarry = 0.0000001m;

    public static decimal Spread(PricedLine bundle, CartRule rule, decimal amount, string? label)
    {
        decimal left = 0;
        foreach (var child in bundle.Children)
            left += Left(child);
        var carry = FirstCarry;
        decimal taken = 0;
        foreach (var child in bundle.Children)
        {
            var share = left == 0 ? 0 : amount * Left(child) / left;
            var rounded = Money.Round(share + carry);
            carry += share - rounded;
            taken += child.Take(rule, rounded, label);
        }

        return taken;
    }

    private static decimal Left(PricedLine child) => Math.Max(0, child.Cap - child.Own);
}
