namespace PersonalizationPlatform.Vocabulary;

/// <summary>What one event contributes to an order.</summary>
/// <param name="BackOffice">Whether the event came through a trusted door; the back office wins over the storefront.</param>
/// <param name="HasIdentity">Whether the event itself named an identity (an anonymous back-office event moves no order).</param>
/// <param name="Kind">The event's documented name, e.g. <c>completeCheckout</c>, <c>orderCancelled</c>.</param>
public sealed record OrderPart(
    EventKey Key, DateTimeOffset CountsAt, IdentityId Identity, bool HasIdentity, bool BackOffice, string Kind,
    OrderContent Content, IReadOnlyList<LineItem> Items, string? Website, string? StoreView);

/// <summary>
/// An order fact: the pure, order-independent fold of every event that names the same (environment or website, purchaseID).
/// It counts at its earliest time; back office wins over storefront; the status follows the latest back-office fact.
/// </summary>
public sealed record Order
{
    public required string PurchaseId { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public required EventKey Key { get; init; }

    /// <summary><c>pending</c>, <c>processing</c>, <c>complete</c>, <c>canceled</c>, <c>closed</c> or what the shop itself states.</summary>
    public required string Status { get; init; }

    public decimal? Total { get; init; }
    public decimal? Tax { get; init; }
    public decimal? Discount { get; init; }
    public decimal? ShippingAmount { get; init; }
    public decimal? Refunded { get; init; }
    public string? Currency { get; init; }
    public string? CouponCode { get; init; }
    public string? PaymentMethod { get; init; }
    public string? ShippingMethod { get; init; }
    public string? Website { get; init; }
    public string? StoreView { get; init; }
    public Address? BillingAddress { get; init; }
    public Address? ShippingAddress { get; init; }
    public IReadOnlyList<LineItem> Items { get; init; } = [];
}
