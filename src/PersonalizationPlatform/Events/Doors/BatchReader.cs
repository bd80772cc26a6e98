using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>
/// Splits a body into the bytes of its events, without building anything: one XDM object, an array, <c>{"events":[…]}</c> or
/// <c>{"records":[…]}</c>, each event bare or inside <c>{"xdm":{…}}</c>. A recorded Edge request is one of these as it is.
/// </summary>
public static class BatchReader
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>One slice of the body per event, in order; what is in the place of an event is one, even if it is not an object.</summary>
    /// <exception cref="ProblemException">400 <c>request.notJson</c> with the position; 413 <c>batch.tooLarge</c>.</exception>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> body, int maxBatch)
    {
        if (body.Span.StartsWith(ByteOrderMark))
            body = body[ByteOrderMark.Length..];
        try
        {
            var reader = new Utf8JsonReader(body.Span, AnyDepth);
            reader.Read();
            var root = Scan(ref reader);
            // Whatever follows the one JSON value makes the body something else than JSON.
            while (reader.Read())
            {
            }

            if (root.IsArray)
                return Elements(body[root.Whole], maxBatch);
            if (root.Batch is { } batch)
                return Elements(body[batch], maxBatch);
            return [body[root.Xdm ?? root.Whole]];
        }
        catch (JsonException malformed)
        {
            throw new ProblemException(400, "request.notJson",
                $"The body is not JSON: line {(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}.");
        }
    }

    private static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> array, int maxBatch)
    {
        var events = new List<ReadOnlyMemory<byte>>();
        var reader = new Utf8JsonReader(array.Span, AnyDepth);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (events.Count == maxBatch)
                throw new ProblemException(413, "batch.tooLarge", $"A request takes at most {maxBatch} events.");
            var element = Scan(ref reader);
            events.Add(array[element.Xdm ?? element.Whole]);
        }

        return events;
    }

    /// <summary>Reads the value the reader stands on to its end, noting where an envelope's members are.</summary>
    private static Found Scan(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        Range? batch = null, xdm = null;
        var isArray = reader.TokenType == JsonTokenType.StartArray;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isBatch = reader.ValueTextEquals("events"u8) || reader.ValueTextEquals("records"u8);
                var isXdm = reader.ValueTextEquals("xdm"u8);
                reader.Read();
                var at = (int)reader.TokenStartIndex;
                var type = reader.TokenType;
                reader.Skip();
                if (isBatch && type == JsonTokenType.StartArray)
                    batch = at..(int)reader.BytesConsumed;
                else if (isXdm && type == JsonTokenType.StartObject)
                    xdm = at..(int)reader.BytesConsumed;
            }
        }
        else
        {
            reader.Skip();
        }

        return new Found(start..(int)reader.BytesConsumed, isArray, batch, xdm);
    }

    private readonly record struct Found(Range Whole, bool IsArray, Range? Batch, Range? Xdm);
}
