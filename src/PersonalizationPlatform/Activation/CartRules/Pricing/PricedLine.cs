using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>A line, or a child of one, while the rules are at work on it.</summary>
internal sealed class PricedLine
{
    private List<LineRule>? _applied;

    /// <param name="input">As given.</param>
    /// <param name="parentQuantity">Units of the parent; 1 for a top-level line.</param>
    public PricedLine(CartInputLine input, decimal parentQuantity)
    {
        Input = input;
        Quantity = input.Quantity * parentQuantity;
        Children = input.Children.Count == 0 ? [] : new PricedLine[input.Children.Count];
        var parts = input.Children.Count == 0 ? [] : new CheckoutLine[input.Children.Count];
        decimal price = 0, discountPrice = 0, weight = 0, inclTax = 0;
        for (var i = 0; i < Children.Length; i++)
        {
            var child = Children[i] = new PricedLine(input.Children[i], Quantity);
            parts[i] = child.Seen;
            price += child.Seen.Price * child.Input.Quantity;
            discountPrice += child.UnitPrice * child.Input.Quantity;
            weight += child.Input.Weight * child.Input.Quantity;
            inclTax += child.Seen.RowTotalInclTax;
        }

        Distributes = input.ChildrenCalculated && Children.Length > 0;
        if (!Distributes)
            price = input.Price;
        UnitPrice = input.DiscountPrice ?? (Distributes ? discountPrice : price);
        Cap = Math.Max(0, Money.Round(UnitPrice * Quantity));
        var rowTotal = Money.Round(price * Quantity);
        Seen = new CheckoutLine(input.Sku, parts)
        {
            Name = input.Name,
            Type = input.Type ?? "simple",
            Price = price,
            Quantity = Quantity,
            RowTotal = rowTotal,
            RowTotalInclTax = input.RowTotalInclTax ?? (Distributes ? inclTax : rowTotal),
            Weight = Distributes && input.Weight == 0 ? weight : input.Weight,
            Categories = input.Categories,
            Attributes = input.Attributes,
        };
    }

    public CartInputLine Input { get; }
    public PricedLine[] Children { get; }

    /// <summary>As conditions see it.</summary>
    public CheckoutLine Seen { get; }

    /// <summary>The same without its children: whether a rule means the bundle itself.</summary>
    public CheckoutLine Alone => field ??= new CheckoutLine(Input.Sku, [])
    {
        Name = Seen.Name,
        Type = Seen.Type,
        Price = Seen.Price,
        Quantity = Quantity,
        RowTotal = Seen.RowTotal,
        RowTotalInclTax = Seen.RowTotalInclTax,
        Weight = Seen.Weight,
        Categories = Seen.Categories,
        Attributes = Seen.Attributes,
    };

    /// <summary>A bundle with dynamic price: what it is discounted is spread over its children.</summary>
    public bool Distributes { get; }

    /// <summary>The unit price discounts are computed on.</summary>
    public decimal UnitPrice { get; }

    /// <summary>Units; of a child, over all units of its parent.</summary>
    public decimal Quantity { get; }

    /// <summary>What no discount may exceed.</summary>
    public decimal Cap { get; }

    /// <summary>A rule that ends the game for it was applied.</summary>
    public bool Stopped { get; set; }

    /// <summary>Percent given so far, the key of the rounding remainder.</summary>
    public decimal Percent { get; set; }

    /// <summary>Its own discount; a bundle with dynamic price has none of its own.</summary>
    public decimal Own { get; private set; }

    /// <summary>Its discount, its children's where they carry it.</summary>
    public decimal Discount
    {
        get
        {
            if (!Distributes)
                return Own;
            decimal sum = 0;
            foreach (var child in Children)
                sum += child.Own;
            return sum;
        }
    }

    public bool TakesDiscounts => !Input.NoDiscount && UnitPrice >= 0;

    /// <summary>Records a rule, and what it takes off; on a bundle with dynamic price, off its children.</summary>
    /// <returns>What was really taken off: never more than is left.</returns>
    public decimal Take(CartRule rule, decimal amount, string? label)
    {
        var taken = Math.Clamp(amount, 0, Math.Max(0, Cap - Discount));
        if (Distributes)
        {
            taken = Distribution.Spread(this, rule, taken, label);
            Record(rule, 0, label);
            return taken;
        }

        Own += taken;
        Record(rule, taken, label);
        return taken;
    }

    /// <summary>Records a rule that was applied to children one by one, or gave nothing.</summary>
    public void Record(CartRule rule, decimal discount, string? label) => (_applied ??= []).Add(new LineRule(rule, discount, label));

    public LineOutcome Outcome() => new(Input.Id, Own, _applied is null ? [] : _applied);
}
