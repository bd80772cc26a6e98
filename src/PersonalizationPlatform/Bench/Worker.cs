using System.Buffers;
using System.Diagnostics;
using System.Text;

namespace PersonalizationPlatform.Bench;

/// <summary>One client of a load: its connection, its dice, and how long its requests took.</summary>
internal sealed class Worker(LoadConnection connection, int number, CancellationToken cancellationToken)
{
    private readonly ArrayBufferWriter<byte> request = new(64 * 1024);

    /// <summary>0, 1, 2, … within one load.</summary>
    public int Number => number;
    public Random Dice { get; } = new();

    /// <summary>In ticks of <see cref="Stopwatch"/>.</summary>
    public List<long> Latencies { get; } = [];

    /// <summary>The body being written for the next request.</summary>
    public ArrayBufferWriter<byte> Content { get; } = new(64 * 1024);

    /// <summary>The last answer's body.</summary>
    public ReadOnlySpan<byte> Answer => connection.Body.Span;

    /// <summary>Sends <see cref="Content"/> and empties it. The answer must have the status.</summary>
    /// <returns>How long it took, in ticks of <see cref="Stopwatch"/>.</returns>
    public async ValueTask<long> SendAsync(string method, string path, string key, int expected)
    {
        request.ResetWrittenCount();
        Encoding.ASCII.GetBytes(
            $"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\nContent-Length: {Content.WrittenCount}\r\n\r\n", request);
        request.Write(Content.WrittenSpan);
        Content.ResetWrittenCount();
        var started = Stopwatch.GetTimestamp();
        var status = await connection.SendAsync(request.WrittenMemory, cancellationToken);
        var took = Stopwatch.GetTimestamp() - started;
        if (status != expected)
            throw new BenchException($"{method} {path} was answered with {status}: {Encoding.UTF8.GetString(Answer)}");
        return took;
    }
}
