using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>
/// An order as Adobe Commerce's data exporter writes it (feed <c>orders</c>, record <c>OrderV2</c>): how it stands, with all that ever
/// happened to it. Amounts are in the shop's base currency. Read tolerantly; what would harm the store is noted in the problems.
/// </summary>
internal sealed class OrderRecord(XdmNode node, string defaultWebsite)
{
    public const string Complete = "complete";
    public const string Canceled = "canceled";

    /// <summary>The exporter's numbers for Commerce's states; what Commerce does not know has none.</summary>
    private static readonly string?[] States = [null, "pending", "pending_payment", "processing", Complete, "closed", Canceled, "holded", "payment_review"];

    public XdmNode Node { get; } = node;
    public XdmNode Payment { get; } = node["payment"];
    public XdmNode Shipping { get; } = node["shipping"];
    public OrderItems Items { get; } = new(node["items"]);

    /// <summary>What shoppers know the order by; it is what the storefront calls it, too.</summary>
    public string? Number { get; } = node.Code("commerceOrderNumber", "commerceOrderId");

    /// <summary>The website under which the order is kept. Commerce forgets it when the order's store view is deleted.</summary>
    public string Website { get; } = node.Code("websiteCode") ?? defaultWebsite;

    public DateTimeOffset? CreatedAt { get; } = node.Instant("createdAt");
    public DateTimeOffset? UpdatedAt { get; } = node.Instant("updatedAt");
    public string? Currency { get; } = node.Code("currency") ?? node["payment"].Code("currency");
    public decimal? Tax { get; } = node["payment"].Amount("taxAmount");
    public decimal? ShippingAmount { get; } = node["shipping"].Amount("shippingAmount");

    /// <summary>Positive, while Commerce writes what is taken off an order as a negative amount.</summary>
    public decimal? Discount { get; } = node.Amount("discountAmount") is { } amount ? Math.Abs(amount) : null;

    /// <summary>
    /// As stated; exporters before the middle of 2023 do not, and then by its parts. What they call the payment's total is the subtotal,
    /// and the tax is that of the shipping as well.
    /// </summary>
    public decimal? Total => Node.Amount("grandTotal")
        ?? ((Node.Amount("subtotal") ?? Payment.Amount("totalAmount")) is { } subtotal ? subtotal + (Tax ?? 0) + (ShippingAmount ?? 0) - (Discount ?? Items.Discount) : null);

    /// <summary>One of Commerce's states, by the name of its usual status; null when the record tells none.</summary>
    public string? State => Node.Amount("state") is { } number
        ? (number >= 0 && number < States.Length ? States[(int)number] : null)
        : Node.Text("state")?.Trim().ToLowerInvariant() switch
        {
            "new" => "pending",
            "cancelled" => Canceled,
            var word => word,
        };

    /// <summary>As merchants see it: a shop may have statuses of its own within a state.</summary>
    public string? Status => Node.Code("status") ?? State;

    /// <summary>Whether the order is in a state, which decides where the record tells one; else its status does.</summary>
    public bool Is(string state) => string.Equals(State ?? Status, state, StringComparison.OrdinalIgnoreCase);
}
