using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>One message, read tolerantly: what is missing or oddly shaped reads as nothing.</summary>
/// <param name="Call">Which of the spec's calls it is (<c>track</c>, <c>page</c>, …), or what the message calls itself.</param>
/// <param name="Root">The message.</param>
/// <param name="BatchContext">What its batch says of all its messages, used where the message itself says nothing.</param>
internal sealed record SegmentMessage(string Call, XdmNode Root, XdmNode BatchContext)
{
    public const string Track = "track";
    public const string Page = "page";
    public const string Screen = "screen";
    public const string Identify = "identify";
    public const string Group = "group";
    public const string Alias = "alias";

    public bool IsPage => Call is Page or Screen;

    public XdmNode Properties => Root["properties"];

    public XdmNode Context(string name) => Root["context"].First(name) is { Exists: true } own ? own : BatchContext[name];

    /// <summary>What the call says of the shopper: its own traits, and those a tracker repeats with every call.</summary>
    public IEnumerable<XdmNode> Traits() => [Root["traits"], Context("traits")];

    /// <summary>The instant as sent; RudderStack calls it the original one.</summary>
    public XdmNode Timestamp => Root.First("timestamp", "originalTimestamp");

    /// <summary>The call a message makes by its <c>type</c>. Trackers write it in small letters, people do not.</summary>
    public static string CallOf(XdmNode root) =>
        root.Text("type")?.Trim() is { } type
            ? type.ToLowerInvariant() is Track or Page or Screen or Identify or Group or Alias ? type.ToLowerInvariant() : type
            : Track;
}
