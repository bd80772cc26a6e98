namespace PersonalizationPlatform.Activation.Import;

/// <summary>What a body says of the coupons of its rules, known before these are taken.</summary>
/// <param name="Chosen">Those people chose and that can be read whole, by the external id of their rule.</param>
/// <param name="Rules">The external ids of rules with any coupon, also generated ones.</param>
internal sealed record RuleCoupons(ILookup<string, ReadCoupon> Chosen, IReadOnlySet<string> Rules)
{
    /// <param name="items">Coupons; others are left aside.</param>
    public static RuleCoupons Of(IReadOnlyList<ImportItem> items) => new(
        Read(items.Where(item => item is { Part: ImportPart.Coupons, Code: not null })),
        items.Where(item => item is { Part: ImportPart.Coupons, Rule: not null }).Select(item => item.Rule!).ToHashSet(StringComparer.Ordinal));

    /// <param name="chosen">Items that have a code, see <see cref="ImportItem.Code"/>.</param>
    public static ILookup<string, ReadCoupon> Read(IEnumerable<ImportItem> chosen) =>
        chosen.Select(item => CouponReading.Read(item, [])!).ToLookup(coupon => coupon.Rule, StringComparer.Ordinal);
}
