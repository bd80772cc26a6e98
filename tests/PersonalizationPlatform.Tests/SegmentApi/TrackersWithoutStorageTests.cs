using System.Net;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Crash;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>What trackers are told while nothing can be stored, so that they keep what they have, and that it arrives once afterwards.</summary>
public sealed class TrackersWithoutStorageTests(TrackersWithoutStorageTests.AwayHost host) : IClassFixture<TrackersWithoutStorageTests.AwayHost>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task While_postgresql_is_gone_trackers_are_told_when_to_come_again_and_then_all_is_stored_once()
    {
        await host.SucceedAsync("/v1/t", Message("before"));
        Assert.NotEqual(0, PostgresProcesses.Signal(Path.Combine(host.Postgres.Home, "data"), PostgresProcesses.Kill));
        // Also a stranger's write key has to be looked up before anything can be said about it.
        foreach (var (path, body, key) in new[]
        {
            ("/v1/t", Message("gone-1"), TrackedHost.WriteKey), ("/v1/b", $$"""{ "batch": [ {{Message("gone-2")}} ] }""", TrackedHost.WriteKey),
            ("/v1/b", $$"""{ "batch": [ {{Message("gone-3")}} ], "writeKey": "WRITEKEY" }""", (string?)null),
        })
        {
            using var answer = await host.SendAsync(path, body, key, ("Origin", "https://www.shop.test")).WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Matches("^[1-9][0-9]*$", answer.Headers.GetValues("Retry-After").Single());
            Assert.Equal(["https://www.shop.test"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Contains("Retry-After", answer.Headers.GetValues("Access-Control-Expose-Headers"));
        }

        await host.Postgres.EnsureRunningAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(Patience);
        foreach (var id in (string[])["gone-1", "gone-2", "gone-3"])
            while (true)
            {
                // Connections that broke are found out one by one; who comes again is served.
                using var answer = await host.SendAsync("/v1/t", Message(id));
                if (answer.StatusCode == HttpStatusCode.OK)
                    break;
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }

        Assert.Equal(4, await host.CountAsync("event"));
    }

    private static string Message(string id) =>
        $$"""{ "type": "track", "event": "Note Taken", "messageId": "{{id}}", "anonymousId": "away", "timestamp": "2026-06-15T11:00:00.000Z" }""";

    /// <summary>On a PostgreSQL of its own, which may be killed.</summary>
    public sealed class AwayHost(PlatformServer server) : TrackedHost(server)
    {
        private readonly string directory = Path.Combine(Path.GetTempPath(), "personalization-trackers-" + Guid.NewGuid().ToString("n")[..12]);
        private PrivatePostgres? postgres;

        public PrivatePostgres Postgres => postgres!;

        protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [
            .. base.Settings,
            // What it has to complain about is meant to happen.
            new("Serilog:MinimumLevel:Default", "Fatal"), new("Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore", "Fatal"),
        ];

        protected override async Task<string> TakeDatabaseAsync()
        {
            postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(directory), TestContext.Current.CancellationToken);
            return postgres.ConnectionString + ";Timeout=2;Command Timeout=3;Cancellation Timeout=200";
        }

        protected override async Task GiveBackDatabaseAsync(string database)
        {
            var home = Postgres.Home;
            await Postgres.DisposeAsync();
            foreach (var left in new[] { directory, home }.Where(Directory.Exists))
                Directory.Delete(left, recursive: true);
        }
    }
}
