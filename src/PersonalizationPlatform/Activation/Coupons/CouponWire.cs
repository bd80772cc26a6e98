namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>A code to add to a rule.</summary>
public sealed record CouponRequest
{
    /// <summary>1 to 255 characters; upper and lower case are alike, and no two rules have the same code.</summary>
    public required string Code { get; init; }

    /// <summary>Uses over all shoppers; absent = what the rule says, 0 = unlimited.</summary>
    public int? UsageLimit { get; init; }

    /// <summary>Uses by one customer; absent = what the rule says, 0 = unlimited.</summary>
    public int? UsagePerCustomer { get; init; }

    /// <summary>Not valid from then on.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>A coupon.</summary>
/// <param name="Rule">The cart rule's id.</param>
/// <param name="UsageLimit">Its own limit over all shoppers; missing = what the rule says, 0 = unlimited.</param>
/// <param name="UsagePerCustomer">Its own limit for one customer; missing = what the rule says, 0 = unlimited.</param>
/// <param name="TimesUsed">Orders that used it; those cancelled since are not counted.</param>
/// <param name="Batch">The batch that generated it.</param>
/// <param name="Primary">Whether the rule itself lists it.</param>
public sealed record CouponAnswer(
    string Code, Guid Rule, CouponKind Kind, int? UsageLimit, int? UsagePerCustomer, DateTimeOffset? ExpiresAt, int TimesUsed, DateTimeOffset CreatedAt,
    Guid? Batch, bool Primary, string? ExternalId)
{
    internal static CouponAnswer Of(Coupon coupon) => new(
        coupon.Code, coupon.Rule, coupon.Kind, coupon.UsageLimit, coupon.UsagePerCustomer, coupon.ExpiresAt, coupon.TimesUsed, coupon.CreatedAt,
        coupon.Batch, coupon.IsPrimary, coupon.ExternalId);
}
