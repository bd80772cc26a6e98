using System.Globalization;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.Coupons;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>How often coupons and rules were used: as the platform knows, and what an admin says instead.</summary>
internal sealed class CartUsage
{
    private readonly Dictionary<string, CartCoupon> known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> used;
    private readonly Dictionary<string, int> usedByCustomer;

    public CartUsage(CartUsageRequest? instead, IReadOnlyList<CartRule> rules, CouponReading reading)
    {
        foreach (var coupon in reading.Coupons)
            known.TryAdd(CouponCode.Key(coupon.Code), coupon);
        used = ByCode(instead?.CouponTimesUsed);
        usedByCustomer = ByCode(instead?.CouponTimesUsedByCustomer);
        Rules = instead?.RuleTimesUsedByCustomer is { Count: > 0 } named ? ByRule(named, rules, reading.RuleUsesByCustomer) : reading.RuleUsesByCustomer;
    }

    /// <summary>By rule, of this customer.</summary>
    public IReadOnlyDictionary<Guid, int> Rules { get; }

    /// <summary>The codes entered, looked up.</summary>
    public IReadOnlyList<CartCoupon> Coupons(IReadOnlyList<string> codes) => [.. codes.Select(code =>
    {
        var key = CouponCode.Key(code);
        var coupon = known.TryGetValue(key, out var found) ? found with { Code = code } : new CartCoupon(code, null);
        return coupon with
        {
            Uses = used.TryGetValue(key, out var uses) ? uses : coupon.Uses,
            UsesByCustomer = usedByCustomer.TryGetValue(key, out var own) ? own : coupon.UsesByCustomer,
        };
    })];

    private static Dictionary<string, int> ByCode(IReadOnlyDictionary<string, int>? given)
    {
        var byCode = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (code, uses) in given ?? new Dictionary<string, int>())
            byCode[CouponCode.Key(code)] = uses;
        return byCode;
    }

    private static Dictionary<Guid, int> ByRule(IReadOnlyDictionary<string, int> named, IReadOnlyList<CartRule> rules, IReadOnlyDictionary<Guid, int> reading)
    {
        var uses = new Dictionary<Guid, int>(reading);
        foreach (var rule in rules.Where(rule => rule.UsesPerCustomer > 0))
        {
            if ((rule.ExternalId is { } external && named.TryGetValue(external, out var given))
                || named.TryGetValue(rule.Number.ToString(CultureInfo.InvariantCulture), out given)
                || named.TryGetValue(rule.Id.ToString(), out given)
                || named.TryGetValue(rule.Key, out given))
                uses[rule.Id] = given;
        }

        return uses;
    }
}
