namespace PersonalizationPlatform.Vocabulary;

/// <summary>
/// Folds what events say about one order into the order fact. Pure; the result depends only on the set of parts.
/// An order exists once any of its parts counts, and counts at the earliest one.
/// </summary>
public static class OrderFolding
{
    private const string Placed = "backofficeOrderPlaced";
    private const string Checkout = "completeCheckout";

    /// <summary>The order as of <paramref name="at"/>, or null when nothing of it counts yet.</summary>
    public static Order? Fold(string purchaseId, IReadOnlyList<OrderPart> parts, DateTimeOffset at)
    {
        var visible = Visible(parts, at);
        if (visible.Count == 0)
            return null;
        var first = visible[0];
        var ranked = new List<OrderPart>(visible);
        ranked.Sort(ByTrust);
        var total = Total(ranked);
        return new Order
        {
            PurchaseId = purchaseId,
            PlacedAt = first.CountsAt,
            Key = first.Key,
            Status = Status(visible, total),
            Total = total,
            Tax = Pick(ranked, p => p.Content.Tax),
            Discount = Pick(ranked, p => p.Content.Discount),
            ShippingAmount = Pick(ranked, p => p.Content.ShippingAmount),
            Refunded = Refunded(visible, visible.Count),
            Currency = Pick(ranked, Currency),
            CouponCode = Pick(ranked, p => p.Content.CouponCode),
            PaymentMethod = Pick(ranked, p => Payments(p) is { Count: > 0 } payments ? payments[0].Type : null),
            ShippingMethod = Pick(ranked, p => p.Content.ShippingMethod),
            Website = Pick(ranked, p => p.Website),
            StoreView = Pick(ranked, p => p.StoreView),
            BillingAddress = Pick(ranked, p => p.Content.BillingAddress),
            ShippingAddress = Pick(ranked, p => p.Content.ShippingAddress),
            Items = Lines(ranked)?.Items ?? [],
        };
    }

    /// <summary>What a single statement of an order is worth: <c>priceTotal</c>, else its payments, else lines + tax + shipping − discount.</summary>
    public static decimal? Value(OrderContent content, IReadOnlyList<LineItem> items)
    {
        if (content.PriceTotal is { } stated)
            return stated;
        return PaymentSum(content) ?? LineSum(content.Tax, content.ShippingAmount, content.Discount, items);
    }

    private static List<OrderPart> Visible(IReadOnlyList<OrderPart> parts, DateTimeOffset at)
    {
        var visible = new List<OrderPart>(parts.Count);
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].CountsAt <= at)
                visible.Add(parts[i]);
        }

        visible.Sort(ByTime);
        for (var i = visible.Count - 1; i > 0; i--)
        {
            if (ByTime(visible[i], visible[i - 1]) == 0)
                visible.RemoveAt(i);
        }

        return visible;
    }

    /// <summary>Shops note times to the second, in which an order is often placed and paid: what comes later in an order's life is the later.</summary>
    private static int ByTime(OrderPart a, OrderPart b)
    {
        var time = a.CountsAt.CompareTo(b.CountsAt);
        if (time == 0)
            time = Stage(a).CompareTo(Stage(b));
        return time != 0 ? time : a.Key.CompareTo(b.Key);
    }

    /// <summary>A status that somebody states is how the order is after everything else of that instant.</summary>
    private static int Stage(OrderPart part) => part.Content.Status is not null ? 7 : part.Kind.ToLowerInvariant() switch
    {
        "orderinvoiced" => 1,
        "orderitemsshipped" => 2,
        "ordershipmentcompleted" => 3,
        "orderlineitemrefunded" => 4,
        "orderitemsreturninitiated" or "orderitemreturncompleted" => 5,
        "ordercancelled" => 6,
        _ => 0,
    };

    /// <summary>The back office before the storefront, then the latest first.</summary>
    private static int ByTrust(OrderPart a, OrderPart b) =>
        a.BackOffice != b.BackOffice ? (a.BackOffice ? -1 : 1) : ByTime(b, a);

    private static T? Pick<T>(List<OrderPart> ranked, Func<OrderPart, T?> field) where T : class
    {
        foreach (var part in ranked)
        {
            if (field(part) is { } value)
                return value;
        }

        return null;
    }

    private static decimal? Pick(List<OrderPart> ranked, Func<OrderPart, decimal?> field)
    {
        foreach (var part in ranked)
        {
            if (field(part) is { } value)
                return value;
        }

        return null;
    }

    private static bool Is(OrderPart part, string kind) => string.Equals(part.Kind, kind, StringComparison.OrdinalIgnoreCase);

    /// <summary>Shipments, invoices and refunds carry only some lines and payments; those that place the order carry all.</summary>
    private static bool Places(OrderPart part) => Is(part, Placed) || Is(part, Checkout);

    private static OrderPart? Lines(List<OrderPart> ranked) =>
        ranked.Find(p => Places(p) && p.Items.Count > 0) ?? ranked.Find(p => p.Items.Count > 0);

    private static decimal? Total(List<OrderPart> ranked) =>
        Total(ranked, backOffice: true) ?? Total(ranked, backOffice: false) ?? LineSum(ranked, Lines(ranked));

    private static decimal? Total(List<OrderPart> ranked, bool backOffice)
    {
        var own = ranked.FindAll(p => p.BackOffice == backOffice);
        if (Pick(own, p => p.Content.PriceTotal) is { } stated)
            return stated;
        var paid = own.Find(p => Places(p) && PaymentSum(p.Content) is not null) ?? own.Find(p => PaymentSum(p.Content) is not null);
        return paid is not null ? PaymentSum(paid.Content) : LineSum(own, own.Find(p => Places(p) && p.Items.Count > 0));
    }

    private static IReadOnlyList<Payment>? Payments(OrderPart part) => part.Content.Payments;

    private static decimal? PaymentSum(OrderContent content)
    {
        decimal? sum = null;
        foreach (var payment in content.Payments)
        {
            if (payment.Amount is { } amount)
                sum = (sum ?? 0) + Bounded(amount);
        }

        return sum;
    }

    private static decimal? LineSum(List<OrderPart> ranked, OrderPart? lines) =>
        lines is null
            ? null
            : LineSum(Pick(ranked, p => p.Content.Tax), Pick(ranked, p => p.Content.ShippingAmount), Pick(ranked, p => p.Content.Discount), lines.Items);

    private static decimal? LineSum(decimal? tax, decimal? shipping, decimal? discount, IReadOnlyList<LineItem> items)
    {
        decimal? sum = null;
        foreach (var item in items)
        {
            if (item.Total is { } total)
                sum = (sum ?? 0) + Bounded(total);
        }

        return sum is null ? null : sum + Bounded(tax ?? 0) + Bounded(shipping ?? 0) - Bounded(discount ?? 0);
    }

    private static string? Currency(OrderPart part)
    {
        if (part.Content.Currency is { } stated)
            return stated;
        foreach (var payment in part.Content.Payments)
        {
            if (payment.Currency is { } paid)
                return paid;
        }

        foreach (var item in part.Items)
        {
            if (item.Currency is { } line)
                return line;
        }

        return null;
    }

    /// <summary>The refunds of the first <paramref name="count"/> parts; one with a transaction id counts once however often it is told.</summary>
    private static decimal? Refunded(List<OrderPart> visible, int count)
    {
        decimal? sum = null;
        HashSet<string>? seen = null;
        for (var i = 0; i < count; i++)
        {
            foreach (var refund in visible[i].Content.Refunds)
            {
                if (refund.Amount is not { } amount)
                    continue;
                if (refund.TransactionId is { } id && !(seen ??= new(StringComparer.Ordinal)).Add(id))
                    continue;
                sum = (sum ?? 0) + Bounded(amount);
            }
        }

        return sum;
    }

    /// <summary>The latest back-office fact decides; the storefront alone leaves it pending unless it states a status.</summary>
    private static string Status(List<OrderPart> visible, decimal? total)
    {
        string? backOffice = null;
        string? storefront = null;
        for (var i = 0; i < visible.Count; i++)
        {
            var part = visible[i];
            if (!part.BackOffice)
                storefront = part.Content.Status ?? storefront;
            else
                backOffice = part.Content.Status ?? Follows(part.Kind) ?? Refund(visible, i, total) ?? backOffice;
        }

        return backOffice ?? storefront ?? "pending";
    }

    private static string? Follows(string kind) => kind.ToLowerInvariant() switch
    {
        "backofficeorderplaced" => "pending",
        "orderinvoiced" or "orderitemsshipped" => "processing",
        "ordershipmentcompleted" => "complete",
        "ordercancelled" => OrderStatus.Canceled,
        _ => null,
    };

    private static string? Refund(List<OrderPart> visible, int index, decimal? total) =>
        Is(visible[index], EventKinds.OrderLineItemRefunded) && Refunded(visible, index + 1) is { } refunded && total is { } value && refunded >= value
            ? "closed"
            : null;

    /// <summary>No sum of amounts anybody sends may overflow.</summary>
    private static decimal Bounded(decimal amount) => Math.Clamp(amount, -1e20m, 1e20m);
}
