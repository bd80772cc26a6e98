using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Carts, orders and requisition lists (<c>commerce</c>).</summary>
internal static class XdmOrder
{
    /// <summary>Where <c>commerce.order</c> speaks of the cart, because there is no order yet.</summary>
    private static readonly HashSet<string> CartKinds = new(StringComparer.Ordinal)
    {
        "shoppingCartView", "startCheckout", "addToCart", "openCart", "removeFromCart",
    };

    public static CartContent? Cart(XdmNode commerce, string kind, IReadOnlyList<LineItem> lines)
    {
        var cart = commerce["cart"];
        var ofCart = CartKinds.Contains(kind);
        var order = ofCart ? commerce["order"] : default;
        var content = new CartContent
        {
            Id = cart.Code("cartID", "cartId", "id"),
            Subtotal = cart.Amount("subtotal", "subTotal"),
            GrandTotal = cart.Amount("grandTotal", "priceTotal", "total") ?? order.Amount("priceTotal"),
            Discount = cart.Amount("discountAmount") ?? order.Amount("discountAmount"),
            CouponCode = cart.Code("couponCode", "promotionID") ?? (ofCart ? commerce.Code("promotionID") : null),
            Currency = cart.Code("currencyCode", "currency") ?? order.Code("currencyCode"),
        };
        if (content == new CartContent())
            return null;
        return content.Currency is null ? content with { Currency = LineCurrency(lines) } : content;
    }

    public static OrderContent? Order(XdmNode xdm, string kind, IReadOnlyList<LineItem> lines)
    {
        var commerce = xdm["commerce"];
        var order = commerce["order"];
        if (CartKinds.Contains(kind) || (!order.IsObject && !commerce["refunds"].Exists && !commerce["returns"].Exists))
            return null;
        var shipping = commerce["shipping"];
        var payments = Payments(order);
        var returned = order["returns"].Each().Concat(commerce["returns"].Each()).FirstOrDefault();
        return new OrderContent
        {
            PurchaseId = order.Code("purchaseID", "purchaseId") ?? returned.Code("purchaseID"),
            PurchaseOrderNumber = order.Text("purchaseOrderNumber"),
            Currency = order.Code("currencyCode") ?? payments.Select(p => p.Currency).FirstOrDefault(c => c is not null)
                ?? shipping.Code("currencyCode") ?? LineCurrency(lines),
            PriceTotal = order.Amount("priceTotal"),
            Tax = order.Amount("taxAmount"),
            Discount = order.Amount("discountAmount"),
            ShippingAmount = shipping.Amount("shippingAmount"),
            ShippingMethod = shipping.Text("shippingMethod"),
            TrackingNumber = shipping.Text("trackingNumber"),
            OrderType = order.Text("orderType"),
            CouponCode = commerce.Code("promotionID") ?? order.Code("couponCode", "promotionID"),
            CreatedAt = order.Instant("createdDate"),
            Payments = payments,
            Refunds = Refunds(xdm, kind, lines),
            ReturnId = returned.Text("returnID", "returnId"),
            ReturnStatus = returned.Text("returnStatus"),
            Status = order.Text("status", "orderStatus"),
            BillingAddress = XdmAddress.ReadPlace(commerce["billing"]["address"]),
            ShippingAddress = XdmAddress.ReadPlace(shipping["address"]),
        };
    }

    public static RequisitionListContent? RequisitionList(XdmNode commerce)
    {
        var list = commerce["requisitionList"];
        return list.IsObject ? new RequisitionListContent(list.Text("ID", "id"), list.Text("name"), list.Text("description")) : null;
    }

    /// <summary>The collector says <c>transactionID</c>, the documentation <c>paymentTransactionID</c>.</summary>
    private static List<Payment> Payments(XdmNode order)
    {
        var payments = new List<Payment>();
        foreach (var payment in order["payments"].Each())
            if (payment.IsObject)
                payments.Add(new Payment(payment.Text("paymentType"), payment.Amount("paymentAmount"), payment.Code("currencyCode"),
                    payment.Text("transactionID", "paymentTransactionID")));
        return payments;
    }

    /// <summary>The schema puts refunds on the order, the documentation beside it; some senders only mark the lines or a total.</summary>
    private static List<Refund> Refunds(XdmNode xdm, string kind, IReadOnlyList<LineItem> lines)
    {
        var commerce = xdm["commerce"];
        var order = commerce["order"];
        var refunds = new List<Refund>();
        foreach (var refund in (order["refunds"].Exists ? order["refunds"] : commerce["refunds"]).Each())
            if (refund.IsObject)
                refunds.Add(new Refund(refund.Amount("refundAmount"), refund.Code("currencyCode"), refund.Text("refundPaymentType"),
                    refund.Text("transactionID"), refund.Text("refundReason")));
        if (refunds.Count == 0 && (order.Amount("refundTotal") ?? (kind == EventKinds.OrderLineItemRefunded ? XdmLines.Refunded(xdm) : null)) is { } total)
            refunds.Add(new Refund(total, order.Code("currencyCode") ?? LineCurrency(lines), null, null, null));
        return refunds;
    }

    private static string? LineCurrency(IReadOnlyList<LineItem> lines) => lines.Select(line => line.Currency).FirstOrDefault(c => c is not null);
}
