using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>The cart being decided, as conditions see it (<c>cart.*</c>). Belongs to one decision; only its running totals change.</summary>
public sealed class Checkout
{
    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>Top-level lines.</summary>
    public required IReadOnlyList<CheckoutLine> Lines { get; init; }
    public required CheckoutTotals Totals { get; init; }
    public string? PaymentMethod { get; init; }
    public string? ShippingMethod { get; init; }

    /// <summary>Where it is shipped to; of a cart that is not shipped, where it is billed to.</summary>
    public Address? Address { get; init; }

    /// <summary>The region's number, where the shop uses numbers beside names.</summary>
    public string? RegionId { get; init; }

    /// <summary>The same cart, with sums over some of its lines only.</summary>
    public Checkout With(CheckoutTotals totals) => new()
    {
        Currency = Currency,
        Lines = Lines,
        Totals = totals,
        PaymentMethod = PaymentMethod,
        ShippingMethod = ShippingMethod,
        Address = Address,
        RegionId = RegionId,
    };
}

/// <summary>Sums over the lines of a cart: all of them, or those a rule may discount. Amounts in the cart's currency, before shipping.</summary>
public sealed class CheckoutTotals
{
    private readonly FieldValue _subtotal;
    private readonly FieldValue _subtotalInclTax;
    private readonly FieldValue _quantity;
    private readonly FieldValue _weight;
    private FieldValue? _subtotalWithDiscount;

    /// <param name="lines">The top-level lines to sum.</param>
    public CheckoutTotals(IReadOnlyList<CheckoutLine> lines)
    {
        decimal subtotal = 0, inclTax = 0, quantity = 0, weight = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            subtotal += lines[i].RowTotal;
            inclTax += lines[i].RowTotalInclTax;
            quantity += lines[i].Quantity;
            weight += lines[i].Weight * lines[i].Quantity;
        }

        Subtotal = subtotal;
        _subtotal = new FieldValue.Number(subtotal);
        _subtotalInclTax = inclTax == subtotal ? _subtotal : new FieldValue.Number(inclTax);
        _quantity = new FieldValue.Number(quantity);
        _weight = new FieldValue.Number(weight);
    }

    /// <summary>Before any discount.</summary>
    public decimal Subtotal { get; }

    /// <summary>What rules applied so far took off these lines.</summary>
    public decimal Discount
    {
        get;
        set
        {
            if (field != value)
                _subtotalWithDiscount = null;
            field = value;
        }
    }

    internal FieldValue SubtotalValue => _subtotal;
    internal FieldValue SubtotalInclTaxValue => _subtotalInclTax;
    internal FieldValue QuantityValue => _quantity;
    internal FieldValue WeightValue => _weight;
    internal FieldValue SubtotalWithDiscountValue => _subtotalWithDiscount ??= new FieldValue.Number(Subtotal - Discount);
}

/// <summary>One line of the cart being decided, or one child of a composite line (<c>item.*</c>). What conditions read is made once.</summary>
public sealed class CheckoutLine
{
    private FieldValue? _price;
    private FieldValue? _quantity;
    private FieldValue? _rowTotal;
    private FieldValue? _rowTotalInclTax;
    private FieldValue? _weight;
    private FieldValue? _categories;

    /// <param name="sku">The line's SKU.</param>
    /// <param name="children">Children of a composite line; they learn their parent here.</param>
    public CheckoutLine(string sku, IReadOnlyList<CheckoutLine> children)
    {
        Sku = sku;
        SkuValue = FieldValues.Of(sku);
        Children = children;
        for (var i = 0; i < children.Count; i++)
            children[i].Parent = this;
    }

    public string Sku { get; }
    public IReadOnlyList<CheckoutLine> Children { get; }
    public CheckoutLine? Parent { get; private set; }
    public string? Name { get; init; }
    public string Type { get; init; } = "simple";

    /// <summary>Unit price in the cart.</summary>
    public required decimal Price { get; init; }

    /// <summary>Units; of a child, over all units of its parent.</summary>
    public required decimal Quantity { get; init; }
    public required decimal RowTotal { get; init; }
    public required decimal RowTotalInclTax { get; init; }

    /// <summary>Per unit.</summary>
    public decimal Weight { get; init; }
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyDictionary<string, FieldValue> Attributes { get; init; } = new Dictionary<string, FieldValue>();

    /// <summary>A bundle counts in <c>itemsTotal</c> with those of its children that match.</summary>
    internal bool IsBundle => string.Equals(Type, "bundle", StringComparison.OrdinalIgnoreCase);

    internal FieldValue? SkuValue { get; }
    internal FieldValue? NameValue => field ??= FieldValues.Of(Name);
    internal FieldValue? TypeValue => field ??= FieldValues.Of(Type);
    internal FieldValue PriceValue => _price ??= new FieldValue.Number(Price);
    internal FieldValue QuantityValue => _quantity ??= new FieldValue.Number(Quantity);
    internal FieldValue RowTotalValue => _rowTotal ??= new FieldValue.Number(RowTotal);
    internal FieldValue RowTotalInclTaxValue => _rowTotalInclTax ??= new FieldValue.Number(RowTotalInclTax);
    internal FieldValue WeightValue => _weight ??= new FieldValue.Number(Weight);
    internal FieldValue? CategoriesValue => Categories.Count == 0 ? null : _categories ??= FieldValues.Of(Categories);
}
