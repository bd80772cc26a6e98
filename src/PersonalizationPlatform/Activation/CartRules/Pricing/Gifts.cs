namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>The units of each gift that a rule still gives away.</summary>
internal sealed class Gifts(CartRule rule)
{
    private readonly Dictionary<string, decimal> _given = new(StringComparer.Ordinal);

    public bool Has(PricedLine line) => SkuOf(line) is not null;

    /// <summary>Takes units for a line, as many as there are.</summary>
    public decimal Take(PricedLine line, decimal units)
    {
        if (SkuOf(line) is not { } sku)
            return 0;
        var given = _given.GetValueOrDefault(sku);
        var taken = Math.Max(0, Math.Min(units, rule.GiftQty - given));
        _given[sku] = given + taken;
        return taken;
    }

    /// <summary>The gift's SKU: the line's, or that of the variant chosen.</summary>
    private string? SkuOf(PricedLine line)
    {
        if (rule.GiftSkus.Contains(line.Input.Sku))
            return line.Input.Sku;
        foreach (var child in line.Children)
        {
            if (rule.GiftSkus.Contains(child.Input.Sku))
                return child.Input.Sku;
        }

        return null;
    }
}
