using System.Collections.Concurrent;
using PersonalizationPlatform.Segments.Membership;

namespace PersonalizationPlatform.Bench;

/// <summary>What a shopper waits for: memberships right after an event, memberships that still stand, and a decision about blocks.</summary>
internal static class Reads
{
    private const int Connections = 16;
    private const int SettledVisitors = 2_000;
    private const int SteadyRate = 500;

    /// <summary>
    /// An event is accepted, and the next request of the same shopper must see what it changed: before it the visitor is not in the
    /// segment, after it they are. Any other answer ends the run.
    /// </summary>
    public static async Task MembershipAsync(BenchStage stage)
    {
        // Nobody is marked twice, so that before and after are known.
        var visitors = new ConcurrentQueue<int>(Enumerable.Range(0, stage.Traffic.Visitors));
        foreach (var connections in new[] { 1, Connections })
        {
            var after = new ConcurrentBag<long>();
            var posts = new ConcurrentBag<long>();
            var firsts = new ConcurrentBag<long>();
            var result = await stage.LoadAsync(connections, stage.Options.Seconds, async worker =>
            {
                if (!visitors.TryDequeue(out var visitor))
                    return 0;
                firsts.Add(await SegmentsAsync(stage, worker, visitor, marked: false));
                stage.Traffic.WriteMark(worker, visitor);
                var posted = await worker.SendAsync("POST", "/v1/events/storefront", stage.CollectKey, 202);
                var read = await SegmentsAsync(stage, worker, visitor, marked: true);
                posts.Add(posted);
                after.Add(read);
                worker.Latencies.Add(posted + read);
                return 1;
            });
            stage.Accepted += result.Done;
            var h = await stage.BareAsync();
            stage.Report.Add("event then segments", $"{connections} connections", [result], h, "H");
            stage.Report.Add("  the event", $"{connections} connections", [result with { Latencies = [.. posts.Order()] }], h, "H");
            stage.Report.Add("  stale read after it", $"{connections} connections", [result with { Latencies = [.. after.Order()] }], h, "H");
            stage.Report.Add("  read before it", $"{connections} connections", [result with { Latencies = [.. firsts.Order()] }], h, "H");
            stage.Report.Say($"verified: {result.Done} memberships, each seen by the request after its event");
        }

        await Ingest.VerifyAsync(stage);
    }

    /// <summary>Memberships that the last settle stored and that still stand.</summary>
    public static async Task FreshAsync(BenchStage stage)
    {
        var settled = await SettleAsync(stage);
        await MeasureAsync(stage, "fresh segments", async worker =>
        {
            worker.Latencies.Add(await worker.SendAsync("GET", Path(settled[worker.Dice.Next(settled.Length)]), stage.AdminKey, 200));
            return 1;
        });
    }

    /// <summary>Ten placements out of fifty blocks, for shoppers whose memberships stand.</summary>
    public static async Task DecisionsAsync(BenchStage stage)
    {
        var settled = await SettleAsync(stage);
        async ValueTask<int> Decide(Worker worker)
        {
            Shop.WriteDecision(worker.Content, settled[worker.Dice.Next(settled.Length)]);
            worker.Latencies.Add(await worker.SendAsync("POST", "/v1/decisions/dynamic-blocks", stage.CollectKey, 200));
            return 1;
        }

        await MeasureAsync(stage, "block decision", Decide);
        await stage.SteadyAsync("block decision", SteadyRate, Decide);
    }

    private static async Task MeasureAsync(BenchStage stage, string name, Func<Worker, ValueTask<int>> step)
    {
        var h = 0d;
        var results = await stage.InTurnsAsync(
            ("1 connections", () => stage.LoadAsync(1, stage.RoundSeconds, step)),
            ($"{Connections} connections", async () =>
            {
                h = await stage.BareAsync();
                return await stage.LoadAsync(Connections, stage.RoundSeconds, step);
            }
        ));
        foreach (var (shape, rounds) in results)
            stage.Report.Add(name, shape, rounds, h, "H");
    }

    /// <summary>Has some visitors settled: the first read judges them and offers the result.</summary>
    private static async Task<int[]> SettleAsync(BenchStage stage)
    {
        var visitors = Enumerable.Range(0, Math.Min(SettledVisitors, stage.Traffic.Visitors)).ToArray();
        var queue = new ConcurrentQueue<int>(visitors);
        await stage.LoadAsync(Connections, double.MaxValue, async worker =>
        {
            if (!queue.TryDequeue(out var visitor))
                return 0;
            await worker.SendAsync("GET", Path(visitor), stage.AdminKey, 200);
            return 1;
        });
        await stage.Services.GetRequiredService<SettleWriter>().DrainAsync(stage.CancellationToken);
        return visitors;
    }

    private static async ValueTask<long> SegmentsAsync(BenchStage stage, Worker worker, int visitor, bool marked)
    {
        var took = await worker.SendAsync("GET", Path(visitor), stage.AdminKey, 200);
        if (Shop.IsMarked(worker.Answer) != marked)
            throw new BenchException(
                $"Visitor {visitor} should {(marked ? "" : "not ")}be in the segment: {System.Text.Encoding.UTF8.GetString(worker.Answer)}");
        return took;
    }

    private static string Path(int visitor) => $"/v1/shoppers/ECID/{Traffic.Ecid(visitor)}/segments";
}
