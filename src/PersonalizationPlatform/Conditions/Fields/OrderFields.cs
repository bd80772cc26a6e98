using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Fields;

/// <summary>One order: an order fact, or what a single raw event says about an order.</summary>
internal static class OrderFields
{
    public static readonly IReadOnlyList<FieldDescription> All =
    [
        Of("order.id", FieldType.Text, "The shop's order number.", "000000123", o => FieldValues.Of(o.PurchaseId), e => FieldValues.Of(e.Order!.PurchaseId)),
        Of("order.status", FieldType.Text, "pending, processing, complete, canceled, closed, or what the shop states; on raw events only what the event states.", "complete",
            o => FieldValues.Of(o.Status), e => FieldValues.Of(e.Order!.Status)),
        Of("order.total", FieldType.Amount, "Grand total as sent, else the payments, else lines + tax + shipping − discount.", "100",
            o => FieldValues.Of(o.Total), e => FieldValues.Of(OrderFolding.Value(e.Order!, e.Items))),
        Of("order.tax", FieldType.Amount, "Tax.", "16", o => FieldValues.Of(o.Tax), e => FieldValues.Of(e.Order!.Tax)),
        Of("order.discount", FieldType.Amount, "Discount, positive.", "15", o => FieldValues.Of(o.Discount), e => FieldValues.Of(e.Order!.Discount)),
        Of("order.shipping", FieldType.Amount, "Shipping cost.", "5", o => FieldValues.Of(o.ShippingAmount), e => FieldValues.Of(e.Order!.ShippingAmount)),
        Of("order.refunded", FieldType.Amount, "What was paid back; a refund told twice counts once.", "20", o => FieldValues.Of(o.Refunded), e => FieldValues.Of(Refunded(e.Order!))),
        Of("order.currency", FieldType.Text, "Currency, ISO 4217.", "EUR", o => FieldValues.Of(o.Currency), e => FieldValues.Of(e.Order!.Currency)),
        Of("order.coupon", FieldType.Text, "Coupon code used.", "H20", o => FieldValues.Of(o.CouponCode), e => FieldValues.Of(e.Order!.CouponCode)),
        Of("order.paymentMethod", FieldType.Text, "Type of the first payment.", "checkmo", o => FieldValues.Of(o.PaymentMethod),
            e => e.Order!.Payments is [var payment, ..] ? FieldValues.Of(payment.Type) : null),
        Of("order.shippingMethod", FieldType.Text, "Shipping method.", "flatrate_flatrate", o => FieldValues.Of(o.ShippingMethod), e => FieldValues.Of(e.Order!.ShippingMethod)),
        new()
        {
            Name = "order.placedAt",
            Type = FieldType.Instant,
            UsableIn = FieldScope.Order,
            Description = "When the order was placed: its earliest time.",
            Example = "2026-06-15",
            Read = static (in Scope scope, string _) => FieldValues.Of(scope.Order?.PlacedAt ?? (scope.Event?.Content.Order is not null ? scope.Event.CountsAt : null)),
        },
        Of("order.quantity", FieldType.Number, "Units over all lines.", "3", o => FieldValues.Of(Quantity(o.Items)), e => FieldValues.Of(Quantity(e.Items))),
        Of("order.itemCount", FieldType.Number, "Number of lines.", "2", o => FieldValues.Of(o.Items.Count), e => FieldValues.Of(e.Items.Count)),
        Of("order.website", FieldType.Text, "Website code.", "base", o => FieldValues.Of(o.Website), e => FieldValues.Of(e.Website)),
        Address("billing", o => o.BillingAddress, o => o.BillingAddress),
        Address("shipping", o => o.ShippingAddress, o => o.ShippingAddress),
    ];

    private static FieldDescription Of(
        string name, FieldType type, string description, string example, Func<Order, FieldValue?> ofOrder, Func<EventContent, FieldValue?> ofEvent) => new()
        {
            Name = name,
            Type = type,
            UsableIn = FieldScope.Order,
            Description = description,
            Example = example,
            Currency = type == FieldType.Amount ? Currency : null,
            Read = (in Scope scope, string _) =>
                scope.Order is { } order ? ofOrder(order) : scope.Event?.Content is { Order: not null } content ? ofEvent(content) : null,
        };

    private static FieldDescription Address(string role, Func<Order, Address?> ofOrder, Func<OrderContent, Address?> ofEvent) => new()
    {
        Name = $"order.{role}Address.<part>",
        Type = FieldType.Text,
        UsableIn = FieldScope.Order,
        Lists = ListMeaning.Each,
        Members = AddressFields.Parts,
        Description = $"A part of the order's {role} address.",
        Example = "DE",
        Read = (in Scope scope, string part) => AddressFields.Part(
            scope.Order is { } order ? ofOrder(order) : scope.Event?.Content.Order is { } content ? ofEvent(content) : null, part),
    };

    private static string? Currency(in Scope scope)
    {
        if (scope.Order is { } order)
            return order.Currency;
        if (scope.Event?.Content.Order is not { } content)
            return null;
        if (content.Currency is not null)
            return content.Currency;
        foreach (var payment in content.Payments)
        {
            if (payment.Currency is not null)
                return payment.Currency;
        }

        foreach (var item in scope.Event.Content.Items)
        {
            if (item.Currency is not null)
                return item.Currency;
        }

        return null;
    }

    private static decimal Quantity(IReadOnlyList<LineItem> items)
    {
        decimal sum = 0;
        foreach (var item in items)
            sum += FieldValues.Bounded(item.Quantity ?? 1);
        return sum;
    }

    private static decimal? Refunded(OrderContent content)
    {
        decimal? sum = null;
        foreach (var refund in content.Refunds)
        {
            if (refund.Amount is { } amount)
                sum = (sum ?? 0) + FieldValues.Bounded(amount);
        }

        return sum;
    }
}
