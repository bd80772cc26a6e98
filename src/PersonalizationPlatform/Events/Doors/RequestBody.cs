using System.Buffers;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>
/// Reads a request's body whatever its content type says (browsers send JSON as <c>text/plain</c> to spare the preflight), plain
/// or gzip, never more than the limit.
/// </summary>
public static class RequestBody
{
    private static ReadOnlySpan<byte> GzipMagic => [0x1F, 0x8B];

    /// <summary>
    /// The body, decompressed. Read through pooled memory but handed out as an array of its own: events keep slices of it, and a
    /// writer shared with other requests may still hold them when this request has been given up.
    /// </summary>
    /// <exception cref="ProblemException">413 <c>body.tooLarge</c>, 415 <c>request.encodingUnsupported</c>, 400 <c>request.notGzip</c> or <c>request.incomplete</c>.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString().Trim();
        var gzip = encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase) || encoding.Equals("x-gzip", StringComparison.OrdinalIgnoreCase);
        if (!gzip && encoding.Length > 0 && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(415, "request.encodingUnsupported", "The body may be plain or gzip.");
        if (!gzip && request.ContentLength > limit)
            throw TooLarge(limit);
        try
        {
            if (gzip)
                return await UnzippedAsync(request.Body, limit, cancellationToken);
            var body = await ReadAsync(request.Body, limit, request.ContentLength, cancellationToken);
            // Some clients zip and do not say so; no JSON begins like that.
            return body.Span.StartsWith(GzipMagic) ? await UnzippedAsync(new MemoryStream(body.ToArray()), limit, cancellationToken) : body;
        }
        catch (InvalidDataException)
        {
            throw new ProblemException(400, "request.notGzip", "The body is not gzip, though it says so or begins like it.");
        }
        catch (EndOfStreamException)
        {
            throw Incomplete();
        }
        catch (BadHttpRequestException broken)
        {
            // A 408 would make browsers send the same again by themselves, unseen by the client's own retry rules.
            throw broken.StatusCode == 413 ? TooLarge(limit) : Incomplete();
        }
    }

    private static async Task<ReadOnlyMemory<byte>> UnzippedAsync(Stream zipped, int limit, CancellationToken cancellationToken)
    {
        await using var unzipped = new GunzipStream(zipped);
        return await ReadAsync(unzipped, limit, null, cancellationToken);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int limit, long? expected, CancellationToken cancellationToken)
    {
        var pool = ArrayPool<byte>.Shared;
        var buffer = pool.Rent((int)Math.Min(expected + 1 ?? 8192, limit + 1L));
        try
        {
            var length = 0;
            while (await stream.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length > limit)
                    throw TooLarge(limit);
                if (length < buffer.Length)
                    continue;
                var larger = pool.Rent((int)Math.Min(buffer.Length * 2L, Math.Max(limit + 1L, buffer.Length + 1L)));
                buffer.AsSpan(0, length).CopyTo(larger);
                pool.Return(buffer);
                buffer = larger;
            }

            return buffer.AsSpan(0, length).ToArray();
        }
        finally
        {
            pool.Return(buffer);
        }
    }

    private static ProblemException Incomplete() => new(400, "request.incomplete", "The body ended early.");

    private static ProblemException TooLarge(int limit) => new(413, "body.tooLarge", $"The body is larger than {limit} bytes.");
}
