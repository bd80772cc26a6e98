using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>One event of an Edge request: its XDM, the free-form data beside it, and what the door has to know of them.</summary>
public sealed record EdgeEvent
{
    private const string PageView = "pageView";
    private readonly EventKind? kind;

    /// <param name="sent">What stands in the place of an event, even if it is not an object.</param>
    public EdgeEvent(ReadOnlyMemory<byte> sent)
    {
        var xdm = JsonSlices.At(sent, "xdm");
        var data = JsonSlices.At(sent, "data");
        if (!JsonSlices.IsObject(xdm))
            xdm = data.Length > 0 || JsonSlices.At(sent, "query").Length > 0 ? "{}"u8.ToArray() : sent;
        kind = JsonSlices.Text(JsonSlices.At(xdm, "eventType")) is { Length: > 0 } type ? EventKinds.Find(type) : Marked(xdm);
        Xdm = JsonSlices.IsObject(data) ? With(xdm, data) : xdm;
    }

    /// <summary>The event as XDM; what was sent as <c>data</c> beside it is its member of that name.</summary>
    public ReadOnlyMemory<byte> Xdm { get; }

    /// <summary>Whether the page that sent it waits for the shopper's audiences.</summary>
    public bool IsPageView => kind?.Name == PageView;

    /// <summary>Whether only the shop's servers may say this.</summary>
    public bool NeedsSecretKey => kind?.NeedsSecretKey == true;

    /// <summary>Whether it is one of the events that shops are known to send, by its type or by its marker.</summary>
    public bool IsKnown => kind is not null;

    /// <summary>Whom it is about, its own identity first, as the door knows.</summary>
    public IReadOnlyList<Identity> Identities { get; init; } = [];

    private static EventKind? Marked(ReadOnlyMemory<byte> xdm) =>
        EventKinds.All.FirstOrDefault(kind => kind.Markers.Any(marker => IsMark(JsonSlices.At(xdm, marker.Split('.')))));

    /// <summary><c>{"value":1}</c>, or simply a number; nothing that says none.</summary>
    private static bool IsMark(ReadOnlyMemory<byte> json)
    {
        if (JsonSlices.IsObject(json) && JsonSlices.At(json, "value") is { Length: > 0 } value)
            json = value;
        return JsonSlices.IsObject(json) || json.Span.SequenceEqual("true"u8) || (JsonSlices.Number(json) ?? 0) != 0;
    }

    private static byte[] With(ReadOnlyMemory<byte> xdm, ReadOnlyMemory<byte> data)
    {
        var open = xdm.Span[..^1].TrimEnd(" \t\r\n"u8);
        return [.. open, .. open.Length > 1 ? ",\"data\":"u8 : "\"data\":"u8, .. data.Span, (byte)'}'];
    }
}
