namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>The current cart and wish list, folded from their events.</summary>
internal static class CartFields
{
    public static readonly IReadOnlyList<FieldDescription> All =
    [
        Of("cart.isEmpty", FieldType.Truth, "Whether the cart has no lines.", "false", c => FieldValues.Of(c.IsEmpty)),
        Of("cart.lineCount", FieldType.Number, "Number of lines in the cart.", "2", c => FieldValues.Of(c.Lines.Count)),
        Of("cart.quantity", FieldType.Number, "Number of units in the cart.", "3", c => FieldValues.Of(c.Quantity)),
        Of("cart.subtotal", FieldType.Amount, "Subtotal as sent with the latest cart event, else the sum of the line totals.", "100", c => FieldValues.Of(c.Subtotal)),
        Of("cart.discount", FieldType.Amount, "Discount as sent with the latest cart event, else the sum of the lines' discounts.", "10", c => FieldValues.Of(c.Discount)),
        Of("cart.grandTotal", FieldType.Amount, "Grand total as sent with the latest cart event, else subtotal − discount.", "100", c => FieldValues.Of(c.GrandTotal)),
        Of("cart.couponCode", FieldType.Text, "The coupon in the cart.", "SUMMER", c => FieldValues.Of(c.CouponCode)),
        Of("cart.updatedAt", FieldType.Instant, "When the cart last changed or was looked at.", "2026-06-15", c => FieldValues.Of(c.UpdatedAt)),
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

    private static FieldDescription Of(string name, FieldType type, string description, string example, Func<Cart, FieldValue?> read) => new()
    {
        Name = name,
        Type = type,
        UsableIn = FieldScope.Profile,
        Description = description,
        Example = example,
        Needs = static needs => needs.Kinds.UnionWith(Cart.Kinds),
        Currency = type == FieldType.Amount ? static (in Scope scope) => scope.Moment.Cart.Currency : null,
        Read = (in Scope scope, string _) => read(scope.Moment.Cart),
    };
}
