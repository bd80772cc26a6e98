using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>A kind of thing that happens to an order more than once.</summary>
/// <param name="List">Where the record lists them.</param>
/// <param name="Member">What one of them is called in the event made of it.</param>
/// <param name="Type">The type of that event.</param>
/// <param name="Items">Where one of them lists the order's items.</param>
/// <param name="Quantity">How many units of an item.</param>
/// <param name="Ids">What it goes by, best first.</param>
internal sealed record OrderPartKind(string List, string Member, string Type, string Items, string Quantity, string[] Ids)
{
    public static readonly OrderPartKind Invoice =
        new("invoices", "invoice", "commerce.backofficeOrderInvoiced", "invoiceItems", "qtyInvoiced", ["entityId", "commerceInvoiceNumber"]);

    public static readonly OrderPartKind Shipment =
        new("shipments", "shipment", "commerce.backofficeOrderItemsShipped", "items", "qtyShipped", ["shipmentId", "commerceShipmentNumber"]);

    public static readonly OrderPartKind CreditMemo =
        new("creditMemos", "creditMemo", "commerce.backofficeCreditMemoIssued", "refundItems", "qtyRefunded", ["creditMemoId", "entityId", "commerceCreditMemoNumber"]);

    public static readonly IReadOnlyList<OrderPartKind> All = [Invoice, Shipment, CreditMemo];

    /// <summary>What one of them goes by; null when it has no id.</summary>
    public string? IdOf(XdmNode part)
    {
        foreach (var name in Ids)
            if ((part[name].Code("id") ?? part.Code(name)) is { } id)
                return id;
        return null;
    }
}
