using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>One thing that a record tells of its order, as the event it becomes.</summary>
/// <param name="Arrival">The event.</param>
/// <param name="Id">Its <c>_id</c>, by which it is known again; null when it cannot be taken.</param>
/// <param name="Order">The website and number of the order.</param>
/// <param name="At">When it happened.</param>
/// <param name="Part">Where in the record it stands, e.g. <c>shipments[0]</c>; null = it is about the whole.</param>
internal sealed record OrderFact(Arrival Arrival, string? Id, (string Website, string Number) Order, DateTimeOffset At, string? Part)
{
    /// <summary>What cannot be taken at all.</summary>
    public static OrderFact Refused(Arrival arrival, string? part = null) => new(arrival, null, ("", ""), DateTimeOffset.MinValue, part);
}

/// <summary>
/// Turns a record of the order feed into the back-office events it tells of. Pure: whatever the record says again is the same event
/// again, under the same id and, unless the shop has changed it meanwhile, at the same time, for every time is the record's own.
/// </summary>
internal static class OrderTranslator
{
    /// <summary>Invoices, shipments and credit memos of one order: more than any has, and what one request may cost.</summary>
    public const int MostParts = 250;

    private const int LongestId = 256;
    private const string Placed = "commerce.backofficeOrderPlaced";
    private const string ShipmentCompleted = "commerce.backofficeOrderShipmentCompleted";
    private const string Cancelled = "commerce.backofficeOrderCancelled";

    /// <param name="sent">The record's bytes.</param>
    /// <param name="keyWebsite">The website of the key.</param>
    /// <param name="defaultWebsite">The website of orders that name none and come with a key that has none.</param>
    /// <param name="limits">What a record may at most be.</param>
    public static IReadOnlyList<OrderFact> Translate(ReadOnlyMemory<byte> sent, string? keyWebsite, string defaultWebsite, UnderstandingLimits limits)
    {
        using var document = Parse(sent, limits);
        // Whatever reads events refuses this with the reason.
        if (document is null || document.RootElement.ValueKind != JsonValueKind.Object)
            return [OrderFact.Refused(new Arrival(sent))];
        var problems = new XdmProblems();
        var record = new OrderRecord(new XdmNode(document.RootElement, problems), keyWebsite ?? defaultWebsite);
        if (record.Number is null)
            return [Refused(sent, RefusalCodes.NoOrderNumber, "The record has neither a commerceOrderNumber nor a commerceOrderId.")];
        if (record.CreatedAt is not { } createdAt)
            return [Refused(sent, RefusalCodes.TimeInvalid, "createdAt is not an ISO 8601 instant, such as 2026-01-31T12:00:00+00:00.")];
        var parts = OrderPartKind.All.SelectMany(kind => record.Node[kind.List].Each().Select((part, index) => (kind, part, index))).ToList();
        if (parts.Count > MostParts)
            return [Refused(sent, RefusalCodes.TooManyParts, $"The order has {parts.Count} invoices, shipments and credit memos; at most {MostParts} are taken.")];

        var facts = new List<OrderFact> { Fact(record, Placed, createdAt, keyWebsite, whole: sent) };
        foreach (var (kind, part, index) in parts)
            if (part.IsObject)
                facts.Add(Fact(record, kind, part, index, createdAt, keyWebsite));
        if (record.Is(OrderRecord.Complete) && LastShipment(record, createdAt) is { } shipped)
            facts.Add(Fact(record, ShipmentCompleted, shipped, keyWebsite));
        if (record.Is(OrderRecord.Canceled))
            facts.Add(Fact(record, Cancelled, CancelledAt(record) ?? createdAt, keyWebsite));
        if (record.UpdatedAt is null && record.Node["updatedAt"].Exists)
            facts.Add(Refused(sent, RefusalCodes.TimeInvalid, "updatedAt is not an ISO 8601 instant."));
        else if (record.UpdatedAt is not null || record.Status is not null)
            facts.Add(Update(record, facts.Max(fact => fact.At), keyWebsite));
        return problems.Found is { } found ? [Refused(sent, found.Code, found.Detail)] : facts;
    }

    /// <summary>
    /// How the order stands after all that the record tells of: Commerce may write the order a second before its invoice, or not at all
    /// when a part of it is shipped. New whenever that time or the status is, for no event may be changed afterwards.
    /// </summary>
    private static OrderFact Update(OrderRecord record, DateTimeOffset latest, string? website)
    {
        var at = record.UpdatedAt > latest ? record.UpdatedAt.Value : latest;
        return Fact(record, EventKinds.OrderUpdated, at, website, name: $"orderUpdated:{Time(at)}:{record.Status}");
    }

    /// <summary>Something about the whole order.</summary>
    private static OrderFact Fact(
        OrderRecord record, string type, DateTimeOffset at, string? website, ReadOnlyMemory<byte>? whole = null, string? name = null)
    {
        var id = Id(record, name ?? type[(type.LastIndexOf('.') + 1)..]);
        var xdm = Write(record, id, type, at, json => OrderWriting.WriteOrder(json, record, type, at));
        return new OrderFact(Arrival(xdm, website, "order", whole), id, (record.Website, record.Number!), at, null);
    }

    /// <summary>
    /// Something that may happen to an order several times. Without a time of its own, which exporters before 2023 did not write for
    /// invoices, it counts when the order was placed: a time that does not change is worth more than a later one that does.
    /// </summary>
    private static OrderFact Fact(OrderRecord record, OrderPartKind kind, XdmNode part, int index, DateTimeOffset createdAt, string? website)
    {
        var place = $"{kind.List}[{index}]";
        var sent = JsonMarshal.GetRawUtf8Value(part.Element).ToArray();
        var at = part.Instant("createdAt") ?? createdAt;
        if (part["createdAt"].Exists && part.Instant("createdAt") is null)
            return OrderFact.Refused(Unreadable(sent, kind.Member, RefusalCodes.TimeInvalid, "createdAt is not an ISO 8601 instant."), place);
        // Lists only grow, so what has no id is known by its place.
        var id = Id(record, $"{kind.Type[(kind.Type.LastIndexOf('.') + 1)..]}:{kind.IdOf(part) ?? $"#{index + 1}"}");
        var xdm = Write(record, id, kind.Type, at, json => OrderWriting.WritePart(json, record, kind, part, at));
        return new OrderFact(Arrival(xdm, website, kind.Member, sent), id, (record.Website, record.Number!), at, place);
    }

    private static string Id(OrderRecord record, string name)
    {
        var id = $"orderV2:{record.Website.ToLowerInvariant()}:{record.Number}:{name}";
        return id.Length <= LongestId ? id : "orderV2:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>An order is complete with its last shipment; one of which nothing is shipped has no such event.</summary>
    private static DateTimeOffset? LastShipment(OrderRecord record, DateTimeOffset createdAt) => record.Node[OrderPartKind.Shipment.List].Each()
        .Where(shipment => shipment.IsObject).Select(shipment => (DateTimeOffset?)(shipment.Instant("createdAt") ?? createdAt)).Max();

    /// <summary>The order itself is changed by later comments, too; its items are not.</summary>
    private static DateTimeOffset? CancelledAt(OrderRecord record) =>
        record.Items.All.Where(item => item.Amount("qtyCanceled") > 0).Select(item => item.Instant("updatedAt")).Max() ?? record.UpdatedAt;

    private static byte[] Write(OrderRecord record, string id, string type, DateTimeOffset at, Action<Utf8JsonWriter> writeRest)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, XdmWriting.Plainly))
        {
            json.WriteStartObject();
            json.WriteString("_id", id);
            json.WriteString("eventType", type);
            json.WriteString("timestamp", Time(at));
            OrderWriting.WriteCustomer(json, record);
            writeRest(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is kept as the event's body is the event with what it was made of, so that nothing the shop sent is lost.</summary>
    private static Arrival Arrival(byte[] xdm, string? website, string member, ReadOnlyMemory<byte>? sent) =>
        new(xdm) { Sent = sent is { } made ? With(xdm, member, made.Span) : default(ReadOnlyMemory<byte>?), Website = website };

    private static byte[] With(ReadOnlySpan<byte> xdm, string member, ReadOnlySpan<byte> sent) =>
        [.. xdm[..^1], .. Encoding.UTF8.GetBytes($",\"{member}\":"), .. sent, (byte)'}'];

    private static OrderFact Refused(ReadOnlyMemory<byte> sent, string code, string detail) => OrderFact.Refused(Unreadable(sent.Span, "order", code, detail));

    /// <summary>Kept so that it is refused again if it is tried again: without a time an event would count as happening now.</summary>
    private static Arrival Unreadable(ReadOnlySpan<byte> sent, string member, string code, string detail) =>
        new(With("""{"timestamp":0}"""u8, member, sent)) { Refusal = (code, detail) };

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json, UnderstandingLimits limits)
    {
        if (json.Length > limits.MaxEventBytes || !WireText.IsUtf8(json.Span))
            return null;
        try
        {
            return JsonDocument.Parse(WireText.Clean(json), new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
