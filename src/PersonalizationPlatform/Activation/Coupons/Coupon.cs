namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>One code of one cart rule.</summary>
public sealed record Coupon
{
    /// <summary>What codes are compared by, see <see cref="CouponCode.Key"/>.</summary>
    public required string CodeKey { get; init; }

    /// <summary>As it was written or generated.</summary>
    public required string Code { get; init; }
    public required Guid Rule { get; init; }
    public CouponKind Kind { get; init; }

    /// <summary>Uses over all shoppers; null = what the rule says, 0 = unlimited.</summary>
    public int? UsageLimit { get; init; }

    /// <summary>Uses by one customer; null = what the rule says, 0 = unlimited.</summary>
    public int? UsagePerCustomer { get; init; }

    /// <summary>Not valid from then on.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public Guid? Batch { get; init; }

    /// <summary>Whether the rule itself lists the code.</summary>
    public bool IsPrimary { get; init; }
    public string? ExternalId { get; init; }

    /// <summary>Orders that used it; those cancelled since are not counted.</summary>
    public int TimesUsed { get; init; }
}

/// <summary>Where a code comes from.</summary>
public enum CouponKind
{
    /// <summary>A person chose it.</summary>
    Specific,

    /// <summary>It was generated in a batch.</summary>
    Generated,
}
