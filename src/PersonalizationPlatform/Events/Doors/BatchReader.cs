using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>What may stand around the events of a body.</summary>
/// <param name="Lists">The members that may hold the list, in UTF-8.</param>
/// <param name="Envelopes">Whether each may come in an envelope of Adobe's.</param>
public sealed record BatchShape(IReadOnlyList<byte[]> Lists, bool Envelopes)
{
    /// <summary>
    /// XDM: bare, as <c>{"xdm":{…}}</c> of the Edge, <c>{"event":{"xdm":{…}}}</c> of its Server API, or
    /// <c>{"header":{…},"body":{"xdmEntity":{…}}}</c> of streaming ingestion, of which <c>messages</c> are a list.
    /// </summary>
    public static readonly BatchShape Events = new([[.. "events"u8], [.. "records"u8]], Envelopes: true);

    /// <summary>Orders as the shop's feed has them.</summary>
    public static readonly BatchShape Orders = new([[.. "orders"u8], [.. "feed"u8]], Envelopes: false);
}

/// <summary>
/// Splits a body into the bytes of its events, without building anything: one object, an array, or an object with a list. A recorded
/// Edge request is one of these as it is.
/// </summary>
public static class BatchReader
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>One slice of the body per event, in order; what is in the place of an event is one, even if it is not an object.</summary>
    /// <exception cref="ProblemException">400 <c>request.notJson</c> with the position; 413 <c>batch.tooLarge</c>.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body, int maxBatch, BatchShape? shape = null)
    {
        shape ??= BatchShape.Events;
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        try
        {
            var reader = new Utf8JsonReader(body.Span, AnyDepth);
            reader.Read();
            var root = Scan(ref reader, shape);
            // Whatever follows the one JSON value makes the body something else than JSON.
            while (reader.Read())
            {
            }

            if (root.IsArray)
                return Elements(body[root.Whole], shape, maxBatch);
            if (root.List is { } list)
                return Elements(body[list], shape, maxBatch);
            // Events of other kinds may have messages, too.
            if (root is { Xdm: null, Messages: { } messages } && AreEnveloped(body[messages], shape))
                return Elements(body[messages], shape, maxBatch);
            return [root.Unwrap(body, shape)];
        }
        catch (JsonException malformed)
        {
            throw new ProblemException(400, "request.notJson",
                $"The body is not JSON: line {(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}.");
        }
    }

    private static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> array, BatchShape shape, int maxBatch)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(array.Span, AnyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (events.Count == maxBatch)
                throw new ProblemException(413, "batch.tooLarge", $"A request takes at most {maxBatch} events.");
            events.Add(Scan(ref reader, shape).Unwrap(array, shape));
        }

        return events;
    }

    /// <summary>Whether any element is a message of streaming ingestion.</summary>
    private static bool AreEnveloped(ReadOnlyMemory<byte> array, BatchShape shape)
    {
        var reader = new Utf8JsonReader(array.Span, AnyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            if (Scan(ref reader, shape).Inner(array, shape) is not null)
                return true;
        return false;
    }

    /// <summary>Reads the value the reader stands on to its end, noting where the members of an envelope are.</summary>
    private static Found Scan(ref Utf8JsonReader reader, BatchShape shape)
    {
        var found = new Found { IsArray = reader.TokenType == JsonTokenType.StartArray };
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var place = PlaceOf(ref reader, shape);
                reader.Read();
                var at = (int)reader.TokenStartIndex;
                var type = reader.TokenType;
                reader.Skip();
                var range = at..(int)reader.BytesConsumed;
                found = (place, type) switch
                {
                    (Place.List, JsonTokenType.StartArray) => found with { List = range },
                    (Place.Messages, JsonTokenType.StartArray) => found with { Messages = range },
                    (Place.Xdm, JsonTokenType.StartObject) => found with { Xdm = range },
                    (Place.Envelope, JsonTokenType.StartObject) => found with { Envelope = range },
                    _ => found,
                };
            }
        }
        else
        {
            reader.Skip();
        }

        return found with { Whole = start..(int)reader.BytesConsumed };
    }

    private static Place PlaceOf(ref Utf8JsonReader reader, BatchShape shape)
    {
        foreach (var list in shape.Lists)
            if (JsonText.IsNamed(ref reader, list))
                return Place.List;
        return !shape.Envelopes ? Place.Elsewhere
            : JsonText.IsNamed(ref reader, "xdm"u8) || JsonText.IsNamed(ref reader, "xdmEntity"u8) ? Place.Xdm
            : JsonText.IsNamed(ref reader, "event"u8) || JsonText.IsNamed(ref reader, "body"u8) ? Place.Envelope
            : JsonText.IsNamed(ref reader, "messages"u8) ? Place.Messages
            : Place.Elsewhere;
    }

    private enum Place
    {
        Elsewhere,
        List,
        Messages,
        Xdm,
        Envelope,
    }

    private readonly record struct Found
    {
        public required bool IsArray { get; init; }
        public Range Whole { get; init; }
        public Range? List { get; init; }
        public Range? Messages { get; init; }
        public Range? Xdm { get; init; }
        public Range? Envelope { get; init; }

        /// <summary>The event without what stands around it.</summary>
        public ReadOnlyMemory<byte> Unwrap(ReadOnlyMemory<byte> json, BatchShape shape) => Xdm is { } xdm ? json[xdm] : Inner(json, shape) ?? json[Whole];

        /// <summary>The XDM one level further down; null when there is none.</summary>
        public ReadOnlyMemory<byte>? Inner(ReadOnlyMemory<byte> json, BatchShape shape)
        {
            if (Envelope is not { } envelope)
                return null;
            var inner = json[envelope];
            var reader = new Utf8JsonReader(inner.Span, AnyDepth);
            reader.Read();
            return Scan(ref reader, shape).Xdm is { } xdm ? inner[xdm] : default(ReadOnlyMemory<byte>?);
        }
    }
}
