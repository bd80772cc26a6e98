using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace PersonalizationPlatform.Http;

/// <summary>One line of a body. <paramref name="Bytes"/> is only good until the next line is asked for.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="TooLong">The line is longer than allowed; its bytes are skipped and empty here.</param>
public readonly record struct RequestLine(long Number, ReadOnlyMemory<byte> Bytes, bool TooLong);

/// <summary>
/// Streams a body of lines (CSV, NDJSON) of any size in bounded memory, gzip or not. Empty lines are counted but not given;
/// a byte order mark and the CR of a CRLF are taken off. A body that ends early is refused (400 <c>request.incomplete</c>) after the
/// lines that were whole.
/// </summary>
public static class RequestLines
{
    public static async IAsyncEnumerable<RequestLine> ReadAsync(
        HttpRequest request, int maxLength, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var unpacked = Unpack(request);
        var reader = PipeReader.Create(unpacked, new StreamPipeReaderOptions(leaveOpen: true));
        var number = 0L;
        var skipping = false;
        while (true)
        {
            var result = await ReadSomeAsync(reader, cancellationToken);
            var buffer = result.Buffer;
            while (TryTakeLine(ref buffer, result.IsCompleted, out var line))
            {
                number++;
                var tooLong = skipping || line.Length > maxLength;
                skipping = false;
                var bytes = tooLong ? default : Trim(line.IsSingleSegment ? line.First : line.ToArray(), first: number == 1);
                if (tooLong || !bytes.IsEmpty)
                    yield return new(number, bytes, tooLong);
            }

            // What is left has no end of line yet: past the limit it is dropped piece by piece.
            if (buffer.Length > maxLength)
            {
                skipping = true;
                buffer = buffer.Slice(buffer.End);
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
            if (!result.IsCompleted)
                continue;
            if (skipping)
                yield return new(number + 1, default, true);
            break;
        }

        await reader.CompleteAsync();
    }

    private static Stream Unpack(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            return request.Body;
        return encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            ? new GunzipStream(request.Body)
            : throw new ProblemException(415, "http.contentEncoding", "Send the body as it is, or with Content-Encoding: gzip.");
    }

    private static async ValueTask<ReadResult> ReadSomeAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw ProblemException.Invalid("http.gzip", "The body is not gzip.");
        }
        catch (Exception e) when (e is EndOfStreamException or BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest })
        {
            throw ProblemException.Invalid("request.incomplete", "The body ended early.");
        }
    }

    private static bool TryTakeLine(ref ReadOnlySequence<byte> buffer, bool last, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is { } end)
        {
            line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            return true;
        }

        line = buffer;
        if (!last || buffer.IsEmpty)
            return false;
        buffer = buffer.Slice(buffer.End);
        return true;
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line, bool first)
    {
        if (first && line.Span.StartsWith("\uFEFF"u8))
            line = line[3..];
        while (!line.IsEmpty && line.Span[^1] is (byte)'\r' or (byte)' ' or (byte)'\t')
            line = line[..^1];
        return line;
    }
}
