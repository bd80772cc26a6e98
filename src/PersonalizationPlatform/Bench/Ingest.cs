using System.Globalization;
using System.Text;
using PersonalizationPlatform.Segments.Membership;

namespace PersonalizationPlatform.Bench;

/// <summary>Events/s through the storefront door, every answer after its commit, beside the COPY rates of the same rounds.</summary>
internal static class Ingest
{
    private static readonly int[] Connections = [1, 16, 64];
    private static readonly int[] Batches = [1, 10, 100];

    public static async Task RunAsync(BenchStage stage)
    {
        var copy = await CopyRate.PrepareAsync(stage);
        var shapes = new List<(string, Func<Task<LoadResult>>)> { ("no index", copy.BareAsync), ("primary key = R", copy.KeyedAsync) };
        foreach (var batch in Batches)
            foreach (var connections in Connections)
                shapes.Add(($"{connections} connections x {batch}", () => PostAsync(stage, connections, batch)));
        shapes.Add(("16 x 10, refreshing", () => WhileRefreshingAsync(stage, () => PostAsync(stage, 16, 10))));
        var results = await stage.InTurnsAsync(shapes);
        var r = LoadResult.Together(results[1].Rounds).PerSecond;
        foreach (var (shape, rounds) in results.Take(2))
            stage.Report.Add("copy rows", shape, rounds, r, "R");
        foreach (var (shape, rounds) in results.Skip(2))
            stage.Report.Add("storefront events", shape, rounds, r, "R");
        await VerifyAsync(stage);
    }

    /// <summary>Posts what the worker has written; the answer must accept every event of it.</summary>
    public static async ValueTask<int> PostAsync(BenchStage stage, Worker worker, int events)
    {
        worker.Latencies.Add(await worker.SendAsync("POST", "/v1/events/storefront", stage.CollectKey, 202));
        if (!worker.Answer.StartsWith(Encoding.ASCII.GetBytes($"{{\"accepted\":{events.ToString(CultureInfo.InvariantCulture)},")))
            throw new BenchException($"Of {events} events not all were accepted: {Encoding.UTF8.GetString(worker.Answer)}");
        return events;
    }

    /// <summary>Counts what is stored: as many events as were answered as accepted.</summary>
    public static async Task VerifyAsync(BenchStage stage)
    {
        await using var count = stage.Database.CreateCommand("select count(*) from event");
        count.CommandTimeout = 600;
        var stored = (long)(await count.ExecuteScalarAsync(stage.CancellationToken))!;
        if (stored != stage.Accepted)
            throw new BenchException($"{stage.Accepted} events were accepted, but {stored} are stored.");
        stage.Report.Say(string.Create(CultureInfo.InvariantCulture, $"verified: {stored:N0} events accepted, as many stored"));
    }

    private static async Task<LoadResult> PostAsync(BenchStage stage, int connections, int batch)
    {
        var posted = await stage.LoadAsync(connections, stage.RoundSeconds, worker =>
        {
            stage.Traffic.WriteBatch(worker, batch);
            return PostAsync(stage, worker, batch);
        });
        stage.Accepted += posted.Done;
        return posted;
    }

    /// <summary>The same while the refresher works off what the events made stale, as it does in a service that is not being measured.</summary>
    private static async Task<LoadResult> WhileRefreshingAsync(BenchStage stage, Func<Task<LoadResult>> measure)
    {
        var refresher = stage.Services.GetRequiredService<Refresher>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stage.CancellationToken);
        var refreshing = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
                await refresher.RefreshOnceAsync(stage.CancellationToken);
        });
        var measured = await measure();
        await over.CancelAsync();
        await refreshing;
        return measured;
    }
}
