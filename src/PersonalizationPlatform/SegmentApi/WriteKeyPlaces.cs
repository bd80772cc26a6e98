using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>Beacons cannot send headers: their write key stands in the body, or behind <c>?writeKey=</c>.</summary>
internal sealed class WriteKeyInBodyAttribute : KeyPlaceAttribute
{
    /// <summary>Whether the body is a batch.</summary>
    public bool Batch { get; init; }

    public override async ValueTask<SentKey?> FindAsync(HttpContext context) =>
        WriteKeyInQueryAttribute.Find(context) ?? ((await SegmentBody.OfAsync(context, Batch)).WriteKey is { } key ? new SentKey(key, InAddress: false) : null);
}

/// <summary>The settings of Segment's trackers are asked for by an address that contains the write key.</summary>
internal sealed class WriteKeyInPathAttribute : KeyPlaceAttribute
{
    public const string Parameter = "writeKey";

    public override ValueTask<SentKey?> FindAsync(HttpContext context) =>
        ValueTask.FromResult(context.Request.RouteValues[Parameter] is string { Length: > 0 } key ? new SentKey(key, InAddress: true) : null);
}

/// <summary>Those of RudderStack's name it behind <c>?writeKey=</c>.</summary>
internal sealed class WriteKeyInQueryAttribute : KeyPlaceAttribute
{
    public override ValueTask<SentKey?> FindAsync(HttpContext context) => ValueTask.FromResult(Find(context));

    public static SentKey? Find(HttpContext context) =>
        context.Request.Query.TryGetValue("writeKey", out var key) && !string.IsNullOrEmpty(key) ? new SentKey(key.ToString(), InAddress: true) : null;
}
