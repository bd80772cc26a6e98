using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>
/// What the doors take; configuration section <c>Collection</c>. The defaults hold what Segment (32 KB an event) and Adobe (64 KB a
/// request) allow; servers may send more.
/// </summary>
public sealed class CollectionLimits
{
    public const string Section = "Collection";

    /// <summary>Bytes of a storefront request, after decompression.</summary>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Bytes of one storefront event.</summary>
    public int MaxEventBytes { get; set; } = 64 * 1024;

    /// <summary>Bytes of a back office or profiles request, after decompression.</summary>
    public int MaxServerBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Bytes of one back office event or profile record.</summary>
    public int MaxServerEventBytes { get; set; } = 256 * 1024;

    /// <summary>Events in one request.</summary>
    public int MaxBatch { get; set; } = 1000;

    /// <summary>Objects and arrays inside one another in one event.</summary>
    public int MaxDepth { get; set; } = 32;

    /// <summary>How far ahead of ours a client's clock may be.</summary>
    public TimeSpan FutureSkew { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How old an event may be, in calendar months; at most six years.</summary>
    public int RetentionMonths { get; set; } = 72;

    /// <summary>How long refused events are kept.</summary>
    public TimeSpan RefusedRetention { get; set; } = TimeSpan.FromDays(30);

    public int BodyBytes(EventDoor door) => door == EventDoor.Storefront ? MaxBodyBytes : MaxServerBodyBytes;

    /// <summary>The limits of an event received at an instant.</summary>
    public UnderstandingLimits For(EventDoor door, DateTimeOffset receivedAt) => new(
        door == EventDoor.Storefront ? MaxEventBytes : MaxServerEventBytes, MaxDepth, receivedAt.AddMonths(-RetentionMonths), receivedAt + FutureSkew);

    /// <summary>The earliest instant an event received now may have.</summary>
    public DateTimeOffset OldestKept(DateTimeOffset now) => now.AddMonths(-RetentionMonths);

    internal bool IsSane() =>
        MaxBodyBytes > 0 && MaxEventBytes > 0 && MaxServerBodyBytes > 0 && MaxServerEventBytes > 0 && MaxBatch > 0
        && MaxDepth is >= 4 and <= 256 && FutureSkew >= TimeSpan.Zero && FutureSkew <= TimeSpan.FromHours(24)
        && RetentionMonths is >= 1 and <= 72 && RefusedRetention > TimeSpan.Zero;
}
