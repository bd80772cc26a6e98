using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>The coupons entered: which rule each triggers, or why it does not.</summary>
internal sealed class EnteredCoupons
{
    private readonly CartRuleSet _rules;
    private readonly CartContext _context;
    private readonly (int Place, string? Reason)[] _entered;

    public EnteredCoupons(CartRuleSet rules, CartContext context, bool emptyCart)
    {
        _rules = rules;
        _context = context;
        _entered = context.Coupons.Count == 0 ? [] : new (int, string?)[context.Coupons.Count];
        for (var i = 0; i < _entered.Length; i++)
        {
            var coupon = context.Coupons[i];
            var place = coupon.Rule is { } rule ? rules.PlaceOf(rule) : -1;
            var reason = emptyCart ? CouponReasons.EmptyCart
                : coupon.Rule is null ? CouponReasons.Unknown
                : place < 0 || !rules.Prepared[place].NeedsCoupon ? CouponReasons.Inactive
                : rules.Prepared[place].Refusal(context) ?? Limit(coupon, rules.Rules[place]) ?? (Triggers(place, i) ? CouponReasons.SameRule : null);
            _entered[i] = (place, reason);
            if (coupon.ExpiresAt > context.At && reason is null)
                ChangesAt = Verdict.Earlier(ChangesAt, coupon.ExpiresAt);
        }
    }

    /// <summary>The earliest expiry of those that count.</summary>
    public DateTimeOffset? ChangesAt { get; }

    /// <summary>Sets the bits of the rules triggered.</summary>
    public void Find(Span<ulong> bits)
    {
        foreach (var (place, reason) in _entered)
        {
            if (reason is null)
                RuleIndex.Set(bits, place);
        }
    }

    /// <summary>Whether a rule is triggered by a coupon.</summary>
    public bool Triggers(int place) => Triggers(place, _entered.Length);

    /// <summary>The code that triggers a rule, as entered.</summary>
    public string? CodeOf(int place)
    {
        for (var i = 0; i < _entered.Length; i++)
        {
            if (_entered[i].Reason is null && _entered[i].Place == place)
                return _context.Coupons[i].Code;
        }

        return null;
    }

    /// <summary>Why the coupon of a rule that was not triggered does not count; null when none was entered for it.</summary>
    public string? ReasonOf(int place)
    {
        foreach (var (entered, reason) in _entered)
        {
            if (entered == place)
                return reason;
        }

        return null;
    }

    /// <param name="outcome">What became of a rule, by its place: null when it was applied, else why not.</param>
    public IReadOnlyList<CouponOutcome> Outcomes(Func<int, string?> outcome)
    {
        if (_entered.Length == 0)
            return [];
        var outcomes = new CouponOutcome[_entered.Length];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var reason = _entered[i].Reason ?? outcome(_entered[i].Place);
            outcomes[i] = new(_context.Coupons[i].Code, reason is null ? CouponVerdict.Applied : CouponVerdict.Rejected, reason);
        }

        return outcomes;
    }

    private bool Triggers(int place, int before)
    {
        for (var i = 0; i < before; i++)
        {
            if (_entered[i].Reason is null && _entered[i].Place == place)
                return true;
        }

        return false;
    }

    /// <summary>In this order: the coupon's expiry and total, the customer's uses of the coupon, the customer's uses of the rule.</summary>
    private string? Limit(CartCoupon coupon, CartRule rule)
    {
        if (coupon.ExpiresAt <= _context.At)
            return CouponReasons.Expired;
        if ((coupon.UsageLimit ?? rule.UsesPerCoupon) is > 0 and var total && coupon.Uses >= total)
            return CouponReasons.LimitReached;
        if (!_context.IsCustomer)
            return null;
        if ((coupon.UsagePerCustomer ?? rule.CouponUsesPerCustomer) is > 0 and var own && coupon.UsesByCustomer >= own)
            return CouponReasons.CustomerLimitReached;
        return _rules.Prepared[_rules.PlaceOf(rule.Id)].IsUsedUp(_context) ? CouponReasons.RuleLimitReached : null;
    }
}
