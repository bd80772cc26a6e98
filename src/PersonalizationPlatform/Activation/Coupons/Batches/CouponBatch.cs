namespace PersonalizationPlatform.Activation.Coupons.Batches;

/// <summary>Codes to generate for a rule.</summary>
public sealed record CouponBatchRequest
{
    /// <summary>1 to 1,000,000.</summary>
    public required int Quantity { get; init; }

    /// <summary>Random characters of each code, without prefix, suffix and dashes, 1 to 64; 12 when absent. Raised until the codes are at most a quarter of all possible ones.</summary>
    public int? Length { get; init; }

    /// <summary><c>alphanumeric</c> when absent.</summary>
    public CodeCharacters? Format { get; init; }

    /// <summary>At most 64 characters.</summary>
    public string? Prefix { get; init; }

    /// <summary>At most 64 characters.</summary>
    public string? Suffix { get; init; }

    /// <summary>A dash before every so many random characters; absent or 0 = none.</summary>
    public int? DashEvery { get; init; }

    /// <summary>Codes are not valid from then on.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Codes being generated, or generated.</summary>
/// <param name="Rule">The cart rule's id.</param>
/// <param name="Length">As raised, see the request.</param>
/// <param name="Generated">How many are there and valid already.</param>
/// <param name="Failure">
/// <c>coupon.codesExhausted</c>: ten attempts gave no code that was still free; <c>coupon.ruleArchived</c>. What was generated before stays,
/// unless the rule is archived.
/// </param>
public sealed record CouponBatch(
    Guid Id, Guid Rule, int Quantity, int Length, CodeCharacters Format, string Prefix, string Suffix, int DashEvery, DateTimeOffset? ExpiresAt,
    CouponBatchStatus Status, int Generated, string? Failure, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt)
{
    internal CodeFormat CodeFormat => new(Length, Format, Prefix, Suffix, DashEvery);
}

/// <summary>Where a batch stands.</summary>
public enum CouponBatchStatus
{
    Queued,
    Running,
    Done,
    Failed,
}
