using System.Diagnostics;
using System.Net;

namespace PersonalizationPlatform.Bench;

/// <summary>What a load did.</summary>
/// <param name="Done">What its steps counted: requests, events, or whatever the step says.</param>
/// <param name="Latencies">Sorted, in ticks of <see cref="Stopwatch"/>.</param>
internal sealed record LoadResult(long Done, TimeSpan Elapsed, long[] Latencies)
{
    public double PerSecond => Done / Elapsed.TotalSeconds;

    /// <summary>Milliseconds that the given share of requests did not exceed.</summary>
    public double Milliseconds(double share) => Latencies.Length == 0
        ? double.NaN : Latencies[Math.Min(Latencies.Length - 1, (int)(share * Latencies.Length))] * 1_000d / Stopwatch.Frequency;

    /// <summary>Several rounds of the same as one: the median rate, and the latencies of all.</summary>
    public static (double PerSecond, LoadResult All) Together(IReadOnlyList<LoadResult> rounds)
    {
        var all = rounds.SelectMany(r => r.Latencies).Order().ToArray();
        return (Median(rounds.Select(r => r.PerSecond)), new LoadResult(rounds.Sum(r => r.Done), new TimeSpan(rounds.Sum(r => r.Elapsed.Ticks)), all));
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>Connections side by side, each repeating a step for some time; the next request goes out when the last answer is here.</summary>
internal static class Load
{
    /// <param name="address">The service.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="seconds">For how long steps are begun.</param>
    /// <param name="step">Does one round and returns how much it did; adds what it measured to the worker's latencies.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<LoadResult> RunAsync(
        IPEndPoint address, int connections, double seconds, Func<Worker, ValueTask<int>> step, CancellationToken cancellationToken)
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => LoadConnection.OpenAsync(address, cancellationToken)));
        try
        {
            var workers = opened.Select((connection, n) => new Worker(connection, n, cancellationToken)).ToArray();
            var watch = Stopwatch.StartNew();
            var done = await Task.WhenAll(workers.Select(worker => Task.Run(() => RepeatAsync(worker, watch, seconds, step), cancellationToken)));
            var elapsed = watch.Elapsed;
            return new LoadResult(done.Sum(), elapsed, [.. workers.SelectMany(w => w.Latencies).Order()]);
        }
        finally
        {
            foreach (var connection in opened)
                connection.Dispose();
        }
    }

    private static async Task<long> RepeatAsync(Worker worker, Stopwatch watch, double seconds, Func<Worker, ValueTask<int>> step)
    {
        var done = 0L;
        while (watch.Elapsed.TotalSeconds < seconds && await step(worker) is > 0 and var more)
            done += more;
        return done;
    }
}
