namespace PersonalizationPlatform.SegmentApi;

/// <summary>
/// What the Segment-compatible API takes and how it reads it; configuration section <c>SegmentApi</c>. The defaults are Segment's own
/// limits, and the names its consent tools use.
/// </summary>
public sealed class SegmentOptions
{
    public const string Section = "SegmentApi";

    /// <summary>Bytes of one message, after decompression.</summary>
    public int MaxMessageBytes { get; set; } = 32 * 1024;

    /// <summary>Bytes of a batch, after decompression.</summary>
    public int MaxBatchBytes { get; set; } = 500 * 1024;

    /// <summary>Messages in a batch.</summary>
    public int MaxMessages { get; set; } = 2500;

    /// <summary>Where trackers are told to send to, host and path without a scheme, e.g. <c>events.shop.example/v1</c>; null = they are configured themselves.</summary>
    public string? ApiHost { get; set; }

    /// <summary>
    /// The purposes that a consent category stands for, separated by commas; beside or instead of the usual names. A category that is
    /// not named says nothing.
    /// </summary>
    public Dictionary<string, string> ConsentCategories { get; } = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Analytics"] = "collect",
        ["Performance"] = "collect",
        ["Functional"] = "personalize",
        ["Personalization"] = "personalize",
        ["Advertising"] = "share",
        ["DataSharing"] = "share",
        // OneTrust's ids; C0001 is strictly necessary, and so nobody's choice.
        ["C0002"] = "collect",
        ["C0003"] = "personalize",
        ["C0004"] = "share",
    };

    internal bool IsSane() => MaxMessageBytes > 0 && MaxBatchBytes > 0 && MaxMessages > 0;

    /// <summary>The purposes of a category; none when it is unknown or switched off with an empty text.</summary>
    internal string[] Purposes(string category) =>
        ConsentCategories.TryGetValue(category, out var purposes)
            ? purposes.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
}
