using System.Globalization;
using Npgsql;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Whoever follows the feed of changes sees every committed one once, in order, whatever the writers do.</summary>
public sealed class FollowerTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Writers = 16;
    private const int Rounds = 12;

    /// <summary>Shaped like the settle: positions come from the feed's row, and the writer dawdles before it and while it holds it.</summary>
    private const string Write = """
        with p as materialized (select $1::text as name, pg_sleep($3) as slept),
        l as (select p.name, n from p, generate_series(1, $2) n),
        f as (
            update feed set last = last + (select count(*) from l) where name = 'membership' and exists (select from l)
            returning last - (select count(*) from l) as base, pg_sleep($4)
        )
        insert into membership_log (position, profile_id, segment_id, change, at, recorded_at, cause, event_id, version)
        select f.base + l.n, gen_random_uuid(), gen_random_uuid(), 'entered', $5, $5, 'event', l.name || l.n, 1 from l, f
        """;

    [Fact]
    public async Task Sixteen_dawdling_writers_and_one_restarted_follower_skip_nothing_and_repeat_nothing()
    {
        await host.CreateSegmentsAsync();
        await using var other = await SecondNode.StartAsync(server, host);
        var committed = new HashSet<string>();
        var writing = AtOnceAsync(Writers, async writer =>
        {
            await using var database = NpgsqlDataSource.Create(host.ConnectionString + ";Pooling=false");
            await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            var random = new Random(writer);
            for (var round = 0; round < Rounds; round++)
            {
                var (name, rows) = (string.Create(CultureInfo.InvariantCulture, $"raw {writer}.{round}."), random.Next(4));
                if (!await WriteAsync(connection, name, rows, random))
                    continue;
                lock (committed)
                    committed.UnionWith(Enumerable.Range(1, rows).Select(n => name + n));
            }
        });
        // Real settles of two nodes in between.
        var settling = AtOnceAsync(4, async n =>
        {
            for (var shopper = 0; shopper < 15; shopper++)
            {
                await host.BrowseAsync(Event($"f-{n}-{shopper}", View, null, $"ECID:f-{n}-{shopper}"));
                await (n % 2 == 0 ? host : other).SegmentsAsync($"ECID:f-{n}-{shopper}");
            }
        });
        var both = Task.WhenAll(writing, settling);
        var seen = await FollowAsync([host, other], both);
        await both;
        await host.RefreshAllAsync();
        await ReadOnAsync(host, seen);

        Assert.Equal(Enumerable.Range(1, seen.Count).Select(n => (long)n), seen.Select(s => s.Position));
        Assert.Equal(committed.Order(StringComparer.Ordinal), seen.Select(s => s.Event!).Where(e => e.StartsWith("raw ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Equal(60, seen.Count(s => s.Event!.StartsWith("f-", StringComparison.Ordinal)));
        Assert.Equal(seen.Count, await host.ValueAsync<long>("select count(*) from membership_log"));
    }

    /// <summary>Some roll back after all, some while they hold the feed. Returns whether it was committed.</summary>
    private static async Task<bool> WriteAsync(NpgsqlConnection connection, string name, int rows, Random random)
    {
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(Write, connection, transaction);
        foreach (var value in new object[] { name, rows, random.Next(10) / 1000.0, random.Next(4) / 1000.0, PlatformHost.Start })
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var commits = random.Next(4) > 0;
        await (commits ? transaction.CommitAsync(TestContext.Current.CancellationToken) : transaction.RollbackAsync(TestContext.Current.CancellationToken));
        return commits;
    }

    /// <summary>A follower that is started again and again, on one node or the other, with nothing but the last position it has kept.</summary>
    private static async Task<List<(long Position, string? Event)>> FollowAsync(PlatformHost[] nodes, Task until)
    {
        var seen = new List<(long, string?)>();
        for (var start = 0; !until.IsCompleted; start++)
            await ReadOnAsync(nodes[start % 2], seen);
        return seen;
    }

    private static async Task ReadOnAsync(PlatformHost node, List<(long Position, string? Event)> seen)
    {
        for (var read = 1; read > 0;)
        {
            var page = await node.Admin.GetJsonAsync($"/v1/membership-changes?limit=20&after={(seen.Count == 0 ? 0 : seen[^1].Position)}");
            var items = page["items"]!.AsArray();
            seen.AddRange(items.Select(item => ((long)item!["position"]!, (string?)item["event"])));
            Assert.Equal(seen.Count == 0 ? 0 : seen[^1].Position, (long)page["nextAfter"]!);
            read = items.Count;
        }
    }
}
