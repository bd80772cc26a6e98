using System.Net;
using Npgsql;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Definitions.Merchant;

namespace PersonalizationPlatform.Tests.Definitions;

public sealed class ScheduleTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_sale_starts_and_ends_by_itself_to_the_second()
    {
        await host.CreateBlockAsync("spring", "spring");
        await host.CreateBlockAsync("summer", "summer", "draft");
        var segment = await host.CreateAsync("segments", """{ "name": "Sale", "key": "sale", "condition": { "type": "happened", "event": "productPageView", "atLeast": 1 } }""");
        await host.CreateAsync("dynamic-blocks", """{ "name": "For them", "key": "for-them", "content": "them", "segments": ["sale"] }""");
        var publication = await host.PublishAsync($"\"at\": \"{host.In(100)}\", \"until\": \"{host.In(200)}\",", $$"""
            {{Block("spring", "pause")}}, {{Block("summer", "publish")}},
            { "collection": "segments", "id": "sale", "action": "replace", "body": { "name": "Everybody in the sale" } }
            """);
        Assert.Equal("scheduled", (string)publication["status"]!);
        Assert.Equal(1, (int)(await host.GetAsync("dynamic-blocks/spring"))["version"]!);
        await host.PassAsync(99);
        Assert.Equal("spring", await host.ShownAsync("spring", "summer", "for-them"));

        await host.PassAsync(1);
        Assert.Equal("summer them", await host.ShownAsync("spring", "summer", "for-them"));
        Assert.Equal("live", await host.StandsAsync(publication));
        Assert.Equal("Everybody in the sale", (string)(await host.GetAsync("segments/sale"))["name"]!);
        await host.PassAsync(99);
        Assert.Equal("summer them", await host.ShownAsync("spring", "summer", "for-them"));

        await host.PassAsync(1);
        Assert.Equal("spring", await host.ShownAsync("spring", "summer", "for-them"));
        var over = await host.GetAsync($"publications/{publication["id"]}");
        Assert.Equal("ended", (string)over["status"]!);
        Assert.Equal(TimeSpan.FromSeconds(100), (DateTimeOffset)over["endedAt"]! - (DateTimeOffset)over["startedAt"]!);
        Assert.Equal("draft", (string)(await host.GetAsync("dynamic-blocks/summer"))["status"]!);
        var back = await host.GetAsync("segments/" + segment);
        Assert.Equal(("Sale", 3), ((string)back["name"]!, (int)back["version"]!));
        Assert.NotNull(back["condition"]);
        Assert.Equal(0, await host.PassAsync(1000));
    }

    [Fact]
    public async Task Until_a_publication_begins_or_ends_no_decision_keeps_longer()
    {
        await host.CreateBlockAsync("kept", "one");
        Assert.Equal(host.Clock.GetUtcNow().AddMinutes(5), await KeepsUntilAsync());
        var publication = await host.PublishAsync($"\"at\": \"{host.In(100)}\", \"until\": \"{host.In(200)}\",", Block("kept", "pause"));
        Assert.Equal(host.Clock.GetUtcNow().AddSeconds(100), await KeepsUntilAsync());
        await host.PassAsync(100);
        Assert.Equal(host.Clock.GetUtcNow().AddSeconds(100), await KeepsUntilAsync());
        await host.PassAsync(100);
        Assert.Equal("ended", await host.StandsAsync(publication));
        Assert.Equal(host.Clock.GetUtcNow().AddMinutes(5), await KeepsUntilAsync());
        publication = await host.PublishAsync($"\"at\": \"{host.In(100)}\",", Block("kept", "pause"));
        await host.SendAsync(HttpMethod.Delete, $"publications/{publication["id"]}", null);
        Assert.Equal(host.Clock.GetUtcNow().AddMinutes(5), await KeepsUntilAsync());

        async Task<DateTimeOffset> KeepsUntilAsync()
        {
            var answer = await host.Admin.PostJsonAsync("/v1/decisions", """
                { "blocks": { "placements": ["kept"] }, "cart": { "currency": "USD", "items": [] }, "product": "any", "relatedProducts": { "lists": ["related"] } }
                """);
            var until = (DateTimeOffset)answer["cacheableUntil"]!;
            Assert.All(["blocks", "cart", "relatedProducts"], part => Assert.Equal(until, (DateTimeOffset)answer[part]!["cacheableUntil"]!));
            return until;
        }
    }

    [Fact]
    public async Task What_became_due_while_nobody_ran_is_done_before_the_first_decision()
    {
        await host.CreateBlockAsync("overslept", "old");
        var publication = await host.PublishAsync($"\"at\": \"{host.In(100)}\",", Block("overslept", "replace", """, "body": { "name": "n", "content": "new" } """));
        await using var later = new Restarted(server, host, TimeSpan.FromSeconds(101));
        await later.InitializeAsync();
        Assert.Equal("new", await later.ShownAsync("overslept"));
        Assert.Equal("live", await later.StandsAsync(publication));
    }

    [Fact]
    public async Task An_edit_made_meanwhile_wins_and_is_reported()
    {
        await host.CreateBlockAsync("edited", "one");
        await host.CreateBlockAsync("left-alone", "one");
        var publication = await host.PublishAsync($"\"until\": \"{host.In(10)}\",", string.Join(',', new[] { "edited", "left-alone" }.Select(
            key => Block(key, "replace", """, "body": { "name": "n", "content": "two" } """))));
        await host.PutAsync("dynamic-blocks/edited", """{ "name": "n", "content": "three" }""");
        await host.PassAsync(10);
        Assert.Equal("three one", await host.ShownAsync("edited", "left-alone"));
        var over = await host.GetAsync($"publications/{publication["id"]}");
        Assert.Equal("ended", (string)over["status"]!);
        Assert.Equal([true, null], over["changes"]!.AsArray().Select(change => (bool?)change!["editedMeanwhile"]));
    }

    [Fact]
    public async Task What_could_not_be_made_now_is_refused_at_once_and_nothing_is_left_of_the_trial()
    {
        var block = await host.CreateBlockAsync("tried");
        var at = $"\"at\": \"{host.In(10)}\",";
        await host.PublishAsync(at, Block("tried", "replace", """, "body": { "name": "n", "cntent": "x" } """), HttpStatusCode.BadRequest);
        await host.PublishAsync(at, Block("tried", "rollback", """, "version": 5 """), HttpStatusCode.BadRequest);
        await host.PublishAsync(at, Block("tried", "pause", """, "ifMatch": 5 """), HttpStatusCode.PreconditionFailed);
        var publication = await host.PublishAsync(at, Block("tried", "replace", """, "body": { "name": "n", "content": "y" } """));
        Assert.Equal("x", await host.ShownAsync("tried"));
        Assert.Equal(1, await host.ValueAsync<long>("select count(*) from definition_version where definition_id = $1", Guid.Parse(block)));
        await host.SendAsync(HttpMethod.Delete, $"publications/{publication["id"]}", null);
    }

    [Fact]
    public async Task A_definition_is_in_one_open_publication_at_a_time()
    {
        await host.CreateBlockAsync("busy", "one");
        var first = await host.PublishAsync($"\"at\": \"{host.In(10)}\", \"until\": \"{host.In(20)}\",", Block("busy", "pause"));
        await RefusedAsync($"\"at\": \"{host.In(30)}\",");
        await host.PassAsync(10);
        await RefusedAsync($"\"until\": \"{host.In(30)}\",");
        await host.PassAsync(10);
        var next = await host.PublishAsync($"\"at\": \"{host.In(10)}\",", Block("busy", "pause"));
        Assert.Equal("ended", await host.StandsAsync(first));
        // Somebody who changes it here and now is not kept waiting.
        await host.PublishAsync("", Block("busy", "replace", """, "body": { "name": "n", "content": "two" } """));
        await host.SendAsync(HttpMethod.Delete, $"publications/{next["id"]}", null);

        async Task RefusedAsync(string when)
        {
            var refused = await host.PublishAsync(when, Block("busy", "publish"), HttpStatusCode.Conflict);
            Assert.Equal("publication.overlaps", (string)refused["code"]!);
            Assert.Contains((string)first["id"]!, (string)refused["errors"]![0]!["detail"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_called_off_never_happens_and_what_has_happened_is_not_called_off()
    {
        await host.CreateBlockAsync("off", "one");
        var publication = await host.PublishAsync($"\"at\": \"{host.In(10)}\",", Block("off", "pause"));
        Assert.Equal("cancelled", (string)(await host.SendAsync(HttpMethod.Delete, $"publications/{publication["id"]}", null))["status"]!);
        await host.PassAsync(10);
        Assert.Equal("one", await host.ShownAsync("off"));
        publication = await host.PublishAsync("", Block("off", "pause"));
        var refused = await host.SendAsync(HttpMethod.Delete, $"publications/{publication["id"]}", null, expected: HttpStatusCode.Conflict);
        Assert.Equal("publication.notScheduled", (string)refused["code"]!);
    }

    [Fact]
    public async Task One_that_fails_leaves_nothing_half_done_says_why_and_holds_nobody_up()
    {
        await host.CreateBlockAsync("f-a", "a");
        await host.CreateBlockAsync("f-b", "b");
        await host.CreateBlockAsync("f-c", "c");
        var failing = await host.PublishAsync($"\"at\": \"{host.In(10)}\",", $"{Block("f-a", "pause")}, {Block("f-b", "pause", """, "ifMatch": 1 """)}");
        var next = await host.PublishAsync($"\"at\": \"{host.In(11)}\",", Block("f-c", "pause"));
        await host.PutAsync("dynamic-blocks/f-b", """{ "name": "b", "content": "b2" }""");
        await host.PassAsync(11);
        Assert.Equal("a b2", await host.ShownAsync("f-a", "f-b", "f-c"));
        var failed = await host.GetAsync($"publications/{failing["id"]}");
        Assert.Equal("failed", (string)failed["status"]!);
        Assert.Equal((412, "http.versionMismatch"), ((int)failed["problem"]!["status"]!, (string)failed["problem"]!["code"]!));
        Assert.Equal("$.changes[1]", (string)failed["problem"]!["errors"]![0]!["path"]!);
        Assert.Equal("live", await host.StandsAsync(next));
        Assert.Equal(1, (int)(await host.GetAsync("dynamic-blocks/f-a"))["version"]!);
        Assert.Equal(0, await host.ApplyDueAsync());
    }

    [Fact]
    public async Task Several_that_are_due_happen_in_the_order_of_their_instants_ends_among_them()
    {
        await host.CreateBlockAsync("o-a", "a");
        await host.CreateBlockAsync("o-b", "b");
        await host.PublishAsync($"\"at\": \"{host.In(30)}\",", Block("o-b", "replace", """, "body": { "name": "last", "key": "o-name", "content": "b" } """));
        await host.PublishAsync(
            $"\"at\": \"{host.In(10)}\", \"until\": \"{host.In(20)}\",", Block("o-a", "replace", """, "body": { "name": "first", "key": "o-name", "content": "a" } """));
        // Both want the key; the first has given it back by the time the other takes it, though both were long overdue.
        Assert.Equal(3, await host.PassAsync(1000));
        Assert.Equal("last", (string)(await host.GetAsync("dynamic-blocks/o-name"))["name"]!);
        Assert.Equal(3, (int)(await host.GetAsync("dynamic-blocks/o-a"))["version"]!);
    }

    [Fact]
    public async Task Two_nodes_carry_out_once_what_both_find_due()
    {
        await using var other = await SecondNode.StartAsync(server, host);
        for (var n = 0; n < 10; n++)
        {
            await host.CreateBlockAsync("n-" + n, "one");
            await host.PublishAsync($"\"at\": \"{host.In(10)}\",", Block("n-" + n, "replace", """, "body": { "name": "n", "content": "two" } """));
        }

        host.Clock.Advance(TimeSpan.FromSeconds(10));
        var done = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => Task.Run(() => (n % 2 == 0 ? host : other).ApplyDueAsync(), TestContext.Current.CancellationToken)));
        Assert.Equal(10, done.Sum());
        for (var n = 0; n < 10; n++)
            Assert.Equal(2, (int)(await host.GetAsync("dynamic-blocks/n-" + n))["version"]!);
    }

    [Fact]
    public async Task A_node_that_dies_in_the_middle_leaves_nothing_and_the_next_round_does_it_all()
    {
        await host.CreateBlockAsync("d-a", "a");
        var second = await host.CreateBlockAsync("d-b", "b");
        var publication = await host.PublishAsync($"\"at\": \"{host.In(10)}\",", $"{Block("d-a", "pause")}, {Block("d-b", "pause")}");
        await using var connection = new NpgsqlConnection(host.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using (var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            await ScalarAsync(connection, $"select id from dynamic_block where id = '{second}' for update");
            var applying = host.PassAsync(10);
            // The first change is made, the second waits for us; there its connection dies.
            while (await ScalarAsync(connection, "select pg_terminate_backend(pid) from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))") is not true)
                Assert.False(applying.IsCompleted);
            await Assert.ThrowsAnyAsync<Exception>(() => applying);
        }

        Assert.Equal("scheduled", await host.StandsAsync(publication));
        Assert.Equal("a b", await host.ShownAsync("d-a", "d-b"));
        Assert.Equal(1, await host.ApplyDueAsync());
        Assert.Equal("", await host.ShownAsync("d-a", "d-b"));
        Assert.Equal("live", await host.StandsAsync(publication));

        static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The service again, on the same database, some time later.</summary>
    private sealed class Restarted : PlatformHost
    {
        private readonly PlatformHost before;

        public Restarted(PlatformServer server, PlatformHost before, TimeSpan later)
            : base(server)
        {
            this.before = before;
            Clock = new(before.Clock.GetUtcNow() + later);
        }

        protected override Task<string> TakeDatabaseAsync() => Task.FromResult(before.ConnectionString);

        protected override Task GiveBackDatabaseAsync(string database) => Task.CompletedTask;
    }
}
