using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>One product line: of a shopper's cart, wish list, event or order, or of a cart being decided.</summary>
internal static class ItemFields
{
    public static readonly IReadOnlyList<FieldDescription> All =
    [
        Of("item.sku", FieldType.Text, "SKU, of the variant where there is one.", "WJ06-XS-Green", i => FieldValues.Of(i.Sku), l => l.SkuValue),
        Of("item.name", FieldType.Text, "Product name.", "jacket", i => FieldValues.Of(i.Name), l => l.NameValue),
        Of("item.quantity", FieldType.Number, "Units on the line.", "2", i => FieldValues.Of(i.Quantity), l => l.QuantityValue),
        Of("item.total", FieldType.Amount, "Line total.", "124", i => FieldValues.Of(i.Total)),
        Of("item.unitPrice", FieldType.Amount, "Line total divided by quantity.", "62", i => FieldValues.Of(UnitPrice(i))),
        Of("item.discount", FieldType.Amount, "Discount on the line, positive.", "15", i => FieldValues.Of(i.Discount)),
        Of("item.currency", FieldType.Text, "Currency, ISO 4217.", "EUR", i => FieldValues.Of(i.Currency)),
        Decided("item.price", FieldType.Amount, "Unit price in the cart, after catalogue rules.", "62", l => l.PriceValue),
        Decided("item.rowTotal", FieldType.Amount, "Unit price times units, before any discount.", "124", l => l.RowTotalValue),
        Decided("item.rowTotalInclTax", FieldType.Amount, "The same with tax.", "148", l => l.RowTotalInclTaxValue),
        Decided("item.weight", FieldType.Number, "Weight of one unit, in the shop's unit.", "1.5", l => l.WeightValue),
        Decided("item.type", FieldType.Text, "simple, configurable, bundle, grouped, virtual or downloadable.", "configurable", l => l.TypeValue),
        new()
        {
            Name = "item.categories",
            Type = FieldType.TextList,
            UsableIn = FieldScope.Item | FieldScope.CartLine,
            Lists = ListMeaning.Overlap,
            Description = "Ids, names and path parts of the categories on the line, else those of the catalogue when the event arrived. Positive operators mean at least one in common.",
            Example = "bags",
            Read = static (in Scope scope, string _) =>
                scope.Line is { } line ? line.CategoriesValue : scope.Item is { } item ? FieldValues.Of(item.Categories) : null,
        },
        new()
        {
            Name = "item.attributes.<name>",
            Type = FieldType.Any,
            UsableIn = FieldScope.Item | FieldScope.CartLine,
            Description = "A chosen option or other member of the line by name, else the product's attribute in the catalogue.",
            Example = "Green",
            Needs = static needs => needs.Products = true,
            Read = Attribute,
        },
    ];

    private static FieldDescription Of(string name, FieldType type, string description, string example, Func<LineItem, FieldValue?> read,
        Func<CheckoutLine, FieldValue?>? decided = null) => new()
        {
            Name = name,
            Type = type,
            UsableIn = decided is null ? FieldScope.Item : FieldScope.Item | FieldScope.CartLine,
            Description = description,
            Example = example,
            Currency = type == FieldType.Amount ? static (in Scope scope) => Currency(scope) : null,
            Read = (in Scope scope, string _) => scope.Line is { } line ? decided?.Invoke(line) : scope.Item is { } item ? read(item) : null,
        };

    /// <summary>Only what is known of a line of a cart being decided.</summary>
    private static FieldDescription Decided(string name, FieldType type, string description, string example, Func<CheckoutLine, FieldValue?> read) => new()
    {
        Name = name,
        Type = type,
        UsableIn = FieldScope.CartLine,
        Description = description,
        Example = example,
        Currency = type == FieldType.Amount ? static (in Scope scope) => scope.Checkout?.Currency : null,
        Read = (in Scope scope, string _) => scope.Line is { } line ? read(line) : null,
    };

    /// <summary>The line's own currency, else that of its order or cart.</summary>
    public static string? Currency(in Scope scope) => scope.Item?.Currency ?? scope.Order?.Currency ?? scope.Event?.Content.Order?.Currency;

    /// <summary>Quantities may be absurdly small; a price that cannot be held is no price.</summary>
    private static decimal? UnitPrice(LineItem item)
    {
        if (item.Total is not { } total || item.Quantity is not { } quantity || quantity <= 0)
            return item.Total;
        return Math.Abs(quantity) < 1e-6m ? null : FieldValues.Bounded(total) / quantity;
    }

    private static FieldValue? Attribute(in Scope scope, string name)
    {
        if (scope.Line is { } line)
            return Named(line.Attributes, name);
        if (scope.Item is not { } item)
            return null;
        if (Named(item.Attributes, name) is { } own)
            return FieldValues.Of(own);
        return item.Sku is { } sku && scope.Moment.Facts.Products.TryGetValue(sku, out var product) ? Named(product, name) : null;
    }

    /// <summary>Exactly so named, else so named but for case: shops write Color and color for the same.</summary>
    public static T? Named<T>(IReadOnlyDictionary<string, T> members, string name) where T : class
    {
        if (members.TryGetValue(name, out var exact))
            return exact;
        foreach (var (key, value) in members)
        {
            if (string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                return value;
        }

        return null;
    }
}
