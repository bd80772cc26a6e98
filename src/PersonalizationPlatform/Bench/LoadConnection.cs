using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace PersonalizationPlatform.Bench;

/// <summary>
/// One kept-alive HTTP/1.1 connection that sends ready-made bytes and reuses its buffer for the answers. The load shares the
/// processors with what it measures, and a full HTTP client would take as much of them as the service does.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] buffer = new byte[64 * 1024];
    private int filled;

    /// <summary>The last answer's body; overwritten by the next request.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    public static async Task<LoadConnection> OpenAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        var connection = new LoadConnection();
        await connection.socket.ConnectAsync(address, cancellationToken);
        return connection;
    }

    /// <summary>Sends a request and returns the status, when the answer is here whole.</summary>
    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        while (request.Length > 0)
            request = request[await socket.SendAsync(request, cancellationToken)..];
        filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            await FillAsync(cancellationToken);
        if (!Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _))
            throw new BenchException("The answer is not HTTP.");
        if (Header(head, "content-length"u8) is { } length)
        {
            Utf8Parser.TryParse(buffer.AsSpan(length), out int bytes, out _);
            while (filled < head + 4 + bytes)
                await FillAsync(cancellationToken);
            Body = buffer.AsMemory(head + 4, bytes);
        }
        else
        {
            Body = Header(head, "transfer-encoding"u8) is null ? default : await ReadChunksAsync(head + 4, cancellationToken);
        }

        return status;
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Chunks, moved together where they stand.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> ReadChunksAsync(int start, CancellationToken cancellationToken)
    {
        var (at, end) = (start, start);
        while (true)
        {
            int line;
            while ((line = buffer.AsSpan(at, filled - at).IndexOf("\r\n"u8)) < 0)
                await FillAsync(cancellationToken);
            if (!Utf8Parser.TryParse(buffer.AsSpan(at, line), out int size, out _, 'x'))
                throw new BenchException("The answer's chunks cannot be read.");
            at += line + 2;
            while (filled < at + size + 2)
                await FillAsync(cancellationToken);
            if (size == 0)
                return buffer.AsMemory(start, end - start);
            buffer.AsSpan(at, size).CopyTo(buffer.AsSpan(end));
            end += size;
            at += size + 2;
        }
    }

    /// <summary>Where a header's value begins, spaces left out.</summary>
    private int? Header(int head, ReadOnlySpan<byte> name)
    {
        for (var at = 0; at < head;)
        {
            var line = buffer.AsSpan(at, head - at);
            var end = line.IndexOf("\r\n"u8);
            line = end < 0 ? line : line[..end];
            if (line.Length > name.Length && line[name.Length] == ':' && System.Text.Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return at + name.Length + 1 + (line[name.Length + 1] == ' ' ? 1 : 0);
            at += line.Length + 2;
        }

        return null;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (filled == buffer.Length)
            Array.Resize(ref buffer, buffer.Length * 2);
        var read = await socket.ReceiveAsync(buffer.AsMemory(filled), cancellationToken);
        if (read == 0)
            throw new BenchException("The service closed the connection.");
        filled += read;
    }
}
