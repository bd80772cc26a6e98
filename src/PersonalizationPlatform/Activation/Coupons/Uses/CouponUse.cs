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

/// <summary>What the shop's calls have said last of a use.</summary>
internal enum UseAsked
{
    /// <summary>Nothing: only events speak of it.</summary>
    None,
    Reserved,

    /// <summary>Reserved after it was given back: that events name it is old news.</summary>
    ReservedAgain,
    Redeemed,

    /// <summary>Given back, or left out of an edit. No event takes it again.</summary>
    Released,
}

/// <summary>One use by one cart or order: what was said about it, and where it stands by that (see <see cref="UseStanding"/>).</summary>
internal sealed record CouponUse(CouponReference Reference, UseKey Key)
{
    /// <summary>By calls.</summary>
    public UseAsked Asked { get; init; }

    /// <summary>The customer whom calls named; null for guests.</summary>
    public Guid? AskedBy { get; init; }

    /// <summary>Until then what was reserved last is held, and with it the edit that leaves this out.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Not among what the edited order has reserved since: given back when that is redeemed.</summary>
    public bool Dropped { get; init; }

    /// <summary>By events: the order names the code now; of a rule's use, a customer's order has redeemed one of its codes.</summary>
    public bool Named { get; init; }

    /// <summary>Whose it is; null for guests.</summary>
    public Guid? Customer { get; init; }

    public UseState State { get; init; }

    public bool IsReserved => Asked is UseAsked.Reserved or UseAsked.ReservedAgain;

    public bool Counts => State is UseState.Reserved or UseState.Redeemed;
}

/// <summary>What the events of an order come to.</summary>
internal enum OrderTold
{
    /// <summary>There are none.</summary>
    Nothing,
    Placed,

    /// <summary>It was cancelled, or failed.</summary>
    Undone,
}

/// <summary>A cart or an order that uses coupons.</summary>
/// <param name="IsNew">Whether nothing was known of it before.</param>
internal sealed record CouponHolder(CouponReference Reference, bool IsNew)
{
    /// <summary>The order a cart was placed as.</summary>
    public CouponReference? Became { get; init; }

    /// <summary>The shop has given back all of it, and has not reserved since.</summary>
    public bool Released { get; init; }

    public OrderTold Told { get; init; }

    /// <summary>The customer whom the order's events name.</summary>
    public Guid? Customer { get; init; }

    /// <summary>How many events were known when they were heard last.</summary>
    public int Heard { get; init; }

    /// <summary>How many were known when it reserved last: only what comes after redeems that.</summary>
    public int HeardBefore { get; init; }
}

/// <summary>The uses of one code.</summary>
/// <param name="Reserved">None of them expired.</param>
internal readonly record struct UseCount(int Redeemed, int Reserved)
{
    public int Total => Redeemed + Reserved;
}
