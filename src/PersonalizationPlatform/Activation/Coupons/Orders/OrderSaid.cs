using PersonalizationPlatform.Activation.Coupons.Uses;

namespace PersonalizationPlatform.Activation.Coupons.Orders;

/// <summary>What all events of one order say together that matters to coupons. It depends only on the set of events.</summary>
/// <param name="Told">What they come to.</param>
/// <param name="CouponText">The coupons they name: one code, or several with commas between.</param>
/// <param name="Coupons">Those of the codes that exist now, by <see cref="Coupon.CodeKey"/>.</param>
/// <param name="Customer">Whose order it is; null for guests.</param>
/// <param name="Arrivals">When each of them was received, earliest first.</param>
internal sealed record OrderSaid(
    OrderTold Told, string? CouponText, IReadOnlyDictionary<string, Coupon> Coupons, Guid? Customer, IReadOnlyList<DateTimeOffset> Arrivals)
{
    public static readonly OrderSaid Nothing = new(OrderTold.Nothing, null, new Dictionary<string, Coupon>(), null, []);

    public int Count => Arrivals.Count;

    /// <summary>The uses that may follow, for whoever has to lock them.</summary>
    public IEnumerable<UseKey> Keys => Coupons.Values.Select(coupon => new UseKey(coupon.Rule, coupon.CodeKey));

    public IEnumerable<Guid> Customers => Customer is { } known ? [known] : [];

    /// <summary>The codes a text may mean: all of it, or what stands between its commas.</summary>
    public static IReadOnlyList<string> Codes(string? text) =>
        text is null ? [] : [.. text.Split(',').Prepend(text).Where(CouponCode.IsValid).Take(100).Select(CouponCode.Key).Distinct()];

    /// <summary>When the first event after the first <paramref name="known"/> arrived; null when there is none.</summary>
    public DateTimeOffset? ArrivedAfter(int known) => Count == known ? null : Arrivals[Math.Min(known, Count - 1)];

    /// <summary>What the order uses. A code it uses already is the same use, whosever the code is by now; codes that are nobody's are not ours to count.</summary>
    public IEnumerable<UseKey> Named(IReadOnlyCollection<UseKey> held)
    {
        var codes = Codes(CouponText);
        var whole = codes.Count > 0 && CouponText!.Contains(',', StringComparison.Ordinal) && codes[0] == CouponCode.Key(CouponText);
        if (whole)
            codes = Of(codes[0], held).Any() ? [codes[0]] : [.. codes.Skip(1)];
        return codes.SelectMany(code => Of(code, held));
    }

    private IEnumerable<UseKey> Of(string code, IReadOnlyCollection<UseKey> held)
    {
        var own = held.Where(key => key.CodeKey == code).ToList();
        return own.Count > 0 ? own : Coupons.TryGetValue(code, out var coupon) ? [new(coupon.Rule, coupon.CodeKey)] : [];
    }
}
