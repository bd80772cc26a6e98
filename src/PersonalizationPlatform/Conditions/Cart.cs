using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>
/// The current cart, folded from its events in the order they count. Additions and removals carry the changed lines only, with the
/// quantity and line total of the change; cart views and checkouts that list the lines carry all of them and replace what was believed,
/// others add what they say of the whole; a purchase empties.
/// </summary>
internal sealed record Cart
{
    public static readonly Cart Empty = new();

    /// <summary>The kinds of event a cart is folded from.</summary>
    public static readonly IReadOnlyList<string> Kinds =
        ["openCart", "addToCart", "removeFromCart", "shoppingCartView", "startCheckout", "completeCheckout"];

    public string? Id { get; init; }
    public IReadOnlyList<LineItem> Lines { get; init; } = [];
    public decimal? SentSubtotal { get; init; }
    public decimal? SentGrandTotal { get; init; }
    public decimal? SentDiscount { get; init; }
    public string? SentCurrency { get; init; }
    public string? CouponCode { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    public bool IsEmpty => Lines.Count == 0;

    public decimal Quantity => Sum(l => l.Quantity ?? 1);

    /// <summary>As sent by the last full statement, else the sum of the line totals.</summary>
    public decimal Subtotal => SentSubtotal ?? Sum(l => l.Total ?? 0);

    /// <summary>As sent, else the sum of the lines' discounts.</summary>
    public decimal Discount => SentDiscount ?? Sum(l => l.Discount ?? 0);

    /// <summary>As sent, else subtotal − discount.</summary>
    public decimal GrandTotal => SentGrandTotal ?? FieldValues.Bounded(Subtotal) - FieldValues.Bounded(Discount);

    public string? Currency
    {
        get
        {
            if (SentCurrency is not null)
                return SentCurrency;
            foreach (var line in Lines)
            {
                if (line.Currency is not null)
                    return line.Currency;
            }

            return null;
        }
    }

    /// <param name="events">Cart events, ascending by (CountsAt, Key).</param>
    public static Cart Fold(IReadOnlyList<EventFact> events)
    {
        var cart = Empty;
        foreach (var e in events)
            cart = cart.After(e);
        return cart;
    }

    private Cart After(EventFact e)
    {
        var content = e.Content;
        var id = content.Cart?.Id;
        if (Is(e, "completeCheckout"))
            return id is not null && Id is not null && id != Id ? this : Empty with { UpdatedAt = e.CountsAt };

        // Another cart id means another cart: nothing of the old one is in it.
        var cart = id is not null && Id is not null && id != Id ? Empty with { Id = id } : this with { Id = id ?? Id };
        cart = cart with { UpdatedAt = e.CountsAt, CouponCode = content.Cart?.CouponCode ?? cart.CouponCode };
        // The storefront sends openCart beside the addToCart of the same change: counting its lines would double them.
        if (Is(e, "openCart"))
            return cart;
        var whole = Is(e, "shoppingCartView") || Is(e, "startCheckout");
        if (whole && content.Items.Count == 0 && !content.ItemsEmpty)
        {
            return cart with
            {
                SentSubtotal = content.Cart?.Subtotal ?? cart.SentSubtotal,
                SentGrandTotal = content.Cart?.GrandTotal ?? cart.SentGrandTotal,
                SentDiscount = content.Cart?.Discount ?? cart.SentDiscount,
                SentCurrency = content.Cart?.Currency ?? cart.SentCurrency,
            };
        }

        return cart with
        {
            Lines = whole ? content.Items : Changed(cart.Lines, content.Items, Is(e, "addToCart")),
            SentSubtotal = content.Cart?.Subtotal,
            SentGrandTotal = content.Cart?.GrandTotal,
            SentDiscount = content.Cart?.Discount,
            SentCurrency = content.Cart?.Currency ?? cart.SentCurrency,
            CouponCode = whole ? content.Cart?.CouponCode : cart.CouponCode,
        };
    }

    private static List<LineItem> Changed(IReadOnlyList<LineItem> lines, IReadOnlyList<LineItem> changes, bool added)
    {
        var result = new List<LineItem>(lines);
        foreach (var change in changes)
        {
            var at = result.FindIndex(l => Same(l, change));
            if (at < 0)
            {
                if (added)
                    result.Add(change with { Quantity = change.Quantity ?? 1 });
            }
            else if (added)
            {
                result[at] = Sum(result[at], change);
            }
            else if (Difference(result[at], change) is { } rest)
            {
                result[at] = rest;
            }
            else
            {
                result.RemoveAt(at);
            }
        }

        return result;
    }

    private static bool Same(LineItem a, LineItem b) =>
        a.Id is not null && b.Id is not null ? a.Id == b.Id : string.Equals(a.Sku, b.Sku, StringComparison.Ordinal);

    private static LineItem Sum(LineItem line, LineItem change) => line with
    {
        Quantity = FieldValues.Bounded(line.Quantity ?? 1) + FieldValues.Bounded(change.Quantity ?? 1),
        Total = line.Total is { } a && change.Total is { } b ? FieldValues.Bounded(a) + FieldValues.Bounded(b) : line.Total ?? change.Total,
        Discount = line.Discount is { } c && change.Discount is { } d ? FieldValues.Bounded(c) + FieldValues.Bounded(d) : line.Discount ?? change.Discount,
    };

    /// <summary>What is left of a line, null when nothing is: a removal without a quantity takes the whole line.</summary>
    private static LineItem? Difference(LineItem line, LineItem change)
    {
        if (change.Quantity is not { } taken || FieldValues.Bounded(line.Quantity ?? 1) <= FieldValues.Bounded(taken))
            return null;
        return line with
        {
            Quantity = FieldValues.Bounded(line.Quantity ?? 1) - FieldValues.Bounded(taken),
            Total = Less(line.Total, change.Total),
            Discount = Less(line.Discount, change.Discount),
        };
    }

    private static decimal? Less(decimal? from, decimal? taken) =>
        from is { } a && taken is { } b ? Math.Max(0, FieldValues.Bounded(a) - FieldValues.Bounded(b)) : from;

    private decimal Sum(Func<LineItem, decimal> field)
    {
        decimal sum = 0;
        foreach (var line in Lines)
            sum += FieldValues.Bounded(field(line));
        return sum;
    }

    private static bool Is(EventFact e, string kind) => string.Equals(e.Kind, kind, StringComparison.OrdinalIgnoreCase);
}

/// <summary>The wish list: what was added or saved for later and not removed since, one line per SKU.</summary>
internal static class WishList
{
    /// <summary>The kinds of event a wish list is folded from.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["addToWishlist", "saveForLater", "removeFromWishlist"];

    public static IReadOnlyList<LineItem> Fold(IReadOnlyList<EventFact> events)
    {
        var lines = new List<LineItem>();
        foreach (var e in events)
        {
            var removes = string.Equals(e.Kind, "removeFromWishlist", StringComparison.OrdinalIgnoreCase);
            foreach (var line in e.Content.Items)
            {
                lines.RemoveAll(l => string.Equals(l.Sku, line.Sku, StringComparison.Ordinal));
                if (!removes)
                    lines.Add(line);
            }
        }

        return lines;
    }
}
