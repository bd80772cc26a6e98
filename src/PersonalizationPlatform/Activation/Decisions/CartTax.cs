using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// The tax-inclusive figures that a shop discounts on, where the request does not bring them itself. Taxes as such are the shop's
/// business; the answer's totals are those of the prices sent.
/// </summary>
internal static class CartTax
{
    /// <summary>The cart with <c>discountPrice</c>, <c>rowTotalInclTax</c> and <c>discountBasis</c> where they can be told.</summary>
    public static CartInput Apply(CartInput cart, TaxSettings? tax) => tax is null
        ? cart
        : cart with { Lines = [.. cart.Lines.Select(line => Line(line, tax, 1))], Shipping = Shipping(cart, tax) };

    /// <summary>What the shipping share of a whole-cart discount is a share of; null = subtotal and shipping.</summary>
    public static decimal? ShareBase(CartInput cart, TaxSettings? tax)
    {
        if (tax is not { DiscountOnPricesInclTax: true } || cart.Shipping is not { } shipping)
            return null;
        decimal sum = 0;
        foreach (var line in cart.Lines)
            sum += Discounted(line) * line.Quantity;
        return sum + (shipping.DiscountBasis ?? shipping.Whole(cart.ShippedUnits));
    }

    private static decimal Discounted(CartInputLine line)
    {
        if (line.DiscountPrice is { } given)
            return given;
        if (!line.ChildrenCalculated || line.Children.Count == 0)
            return line.Price;
        decimal sum = 0;
        foreach (var child in line.Children)
            sum += Discounted(child) * child.Quantity;
        return sum;
    }

    private static CartInputLine Line(CartInputLine line, TaxSettings tax, decimal units)
    {
        units *= line.Quantity;
        var ofChildren = line.ChildrenCalculated && line.Children.Count > 0;
        // Prices with tax are what they are; of a bundle, its parts' figures add up.
        var withTax = ofChildren || tax.PricesIncludeTax ? (decimal?)null : Gross(line.Price, tax.ItemRate);
        return line with
        {
            DiscountPrice = line.DiscountPrice ?? (tax.DiscountOnPricesInclTax ? withTax : null),
            RowTotalInclTax = line.RowTotalInclTax ?? (withTax is { } price ? Round(price * units) : null),
            Children = line.Children.Count == 0 ? line.Children : [.. line.Children.Select(child => Line(child, tax, units))],
        };
    }

    private static CartInputShipping? Shipping(CartInput cart, TaxSettings tax) =>
        cart.Shipping is { DiscountBasis: null } shipping && tax is { DiscountOnPricesInclTax: true, ShippingIncludesTax: false }
            ? shipping with { DiscountBasis = Gross(shipping.Whole(cart.ShippedUnits), tax.ShippingRate) }
            : cart.Shipping;

    private static decimal Gross(decimal net, decimal rate) => Round(net * (1 + (Math.Clamp(rate, 0, 1_000) / 100)));

    private static decimal Round(decimal amount) => decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
}
