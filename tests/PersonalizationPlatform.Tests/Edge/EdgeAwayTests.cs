using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Crash;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.SegmentApi;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>What pages are told while nothing can be stored or read: never that they need not come again.</summary>
public sealed class EdgeAwayTests(StorageAwayTests.AwayHost host) : IClassFixture<StorageAwayTests.AwayHost>
{
    /// <summary>Only so that a hang becomes a failure.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Dictionary<string, string> Usual = new() { ["default_transaction_read_only"] = "off", ["statement_timeout"] = "0" };

    [Fact]
    public async Task While_postgresql_is_gone_pages_are_told_to_come_again_and_then_lose_nothing()
    {
        await CreateDatastreamAsync();
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), "before");
        Assert.NotEqual(0, PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Kill));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var (action, body) in new[]
        {
            ("interact", EdgeShop.Events(EdgeShop.PageView(ecid))), ("collect", EdgeShop.Events(EdgeShop.PageView(ecid))), ("privacy/set-consent", EdgeShop.Consent("in")),
        })
        {
            using var answer = await host.EdgeAsync(action, body, "away-" + action, headers: EdgeShop.Cookies(ecid));
            await AssertToldToComeAgainAsync(answer);
        }

        // Who is only asked for a name needs no database.
        await host.EdgeJsonAsync("identity/acquire", "{}", "away");
        await host.Postgres.EnsureRunningAsync(TestContext.Current.CancellationToken);
        await UntilOkAsync(() => InteractAsync(ecid, "away-interact"));
        Assert.Equal(2, await host.ValueAsync<long>("select count(*) from event where kind = 'pageView' and identity_id = $1", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task While_the_server_only_reads_every_door_asks_to_come_again()
    {
        await CreateDatastreamAsync();
        var ecid = EdgeShop.NewEcid();
        // As a standby does that has been failed over to before its time.
        await ConfigureAsync("default_transaction_read_only", "on");
        try
        {
            using (var page = await UntilAsync(() => InteractAsync(ecid, "reads"), answer => answer.StatusCode != HttpStatusCode.OK))
                await AssertToldToComeAgainAsync(page);
            using var tracker = await UntilAsync(() => TrackAsync(), answer => answer.StatusCode != HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, tracker.StatusCode);
            Assert.True(tracker.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        }
        finally
        {
            await ConfigureAsync("default_transaction_read_only", null);
        }

        await UntilOkAsync(() => InteractAsync(ecid, "reads"));
        await UntilOkAsync(() => TrackAsync());
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task An_event_whose_storing_takes_too_long_is_asked_for_again()
    {
        await CreateDatastreamAsync();
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid);
        await ConfigureAsync("statement_timeout", "300ms");
        try
        {
            await using (await LockAsync("select 1 from identity for update"))
            using (var page = await InteractAsync(ecid, ecid + 1))
                await AssertToldToComeAgainAsync(page);
        }
        finally
        {
            await ConfigureAsync("statement_timeout", null);
        }

        await UntilOkAsync(() => InteractAsync(ecid, ecid + 1));
        Assert.Equal(2, await host.CountAsync(ecid));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_whose_audiences_cannot_be_read_in_time_asks_again_and_is_stored_once(bool serverEndsIt)
    {
        await CreateDatastreamAsync();
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), ecid);
        await ConfigureAsync("statement_timeout", serverEndsIt ? "300ms" : null);
        try
        {
            await using (await LockAsync("lock table membership in access exclusive mode"))
            {
                var asking = InteractAsync(ecid, ecid + serverEndsIt);
                using var patience = new CancellationTokenSource(Patience);
                while (!serverEndsIt && !asking.IsCompleted)
                {
                    // Without a word from the server it is the service's own patience that ends.
                    host.Clock.Advance(TimeSpan.FromSeconds(3));
                    await Task.Delay(20, patience.Token);
                }

                using var page = await asking;
                await AssertToldToComeAgainAsync(page);
            }

            Assert.Equal(2, await host.CountAsync(ecid));
        }
        finally
        {
            await ConfigureAsync("statement_timeout", null);
        }

        using var again = await UntilAsync(() => InteractAsync(ecid, ecid + serverEndsIt), answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.NotNull((await again.JsonAsync(HttpStatusCode.OK)).Handle("activation:pull"));
        Assert.Equal(2, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Whatever_else_fails_a_page_comes_again_too()
    {
        await CreateDatastreamAsync();
        var ecid = EdgeShop.NewEcid();
        await using (var hide = host.Database.CreateCommand("alter table membership rename to hidden"))
            await hide.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        try
        {
            using var page = await InteractAsync(ecid, ecid);
            await AssertToldToComeAgainAsync(page);
        }
        finally
        {
            await using var show = host.Database.CreateCommand("alter table hidden rename to membership");
            await show.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await UntilOkAsync(() => InteractAsync(ecid, ecid));
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    /// <summary>The tests of this class share one, in whatever order they run.</summary>
    private async Task CreateDatastreamAsync()
    {
        using var there = await host.Admin.GetAsync("/v1/datastreams/" + EdgeShop.ConfigId, TestContext.Current.CancellationToken);
        if (there.StatusCode == HttpStatusCode.NotFound)
            await host.CreateDatastreamAsync();
    }

    private Task<HttpResponseMessage> InteractAsync(string ecid, string requestId) =>
        host.EdgeAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), requestId, headers: EdgeShop.Cookies(ecid));

    private Task<HttpResponseMessage> TrackAsync() =>
        host.SendAsync("/v1/t", """{ "type": "track", "event": "Note Taken", "messageId": "reads", "anonymousId": "reads" }""", PlatformHost.CollectKey);

    private static async Task AssertToldToComeAgainAsync(HttpResponseMessage answer)
    {
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, problem.ToJsonString());
        // Three tries must outlast a restart of the database.
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        Assert.Contains("Retry-After", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
    }

    /// <summary>A setting of the server's, in force for every session when this returns; null = as before.</summary>
    private async Task ConfigureAsync(string setting, string? value)
    {
        await using var source = NpgsqlDataSource.Create(host.Postgres.ConnectionString + ";Pooling=false;Options=-c default_transaction_read_only=off");
        foreach (var statement in new[] { value is null ? $"alter system reset {setting}" : $"alter system set {setting} = '{value}'", "select pg_reload_conf()" })
        {
            await using var command = source.CreateCommand(statement);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using var patience = new CancellationTokenSource(Patience);
        while (await host.ValueAsync<string>($"show {setting}") != (value ?? Usual[setting]))
        {
            patience.Token.ThrowIfCancellationRequested();
            // Whoever connects from now on.
            host.Database.Clear();
        }

        host.Database.Clear();
    }

    /// <summary>Holds a lock until it is disposed of.</summary>
    private async Task<IAsyncDisposable> LockAsync(string statement)
    {
        var connection = new NpgsqlConnection(host.Postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task UntilOkAsync(Func<Task<HttpResponseMessage>> request)
    {
        using var answer = await UntilAsync(request, answer => answer.StatusCode == HttpStatusCode.OK);
    }

    /// <summary>The same request again and again, as clients do.</summary>
    private static async Task<HttpResponseMessage> UntilAsync(Func<Task<HttpResponseMessage>> request, Predicate<HttpResponseMessage> isExpected)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var answer = await request();
            if (isExpected(answer))
                return answer;
            answer.Dispose();
            await Task.Delay(20, patience.Token);
        }
    }
}
