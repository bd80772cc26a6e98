using System.Diagnostics;

namespace PersonalizationPlatform.Bench;

/// <summary>
/// Requests at a steady rate over all connections. One that cannot go out when it is due, because every connection still waits for an
/// answer, has been waiting since then: leaving that out would make a service that stumbles look fast.
/// </summary>
internal sealed class Pace(int perSecond)
{
    private long number = -1;
    private long began;

    /// <summary>Waits until the next request is due.</summary>
    /// <returns>How late it is, in ticks of <see cref="Stopwatch"/>.</returns>
    public async ValueTask<long> WaitAsync(CancellationToken cancellationToken)
    {
        Interlocked.CompareExchange(ref began, Stopwatch.GetTimestamp(), 0);
        var due = began + (Interlocked.Increment(ref number) * Stopwatch.Frequency / perSecond);
        var late = Stopwatch.GetTimestamp() - due;
        if (late >= 0)
            return late;
        // The timer's own lateness is the client's, not the service's.
        await Task.Delay(Stopwatch.GetElapsedTime(0, -late), cancellationToken);
        return 0;
    }
}
