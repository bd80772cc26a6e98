using Npgsql;
using PersonalizationPlatform.Activation.CartRules;

namespace PersonalizationPlatform.Activation.Coupons.Uses;

/// <summary>One use asked for, with the limits it must stay within; 0 = unlimited.</summary>
/// <param name="Code">As entered; null for a rule without a coupon.</param>
/// <param name="Rule">Null = there is none.</param>
/// <param name="Reason">Why it cannot be had whatever was used so far.</param>
internal sealed record WantedUse(string? Code, CouponRule? Rule, ReservationReason? Reason, int Limit, int PerCustomer)
{
    /// <summary>The rule asked for; empty where a code was.</summary>
    public string AskedRule { get; init; } = "";

    /// <summary>A rule asked for by a key that none has.</summary>
    public static WantedUse UnknownRule(string asked) => new(null, null, ReservationReason.Unknown, 0, 0) { AskedRule = asked };

    /// <summary>The code's use; for rules without a coupon there is only <see cref="RuleKey"/>.</summary>
    public UseKey? CodeKey => Code is not null && Rule is not null ? new(Rule.Id, CouponCode.Key(Code)) : null;

    public UseKey? RuleKey => Rule is not null ? UseKey.OfRule(Rule.Id) : null;

    /// <summary>Why it cannot be had now; null when it can.</summary>
    /// <param name="target">The cart or order, whose own uses do not count.</param>
    public ReservationReason? Refusal(UseTransaction uses, CouponReference target, Guid? customer) => Reason ?? WithoutRoom(uses, target, customer);

    /// <summary>The first limit in the way: the coupon's total, the coupon's per customer, the rule's per customer.</summary>
    public ReservationReason? WithoutRoom(UseTransaction uses, CouponReference target, Guid? customer)
    {
        if (CodeKey is { } code)
        {
            if (Limit > 0 && uses.Others(code, target) >= Limit)
                return ReservationReason.Limit;
            if (PerCustomer > 0 && uses.ByCustomerElsewhere(customer, code) >= PerCustomer)
                return ReservationReason.CustomerLimit;
        }

        return Rule!.UsesPerCustomer > 0 && uses.ByCustomerElsewhere(customer, UseKey.OfRule(Rule.Id)) >= Rule.UsesPerCustomer
            ? ReservationReason.RuleCustomerLimit
            : null;
    }
}

/// <summary>Looks up what is asked for.</summary>
internal sealed class WantedUses(CouponStore coupons, CouponRules rules)
{
    /// <summary>The codes in their order, then the rules.</summary>
    public async Task<IReadOnlyList<WantedUse>> FindAsync(
        IReadOnlyList<string> codes, IReadOnlyList<Guid> ruleIds, DateTimeOffset at, CancellationToken cancellationToken, NpgsqlConnection? within = null)
    {
        var known = await coupons.FindAsync(codes, cancellationToken, within);
        var found = await rules.FindAsync([.. known.Values.Select(coupon => coupon.Rule).Concat(ruleIds).Distinct()], cancellationToken, within);
        return
        [
            .. codes.Select(code => Of(code, known.GetValueOrDefault(CouponCode.Key(code)), found, at)),
            .. ruleIds.Select(id => Of(null, found.GetValueOrDefault(id), null, at) with { AskedRule = id.ToString() }),
        ];
    }

    /// <summary>Uses that were had before, each with the limits that hold now; null for a code that is no longer its rule's, which nothing limits.</summary>
    public async Task<IReadOnlyList<WantedUse?>> FindAgainAsync(IReadOnlyList<CouponUse> uses, UseTransaction within, CancellationToken cancellationToken)
    {
        var codes = uses.Where(use => use.Key.IsCode).ToList();
        var wanted = await FindAsync(
            [.. codes.Select(use => use.Key.CodeKey)], [.. uses.Where(use => !use.Key.IsCode).Select(use => use.Key.Rule)], within.At, cancellationToken, within.Connection);
        var (ofCodes, ofRules) = (new Queue<WantedUse>(wanted.Take(codes.Count)), new Queue<WantedUse>(wanted.Skip(codes.Count)));
        return [.. uses.Select(use => (use.Key.IsCode ? ofCodes : ofRules).Dequeue() is var found && found.Rule?.Id == use.Key.Rule ? found : null)];
    }

    private static WantedUse Of(string code, Coupon? coupon, IReadOnlyDictionary<Guid, CouponRule> rules, DateTimeOffset at) =>
        coupon is null ? new(code, null, ReservationReason.Unknown, 0, 0) : Of(code, rules.GetValueOrDefault(coupon.Rule), coupon, at);

    private static WantedUse Of(string? code, CouponRule? rule, Coupon? coupon, DateTimeOffset at)
    {
        if (rule is null)
            return new(code, null, ReservationReason.Unknown, 0, 0);
        ReservationReason? reason = !rule.IsUsable(at) || (coupon is not null && rule.CouponType == CouponType.None) ? ReservationReason.Inactive : coupon?.ExpiresAt <= at ? ReservationReason.Expired : null;
        return new(code, rule, reason, coupon?.UsageLimit ?? rule.UsesPerCoupon, coupon?.UsagePerCustomer ?? rule.CouponUsesPerCustomer);
    }
}
