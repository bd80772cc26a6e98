namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>
/// The cart: of a shopper, folded from its events, or the one being decided by cart rules. Where both know something it has one name.
/// </summary>
internal static class CartFields
{
    public static readonly IReadOnlyList<FieldDescription> All =
    [
        Both("cart.isEmpty", FieldType.Truth, "Whether the cart has no lines.", "false", c => FieldValues.Of(c.IsEmpty), c => FieldValues.Of(c.Lines.Count == 0)),
        Both("cart.lineCount", FieldType.Number, "Number of lines in the cart.", "2", c => FieldValues.Of(c.Lines.Count), c => FieldValues.Of(c.Lines.Count)),
        Both("cart.quantity", FieldType.Number, "Number of units in the cart.", "3", c => FieldValues.Of(c.Quantity), c => c.Totals.QuantityValue),
        Both("cart.subtotal", FieldType.Amount, "Before any discount: of a shopper's cart as sent with the latest event, else the sum of the line totals.", "100",
            c => FieldValues.Of(c.Subtotal), c => c.Totals.SubtotalValue),
        OfShopper("cart.discount", FieldType.Amount, "Discount as sent with the latest cart event, else the sum of the lines' discounts.", "10", c => FieldValues.Of(c.Discount)),
        OfShopper("cart.grandTotal", FieldType.Amount, "Grand total as sent with the latest cart event, else subtotal − discount.", "100", c => FieldValues.Of(c.GrandTotal)),
        OfShopper("cart.couponCode", FieldType.Text, "The coupon in the cart.", "SUMMER", c => FieldValues.Of(c.CouponCode)),
        OfShopper("cart.updatedAt", FieldType.Instant, "When the cart last changed or was looked at.", "2026-06-15", c => FieldValues.Of(c.UpdatedAt)),
        Decided("cart.subtotalWithDiscount", FieldType.Amount, "What is left of the subtotal after the discounts of the rules applied before; whole-cart rules see it undiscounted.", "100",
            c => c.Totals.SubtotalWithDiscountValue),
        Decided("cart.subtotalInclTax", FieldType.Amount, "Subtotal with tax, before any discount.", "119", c => c.Totals.SubtotalInclTaxValue),
        Decided("cart.weight", FieldType.Number, "Total weight, in the shop's unit.", "1.5", c => c.Totals.WeightValue),
        Decided("cart.paymentMethod", FieldType.Text, "Payment method chosen.", "checkmo", c => FieldValues.Of(c.PaymentMethod)),
        Decided("cart.shippingMethod", FieldType.Text, "Shipping method chosen.", "flatrate_flatrate", c => FieldValues.Of(c.ShippingMethod)),
        Decided("cart.address.postalCode", FieldType.Text, "Postal code of the shipping address (of a cart that is not shipped: billing address).", "78717", c => FieldValues.Of(c.Address?.PostalCode)),
        Decided("cart.address.region", FieldType.Text, "State or region of that address, as sent.", "Texas", c => FieldValues.Of(c.Address?.State)),
        Decided("cart.address.regionId", FieldType.Text, "The region's number, where the shop uses numbers.", "57", c => FieldValues.Of(c.RegionId)),
        Decided("cart.address.country", FieldType.Text, "Country of that address, usually ISO 3166 alpha-2.", "US", c => FieldValues.Of(c.Address?.Country)),
        new()
        {
            Name = "wishlist.itemCount",
            Type = FieldType.Number,
            UsableIn = FieldScope.Profile,
            Description = "Number of different SKUs on the wish list.",
            Example = "1",
            Needs = static needs => needs.Kinds.UnionWith(WishList.Kinds),
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Moment.WishList.Count),
        },
    ];

    /// <summary>Only what is known of a shopper's cart.</summary>
    private static FieldDescription OfShopper(string name, FieldType type, string description, string example, Func<Cart, FieldValue?> read) => new()
    {
        Name = name,
        Type = type,
        UsableIn = FieldScope.Profile,
        Description = description,
        Example = example,
        Needs = static needs => needs.Kinds.UnionWith(Cart.Kinds),
        Currency = type == FieldType.Amount ? Currency : null,
        Read = (in Scope scope, string _) => read(scope.Moment.Cart),
    };

    /// <summary>Only what is known of a cart being decided.</summary>
    private static FieldDescription Decided(string name, FieldType type, string description, string example, Func<Checkout, FieldValue?> read) => new()
    {
        Name = name,
        Type = type,
        UsableIn = FieldScope.Cart,
        Description = description,
        Example = example,
        Currency = type == FieldType.Amount ? Currency : null,
        Read = (in Scope scope, string _) => scope.Checkout is { } checkout ? read(checkout) : null,
    };

    private static FieldDescription Both(
        string name, FieldType type, string description, string example, Func<Cart, FieldValue?> ofShopper, Func<Checkout, FieldValue?> decided) => new()
        {
            Name = name,
            Type = type,
            UsableIn = FieldScope.Profile | FieldScope.Cart,
            Description = description,
            Example = example,
            Needs = static needs => needs.Kinds.UnionWith(Cart.Kinds),
            Currency = type == FieldType.Amount ? Currency : null,
            Read = (in Scope scope, string _) => scope.Checkout is { } checkout ? decided(checkout) : ofShopper(scope.Moment.Cart),
        };

    private static string? Currency(in Scope scope) => scope.Checkout is { } checkout ? checkout.Currency : scope.Moment.Cart.Currency;
}
