using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Crash;

/// <summary>What clients are told while events cannot be stored, and that all is well again afterwards.</summary>
public sealed class StorageAwayTests(StorageAwayTests.AwayHost host) : IClassFixture<StorageAwayTests.AwayHost>
{
    private const int MaxQueued = 6;

    /// <summary>Only so that a hang becomes a failure.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task More_than_may_wait_is_told_to_come_again_and_what_waits_is_stored()
    {
        await host.BrowseAsync(Event("held"));
        await using var source = NpgsqlDataSource.Create(host.Postgres.ConnectionString + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("select 1 from identity for update", connection, transaction))
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        // Each is answered only when it is stored. Six may wait; with one of them waiting, six more at once are too many.
        var waiting = Enumerable.Range(0, 3).Select(n => host.BrowseAsync(Event($"waits-{n}"))).ToList();
        await using (var blocked = new NpgsqlCommand("select count(*) from pg_locks where not granted", connection, transaction))
        using (var patience = new CancellationTokenSource(Patience))
            while ((long)(await blocked.ExecuteScalarAsync(patience.Token))! == 0)
                patience.Token.ThrowIfCancellationRequested();
        using (var answer = await host.Browser.PostTextAsync("/v1/events/storefront", Traffic.Batch(Enumerable.Range(0, MaxQueued).Select(n => Event($"busy-{n}")))))
            Assert.Equal("storage.busy", await CodeOf503Async(answer));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        foreach (var answer in await Task.WhenAll(waiting))
            Assert.Equal((1, 0), answer);
        Assert.Equal((MaxQueued, 0), await host.BrowseAsync([.. Enumerable.Range(0, MaxQueued).Select(n => Event($"busy-{n}"))]));
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so_still_counts_as_waiting_and_finds_it_stored_later()
    {
        await host.BrowseAsync(Event("locked"));
        await using var source = NpgsqlDataSource.Create(host.Postgres.ConnectionString + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var hold = new NpgsqlCommand("select 1 from identity for update", connection, transaction))
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var waiting = host.Browser.PostTextAsync("/v1/events/storefront", Event("patient"));
        using (var patience = new CancellationTokenSource(Patience))
            while (!waiting.IsCompleted)
            {
                patience.Token.ThrowIfCancellationRequested();
                host.Clock.Advance(TimeSpan.FromSeconds(10));
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

        using (var answer = await waiting)
            Assert.Equal("storage.unavailable", await CodeOf503Async(answer));
        // Nobody waits for it, but it waits: so many more are too many.
        using (var answer = await host.Browser.PostTextAsync("/v1/events/storefront", Traffic.Batch(Enumerable.Range(0, MaxQueued).Select(n => Event($"many-{n}")))))
            Assert.Equal("storage.busy", await CodeOf503Async(answer));
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, 1), await host.BrowseAsync(Event("patient")));
    }

    [Fact]
    public async Task While_postgresql_is_gone_everybody_is_told_so_and_afterwards_all_is_stored_once()
    {
        await host.BrowseAsync(Event("before"));
        Assert.NotEqual(0, PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Kill));
        await AssertUnavailableAsync("gone");
        Assert.Equal("database.unavailable", await CodeOfGetAsync("/v1/shoppers/ECID/away/segments"));
        // EF Core's way to the database, too.
        Assert.Equal("database.unavailable", await CodeOfGetAsync("/v1/segments"));
        Assert.Equal("notReady", await CodeOfGetAsync("/health/ready"));
        await host.Postgres.EnsureRunningAsync(TestContext.Current.CancellationToken);
        await AssertComesBackAsync("gone");
    }

    [Fact]
    public async Task While_postgresql_is_frozen_nobody_hangs_and_afterwards_all_is_stored_once()
    {
        await host.BrowseAsync(Event("thawed"));
        Assert.NotEqual(0, PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Stop));
        try
        {
            await AssertUnavailableAsync("frozen");
        }
        finally
        {
            PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Continue);
        }

        await AssertComesBackAsync("frozen");
    }

    private static string Event(string id) => Traffic.Event(id, Traffic.View, PlatformHost.Start, "ECID:away");

    /// <summary>Several at once, fewer than may wait.</summary>
    private async Task AssertUnavailableAsync(string name)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => host.Browser.PostTextAsync("/v1/events/storefront", Event($"{name}-{n}"))))
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        foreach (var answer in answers)
            Assert.Equal("storage.unavailable", await CodeOf503Async(answer));
    }

    /// <summary>Connections that broke are found out one by one; who comes again is served.</summary>
    private async Task AssertComesBackAsync(string name)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var n = 0; n < 4; n++)
            while (true)
            {
                using var answer = await host.Browser.PostTextAsync("/v1/events/storefront", Event($"{name}-{n}"));
                if (await CodeOf503Async(answer) is null)
                    break;
                await Task.Delay(20, patience.Token);
            }

        Assert.Equal(4, await host.ValueAsync<long>("select count(*) from event where id like $1", name + "-%"));
    }

    private async Task<string?> CodeOfGetAsync(string path)
    {
        using var answer = await host.Admin.GetAsync(path, TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        return await CodeOf503Async(answer);
    }

    /// <summary>Null when it was accepted.</summary>
    private static async Task<string?> CodeOf503Async(HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.Accepted)
            return null;
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, problem.ToJsonString());
        Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "There is no Retry-After.");
        return (string)problem["code"]!;
    }

    /// <summary>On a PostgreSQL of its own, which may be killed, with little patience and a short queue.</summary>
    public sealed class AwayHost(PlatformServer server) : PlatformHost(server)
    {
        private readonly PostgresOfItsOwn postgres = new();

        public PrivatePostgres Postgres => postgres.Server;

        public string DataDirectory => postgres.DataDirectory;

        protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [
            new("Events:MaxQueuedEvents", $"{MaxQueued}"),
            // What it has to complain about is meant to happen.
            new("Serilog:MinimumLevel:Default", "Fatal"), new("Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore", "Fatal"),
        ];

        protected override async Task<string> TakeDatabaseAsync() => await postgres.StartAsync() + ";Timeout=2;Command Timeout=3;Cancellation Timeout=200";

        protected override Task GiveBackDatabaseAsync(string database) => postgres.DisposeAsync().AsTask();
    }
}
