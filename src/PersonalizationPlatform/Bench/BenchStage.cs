using System.Buffers;
using System.Net;
using System.Text;
using Npgsql;

namespace PersonalizationPlatform.Bench;

/// <summary>What every measure works with: the running service, its database, the traffic, and where figures go.</summary>
internal sealed class BenchStage(
    IPEndPoint address, string adminKey, string collectKey, IServiceProvider services, BenchOptions options, Traffic traffic, BenchReport report,
    CancellationToken cancellationToken)
{
    private const int SteadyConnections = 16;
    private readonly List<double> bare = [];

    public string AdminKey => adminKey;
    public string CollectKey => collectKey;
    public IServiceProvider Services => services;
    public NpgsqlDataSource Database { get; } = services.GetRequiredService<NpgsqlDataSource>();
    public BenchOptions Options => options;
    public Traffic Traffic => traffic;
    public BenchReport Report => report;
    public CancellationToken CancellationToken => cancellationToken;

    /// <summary>How long one round of one figure takes.</summary>
    public double RoundSeconds => options.Seconds / options.Rounds;

    /// <summary>Storefront events that the service has accepted so far.</summary>
    public long Accepted { get; set; }

    /// <summary>Connections that send as fast as they are answered.</summary>
    public Task<LoadResult> LoadAsync(int connections, double seconds, Func<Worker, ValueTask<int>> step) =>
        Load.RunAsync(address, connections, seconds, step, cancellationToken);

    /// <summary>One request by an administrator.</summary>
    public async Task<string> AskAsync(string method, string path, string body, int expected)
    {
        using var connection = await LoadConnection.OpenAsync(address, cancellationToken);
        var worker = new Worker(connection, 0, cancellationToken);
        worker.Content.Write(Encoding.UTF8.GetBytes(body));
        await worker.SendAsync(method, path, adminKey, expected);
        return Encoding.UTF8.GetString(worker.Answer);
    }

    /// <summary>
    /// H: requests/s that the same server, client and processors manage when an answer needs nothing, on 16 connections. What reads
    /// and decisions are compared with.
    /// </summary>
    public async Task<double> BareAsync()
    {
        bare.Add((await LoadAsync(16, RoundSeconds, async worker =>
        {
            worker.Latencies.Add(await worker.SendAsync("GET", "/health/live", collectKey, 200));
            return 1;
        })).PerSecond);
        return LoadResult.Median(bare);
    }

    /// <summary>
    /// A load at a steady rate, as shops' pages come: they do not wait for one another's answers. In turns with it the same rate of
    /// requests that need nothing: how late those are is the machine's doing, whoever else uses it, and no service can be less late.
    /// Begins when the code has been compiled for good, which takes as long on a service that has just started.
    /// </summary>
    public async Task SteadyAsync(string measure, int perSecond, Func<Worker, ValueTask<int>> step)
    {
        await LoadAsync(SteadyConnections, options.WarmUp, step);
        var used = new List<(TimeSpan Processor, long Bytes, TimeSpan Paused, long Requests)>();
        var results = await InTurnsAsync(
            ($"{perSecond} a second", async () =>
            {
                var (processor, bytes, paused) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
                var result = await PacedAsync(perSecond, step);
                used.Add((Environment.CpuUsage.TotalTime - processor, GC.GetTotalAllocatedBytes() - bytes, GC.GetTotalPauseDuration() - paused, result.Done));
                return result;
            }
        ),
            ("nothing, as often", () => PacedAsync(perSecond, async worker =>
            {
                worker.Latencies.Add(await worker.SendAsync("GET", "/health/live", collectKey, 200));
                return 1;
            })));
        var h = await BareAsync();
        foreach (var (shape, rounds) in results)
            report.Add(measure, shape, rounds, h, "H");
        double requests = used.Sum(u => u.Requests);
        report.Say(FormattableString.Invariant(
            $"  each took {used.Sum(u => u.Processor.TotalMilliseconds) / requests:0.000} ms of processor time and {used.Sum(u => u.Bytes) / requests:N0} bytes in this process, the load's own included; collecting garbage paused it for {used.Sum(u => u.Paused.TotalMilliseconds):0} ms in all"));
    }

    private async Task<LoadResult> PacedAsync(int perSecond, Func<Worker, ValueTask<int>> step)
    {
        var pace = new Pace(perSecond);
        return await LoadAsync(SteadyConnections, RoundSeconds, async worker =>
        {
            var late = await pace.WaitAsync(cancellationToken);
            var done = await step(worker);
            worker.Latencies[^1] += late;
            return done;
        });
    }

    /// <summary>Measures shapes in turn, round by round, so that whatever else the machine does meets all of them.</summary>
    public async Task<IReadOnlyList<(string Shape, IReadOnlyList<LoadResult> Rounds)>> InTurnsAsync(
        params IReadOnlyList<(string Shape, Func<Task<LoadResult>> Measure)> shapes)
    {
        var rounds = shapes.Select(_ => new List<LoadResult>()).ToArray();
        for (var round = 0; round < options.Rounds; round++)
            for (var i = 0; i < shapes.Count; i++)
                rounds[i].Add(await shapes[i].Measure());
        return [.. shapes.Select((shape, i) => (shape.Shape, (IReadOnlyList<LoadResult>)rounds[i]))];
    }
}
