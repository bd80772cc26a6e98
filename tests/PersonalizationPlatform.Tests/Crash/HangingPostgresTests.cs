using System.Diagnostics;
using System.Net;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Edge;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.SegmentApi;

namespace PersonalizationPlatform.Tests.Crash;

/// <summary>
/// A PostgreSQL that takes connections and answers nothing, as a machine does that is swapping or has lost its disk. Real time passes
/// here, and the connection has no patience set: the service's own must do.
/// </summary>
public sealed class HangingPostgresTests(HangingPostgresTests.HangingHost host) : IClassFixture<HangingPostgresTests.HangingHost>
{
    private const int Pages = 5;

    /// <summary>Ten seconds for the commit, a quarter of one for each copy in memory, and the machine's own.</summary>
    private static readonly TimeSpan Bearable = TimeSpan.FromSeconds(14);

    [Fact]
    public async Task Nobody_queues_behind_anybody_and_afterwards_all_is_stored_once()
    {
        await host.CreateDatastreamAsync();
        var devices = Enumerable.Range(0, Pages).Select(_ => EdgeShop.NewEcid()).ToList();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(devices[0], at: host.Now)), "warm");
        await host.SucceedAsync("/v1/t", Message("warm"));
        using (var shown = await DecideAsync())
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        var now = host.Now;
        Assert.NotEqual(0, PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Stop));
        try
        {
            // What is in memory of keys and datastreams is stale by now.
            host.Skip(TimeSpan.FromSeconds(2));
            var answers = await Task.WhenAll(
                [.. devices.Select(device => TimedAsync(() => InteractAsync(device, now))), TimedAsync(() => TrackAsync("hung-1")), TimedAsync(() => TrackAsync("hung-2"))]);
            Assert.All(answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
            Assert.All(answers, answer => Assert.True(answer.Took < Bearable, $"One was answered after {answer.Took}."));
            // A page that asks what to show gets its default content the sooner.
            var decisions = await Task.WhenAll(Enumerable.Range(0, Pages).Select(_ => TimedAsync(DecideAsync)));
            Assert.All(decisions, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status));
            Assert.All(decisions, answer => Assert.True(answer.Took < Bearable / 2, $"A decision was answered after {answer.Took}."));
            // Who needs no database is not kept at all.
            var (status, took) = await TimedAsync(() => host.EdgeAsync("identity/acquire", "{}", "hung", headers: EdgeShop.Cookies(devices[0])));
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.True(took < TimeSpan.FromSeconds(2), $"A name was told after {took}.");
        }
        finally
        {
            PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Continue);
        }

        foreach (var device in devices)
            await UntilTakenAsync(() => InteractAsync(device, now));
        await UntilTakenAsync(() => TrackAsync("hung-1"));
        await UntilTakenAsync(() => TrackAsync("hung-2"));
        Assert.Equal(Pages + 1, await host.ValueAsync<long>("select count(*) from event where kind = 'pageView'"));
        Assert.Equal(3, await host.ValueAsync<long>("select count(*) from event where kind = 'Note Taken'"));
    }

    private Task<HttpResponseMessage> InteractAsync(string device, DateTimeOffset at) =>
        host.EdgeAsync("interact", EdgeShop.Events(EdgeShop.PageView(device, at: at)), "hung-" + device, headers: EdgeShop.Cookies(device));

    private Task<HttpResponseMessage> DecideAsync() =>
        host.Admin.PostTextAsync("/v1/decisions/dynamic-blocks", """{ "shopper": { "identities": [ { "namespace": "ECID", "id": "hung" } ] }, "placements": ["header"] }""");

    private Task<HttpResponseMessage> TrackAsync(string id) => host.SendAsync("/v1/t", Message(id));

    private static string Message(string id) =>
        $$"""{ "type": "track", "event": "Note Taken", "messageId": "{{id}}", "anonymousId": "hung", "timestamp": "2026-06-15T11:00:00.000Z" }""";

    private static async Task<(HttpStatusCode Status, TimeSpan Took)> TimedAsync(Func<Task<HttpResponseMessage>> request)
    {
        var began = Stopwatch.StartNew();
        using var answer = await request();
        return (answer.StatusCode, began.Elapsed);
    }

    private static async Task UntilTakenAsync(Func<Task<HttpResponseMessage>> request)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            using var answer = await request();
            if (answer.StatusCode == HttpStatusCode.OK)
                return;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>On a PostgreSQL of its own, under a clock that runs.</summary>
    public sealed class HangingHost(PlatformServer server) : TrackedHost(server)
    {
        private readonly PostgresOfItsOwn postgres = new();
        private readonly RunningClock clock = new();

        public string DataDirectory => postgres.DataDirectory;

        public DateTimeOffset Now => clock.GetUtcNow();

        public void Skip(TimeSpan time) => clock.Skipped += time;

        protected override TimeProvider Time => clock;

        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("Serilog:MinimumLevel:Default", "Fatal")];

        protected override Task<string> TakeDatabaseAsync() => postgres.StartAsync();

        protected override Task GiveBackDatabaseAsync(string database) => postgres.DisposeAsync().AsTask();
    }

    /// <summary>From the day on which tests begin, as fast as the real one; whoever waits for a time waits for it really.</summary>
    private sealed class RunningClock : TimeProvider
    {
        private readonly long began = Stopwatch.GetTimestamp();

        public TimeSpan Skipped { get; set; }

        public override DateTimeOffset GetUtcNow() => PlatformHost.Start + Stopwatch.GetElapsedTime(began) + Skipped;

        public override long GetTimestamp() => Stopwatch.GetTimestamp() + (long)(Skipped.TotalSeconds * Stopwatch.Frequency);
    }
}
