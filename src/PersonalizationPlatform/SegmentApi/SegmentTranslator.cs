using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>What a request says beside its messages.</summary>
/// <param name="Trusted">Whether it came with a secret key, and so from one of the shop's servers.</param>
/// <param name="Website">The website of the key.</param>
/// <param name="SentAt">When the whole was sent, by the client's clock; a message may say so itself.</param>
/// <param name="Context">What the batch says of all its messages.</param>
/// <param name="ReceivedAt">When it was received, by ours.</param>
internal sealed record SegmentRequest(bool Trusted, string? Website, string? SentAt, ReadOnlyMemory<byte>? Context, DateTimeOffset ReceivedAt);

/// <summary>
/// Turns a message of Segment's spec into an event in Adobe's vocabulary, so that one reader understands all. Pure: the same message
/// gives the same bytes whenever it is sent again, which is why nothing of the request is written into them.
/// </summary>
internal static class SegmentTranslator
{
    private const string PageViews = "web.webpagedetails.pageViews";

    /// <summary>
    /// So much of a difference is the network's and not the clock's. Trackers send each message by itself, some at once: correcting by
    /// how long each was on its way would count a cart's changes in another order than they happened.
    /// </summary>
    private static readonly TimeSpan OnTheWay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MaxSkew = TimeSpan.FromHours(24);

    /// <summary>
    /// What a shop's servers know and browsers may only claim: orders and accounts. With a secret key these come in as back-office
    /// events. Everything else a server sends is still what a shopper does in the shop, and stays subject to his consent.
    /// </summary>
    private static readonly HashSet<string> OfServers = new(
        EventKinds.All.Where(kind => kind.NeedsSecretKey && kind.Name is not (EventKinds.AccountDeleted or EventKinds.ProfileRecord)).Select(kind => kind.Name)
            .Concat([EventKinds.CompleteCheckout, EventKinds.OrderUpdated, "signIn", "signOut", "createAccount", "editAccount"]),
        StringComparer.Ordinal);

    /// <param name="sent">The message's bytes.</param>
    /// <param name="call">Which call it is by its address; null = by its own <c>type</c>.</param>
    /// <param name="request">What the request says beside it.</param>
    /// <param name="options">What consent categories mean.</param>
    /// <param name="maxDepth">Objects and arrays inside one another.</param>
    public static (EventDoor Door, Arrival Arrival) Translate(
        ReadOnlyMemory<byte> sent, string? call, SegmentRequest request, SegmentOptions options, int maxDepth)
    {
        using var context = request.Context is { } shared ? Parse(shared, maxDepth) : null;
        using var document = Parse(sent, maxDepth);
        // Whatever reads events refuses this with the reason.
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
            return (EventDoor.Storefront, new Arrival(sent));

        var problems = new XdmProblems();
        var root = new XdmNode(document.RootElement, problems);
        var message = new SegmentMessage(call ?? SegmentMessage.CallOf(root), root, context is null ? default : new XdmNode(context.RootElement, problems));
        var (kind, type) = Named(message);
        var door = Door(message.Call, kind, request.Trusted);
        return (door, new Arrival(Write(message, kind, type, door, options))
        {
            Sent = sent,
            KeySeed = Convert.ToHexString(SHA256.HashData(sent.Span)),
            Website = request.Website,
            Correction = Correction(message, request),
        });
    }

    /// <summary>The documented name and the event type. A name that is none of ours stays what it is.</summary>
    private static (string Kind, string? Type) Named(SegmentMessage message)
    {
        if (message.IsPage)
            return ("pageView", PageViews);
        if (message.Call is SegmentMessage.Identify or SegmentMessage.Group or SegmentMessage.Alias)
            return (message.Call, message.Call);
        var name = message.Root.Text("event")?.Trim() ?? (message.Call == SegmentMessage.Track ? null : message.Call);
        if (name is null)
            return (EventKinds.Custom, null);
        return EventKinds.Find(name) is { } known ? (known.Name, known.Type) : (name, name);
    }

    private static EventDoor Door(string call, string kind, bool trusted)
    {
        if (!trusted)
            return EventDoor.Storefront;
        if (call is SegmentMessage.Identify or SegmentMessage.Group)
            return EventDoor.Profiles;
        return call == SegmentMessage.Alias || OfServers.Contains(kind) ? EventDoor.BackOffice : EventDoor.Storefront;
    }

    /// <summary>What the client's clock said when it sent the message tells how wrong it is.</summary>
    private static TimeSpan? Correction(SegmentMessage message, SegmentRequest request)
    {
        if (!WireTime.TryReadInstant(message.Root.Text("sentAt") ?? request.SentAt ?? "", out var sentAt))
            return null;
        var skew = request.ReceivedAt - sentAt;
        return skew.Duration() > OnTheWay && skew.Duration() <= MaxSkew ? skew : null;
    }

    private static byte[] Write(SegmentMessage message, string kind, string? type, EventDoor door, SegmentOptions options)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, XdmWriting.Plainly))
        {
            json.WriteStartObject();
            json.WriteText("_id", message.Root.Text("messageId"));
            if (door != EventDoor.Profiles)
                json.WriteText("eventType", type);
            json.WriteNode("timestamp", message.Timestamp);
            SegmentIdentities.Write(json, message, kind, door);
            if (door == EventDoor.Profiles)
                SegmentTraits.Write(json, message);
            else
                WriteEvent(json, message, kind);
            SegmentConsents.Write(json, message.Context("consent")["categoryPreferences"], options);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteEvent(Utf8JsonWriter json, SegmentMessage message, string kind)
    {
        if (SegmentPage.Channel(message) is { } channel)
        {
            json.WriteStartObject("channel");
            json.WriteString("_type", "https://ns.adobe.com/xdm/channel-types/" + channel);
            json.WriteEndObject();
        }

        SegmentPage.Write(json, message);
        if (!message.IsPage && message.Call is not (SegmentMessage.Identify or SegmentMessage.Group or SegmentMessage.Alias))
            SegmentCommerce.Write(json, message.Properties, kind);
    }

    /// <summary>Null when it is not JSON of this depth, or not UTF-8. What no database can hold is replaced, as in every event.</summary>
    private static JsonDocument? Parse(ReadOnlyMemory<byte> json, int maxDepth)
    {
        if (!WireText.IsUtf8(json.Span))
            return null;
        try
        {
            return JsonDocument.Parse(WireText.Clean(json), new JsonDocumentOptions { MaxDepth = maxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
