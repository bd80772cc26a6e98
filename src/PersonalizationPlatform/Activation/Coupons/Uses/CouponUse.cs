namespace PersonalizationPlatform.Activation.Coupons.Uses;

/// <summary>What is used: a code of a rule, or with an empty code the rule itself by one customer.</summary>
internal readonly record struct UseKey(Guid Rule, string CodeKey)
{
    public bool IsCode => CodeKey.Length > 0;

    public static UseKey OfRule(Guid rule) => new(rule, "");
}

/// <summary>Where a use stands.</summary>
internal enum UseState
{
    /// <summary>Counts until it expires.</summary>
    Reserved,

    /// <summary>Was reserved and expired.</summary>
    Lapsed,

    /// <summary>Counts for good.</summary>
    Redeemed,

    /// <summary>Given back.</summary>
    Released,
}

/// <summary>One use by one cart or order.</summary>
/// <param name="Customer">Whose it is; null for guests.</param>
internal sealed record CouponUse(CouponReference Reference, UseKey Key, Guid? Customer, UseState State, DateTimeOffset ExpiresAt)
{
    /// <summary>Redeemed, but not among what the edited order has reserved since.</summary>
    public bool Dropped { get; init; }

    /// <summary>Released by events, so that events may redeem it again; what the shop itself released stays so.</summary>
    public bool ByEvents { get; init; }

    public bool Counts => State is UseState.Reserved or UseState.Redeemed;
}

/// <summary>The uses of one code.</summary>
/// <param name="Reserved">None of them expired.</param>
internal readonly record struct UseCount(int Redeemed, int Reserved)
{
    public int Total => Redeemed + Reserved;
}
