using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>
/// What a condition is about: the shopper at a moment and, inside <c>where</c>, <c>anyItem</c>, <c>anyAddress</c> and <c>anyOrder</c>,
/// the one occurrence, line, address or order being looked at.
/// </summary>
public readonly record struct Scope(Moment Moment)
{
    /// <summary>The event being looked at.</summary>
    public EventFact? Event { get; init; }

    /// <summary>The order fact being looked at.</summary>
    public Order? Order { get; init; }

    /// <summary>The one product line being looked at.</summary>
    public LineItem? Item { get; init; }

    /// <summary>The one address being looked at.</summary>
    public Address? Address { get; init; }

    /// <summary>The cart being decided by cart rules.</summary>
    public Checkout? Checkout { get; init; }

    /// <summary>The one line of it, or the one child of a line, being looked at.</summary>
    public CheckoutLine? Line { get; init; }

    /// <summary>The product being looked at: a catalogue rule's, or a candidate for a list of related products.</summary>
    public ProductFact? Product { get; init; }

    /// <summary>The product a shopper is looking at, for which related ones are wanted.</summary>
    public ProductFact? Viewed { get; init; }

    public DateTimeOffset Now => Moment.At;

    /// <summary>The lines of the order or event being looked at.</summary>
    internal IReadOnlyList<LineItem> Lines => Order?.Items ?? Event?.Content.Items ?? [];
}

/// <summary>Where a field or node may be used; a place in a tree offers one or more of these.</summary>
[Flags]
public enum FieldScope
{
    None = 0,

    /// <summary>Anywhere the shopper as a whole is asked about.</summary>
    Profile = 1,

    /// <summary>Inside <c>where</c>: one occurrence of an event.</summary>
    Event = 2,

    /// <summary>Inside <c>where</c> and <c>anyOrder</c>: one order.</summary>
    Order = 4,

    /// <summary>Inside <c>anyItem</c> and the <c>of</c> of <c>itemsTotal</c>: one product line.</summary>
    Item = 8,

    /// <summary>Inside <c>anyAddress</c>: one address.</summary>
    Address = 16,

    /// <summary>Cart rules: the cart being decided.</summary>
    Cart = 32,

    /// <summary>Cart rules, inside <c>anyItem</c> and <c>itemsTotal</c> and in action conditions: one line of the cart being decided.</summary>
    CartLine = 64,

    /// <summary>Catalogue rules, and the products related-product rules are matched with: one product of the catalogue.</summary>
    Product = 128,

    /// <summary>Products to display: one candidate, compared with the product being viewed.</summary>
    Candidate = 256,
}
