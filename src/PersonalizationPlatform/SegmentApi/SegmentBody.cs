using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>
/// A request's body: one message, or <c>{"batch":[…]}</c>, split into the bytes of its messages without building anything. Read once
/// per request, by whoever needs it first: where no header brings the key, authentication looks for it in here.
/// </summary>
internal sealed class SegmentBody
{
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    private readonly Memory<byte> bytes;
    private readonly List<Range> keys = [];
    private readonly List<ReadOnlyMemory<byte>> messages = [];

    private SegmentBody(Memory<byte> bytes) => this.bytes = bytes;

    public IReadOnlyList<ReadOnlyMemory<byte>> Messages => messages;

    /// <summary>The write key at the top, else that of the first message which has one.</summary>
    public string? WriteKey => keys.Count == 0 ? null : Encoding.UTF8.GetString(bytes.Span[keys[0]]);

    /// <summary>When a batch was sent, by the client's clock.</summary>
    public string? SentAt { get; private set; }

    /// <summary>What a batch says of all its messages.</summary>
    public ReadOnlyMemory<byte>? Context { get; private set; }

    /// <exception cref="ProblemException">400 <c>request.notJson</c>, <c>segment.notAnObject</c> or <c>segment.noBatch</c>; 413 <c>body.tooLarge</c> or <c>batch.tooLarge</c>; and what <see cref="RequestBody"/> refuses.</exception>
    public static async ValueTask<SegmentBody> OfAsync(HttpContext context, bool isBatch)
    {
        if (context.Features.Get<SegmentBody>() is { } known)
            return known;
        var options = context.RequestServices.GetRequiredService<IOptions<SegmentOptions>>().Value;
        var read = await RequestBody.ReadAsync(context.Request, isBatch ? options.MaxBatchBytes : options.MaxMessageBytes, context.RequestAborted);
        var body = Split(read, isBatch, options.MaxMessages);
        context.Features.Set(body);
        return body;
    }

    public static SegmentBody Split(ReadOnlyMemory<byte> read, bool isBatch, int maxMessages)
    {
        // The bytes are this request's own, so what must not be kept can be struck out of them.
        var bytes = MemoryMarshal.AsMemory(read);
        if (bytes.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            bytes = bytes[3..];
        var body = new SegmentBody(bytes);
        try
        {
            body.ReadTop(isBatch, maxMessages);
        }
        catch (JsonException malformed)
        {
            throw new ProblemException(400, "request.notJson",
                $"The body is not JSON: line {(malformed.LineNumber ?? 0) + 1}, byte {(malformed.BytePositionInLine ?? 0) + 1}.");
        }

        return body;
    }

    /// <summary>Strikes out every write key, so that a secret one is not kept with the messages.</summary>
    public void StrikeKeys()
    {
        foreach (var key in keys)
            bytes.Span[key].Fill((byte)'*');
    }

    private void ReadTop(bool isBatch, int maxMessages)
    {
        var reader = new Utf8JsonReader(bytes.Span, AnyDepth);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            ToEnd(ref reader);
            throw new ProblemException(400, "segment.notAnObject", "The body must be a JSON object.");
        }

        var hasBatch = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isBatch && JsonText.IsNamed(ref reader, "batch"u8))
            {
                reader.Read();
                // Of several, the last counts, as in any JSON object.
                messages.Clear();
                hasBatch = reader.TokenType == JsonTokenType.StartArray;
                if (hasBatch)
                    ReadMessages(ref reader, maxMessages);
                else
                    reader.Skip();
            }
            else
            {
                ReadMember(ref reader, ofBatch: isBatch);
            }
        }

        ToEnd(ref reader);
        if (!isBatch)
            messages.Add(bytes);
        else if (!hasBatch)
            throw new ProblemException(400, "segment.noBatch", "The body must have a list of messages called batch.");
    }

    private void ReadMessages(ref Utf8JsonReader reader, int maxMessages)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (messages.Count == maxMessages)
                throw new ProblemException(413, "batch.tooLarge", $"A batch takes at most {maxMessages} messages.");
            var start = (int)reader.TokenStartIndex;
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                    ReadMember(ref reader, ofBatch: false);
            }
            else
            {
                reader.Skip();
            }

            messages.Add(bytes[start..(int)reader.BytesConsumed]);
        }
    }

    /// <summary>One member at the top of the batch or of a message; the reader stands on its name, and afterwards at its end.</summary>
    private void ReadMember(ref Utf8JsonReader reader, bool ofBatch)
    {
        var isKey = JsonText.IsNamed(ref reader, "writeKey"u8);
        var isSentAt = ofBatch && JsonText.IsNamed(ref reader, "sentAt"u8);
        var isContext = ofBatch && JsonText.IsNamed(ref reader, "context"u8);
        reader.Read();
        var start = (int)reader.TokenStartIndex;
        var isText = reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        var end = (int)reader.BytesConsumed;
        if (isKey && isText && end - start > 2)
        {
            // What the batch says goes before what its messages say, wherever it stands.
            keys.Insert(ofBatch ? 0 : keys.Count, (start + 1)..(end - 1));
        }

        if (isSentAt && isText)
            SentAt = Encoding.UTF8.GetString(bytes.Span[(start + 1)..(end - 1)]);
        if (isContext && isObject)
            Context = bytes[start..end];
    }

    /// <summary>Whatever follows the one JSON value makes the body something else than JSON.</summary>
    private static void ToEnd(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
        }
    }
}
