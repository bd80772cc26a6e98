using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Looks into the database after the storm: everything must agree with everything.</summary>
internal static class Ledger
{
    public static async Task<T> ValueAsync<T>(this PlatformHost host, string sql, params object[] values)
    {
        await using var command = host.Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public static Guid IdOf(this PlatformHost host, string identity)
    {
        Assert.True(Identity.TryCreate(identity[..identity.IndexOf(':')], identity[(identity.IndexOf(':') + 1)..], out var known), identity);
        return host.Services.GetRequiredService<IdentityHash>().Of(known).Value;
    }

    /// <summary>Works off everything that is due. The clock stands still: what hides behind a lease that nobody gave back shows as a failure later.</summary>
    public static async Task RefreshAllAsync(this PlatformHost host)
    {
        var refresher = host.Services.GetRequiredService<Refresher>();
        while (await refresher.RefreshOnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    /// <summary>
    /// Every profile is fresh, its stored memberships are those of a judgement from nothing, and the log tells how they came about:
    /// entered and left in turn, ending in what is stored, under positions without gaps.
    /// </summary>
    public static async Task AssertSettledAsync(this PlatformHost host)
    {
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from identity where dirty"));
        var set = await host.Services.GetRequiredService<SegmentDefinitions>().CurrentAsync(TestContext.Current.CancellationToken);
        var profiles = await host.ValueAsync<Guid[]>("select coalesce(array_agg(profile_id), '{}') from profile where erased_at is null");
        var stored = await host.ValueAsync<string[]>("select coalesce(array_agg(profile_id || ' ' || segment_id), '{}') from membership");
        var expected = new List<string>();
        var now = host.Clock.GetUtcNow();
        foreach (var snapshot in await host.Services.GetRequiredService<SnapshotReader>().ReadAsync(profiles, set.Needs, TestContext.Current.CancellationToken))
        {
            Assert.True(snapshot.IsFresh(set.Epoch, now), $"Profile {snapshot.Profile} is stale and nobody will look.");
            var verdicts = new Timeline(snapshot.Facts, set, snapshot.Spans.Count > 0, untimedAsKnown: false).At(now);
            expected.AddRange(set.InOrder.Where((_, i) => verdicts[i].Matches).Select(segment => $"{snapshot.Profile} {segment.Id}"));
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
        await host.AssertLogTellsMembershipsAsync();
    }

    public static async Task AssertLogTellsMembershipsAsync(this PlatformHost host)
    {
        await using var command = host.Database.CreateCommand("select position, profile_id, segment_id, change, at from membership_log order by position");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var state = new Dictionary<(Guid, Guid), (bool In, DateTimeOffset At)>();
        var position = 0L;
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(++position, reader.GetInt64(0));
            if (reader.GetString(3) == "erased")
                continue;
            var pair = (reader.GetGuid(1), reader.GetGuid(2));
            var (was, last) = state.GetValueOrDefault(pair);
            var entered = reader.GetString(3) == "entered";
            Assert.True(was != entered, $"Position {position}: {reader.GetString(3)} twice in a row.");
            var at = reader.GetFieldValue<DateTimeOffset>(4);
            Assert.True(at >= last, $"Position {position} is dated before the one before it.");
            state[pair] = (entered, at);
        }

        await reader.CloseAsync();
        Assert.Equal(position, await host.ValueAsync<long>("select last from feed where name = 'membership'"));
        var stored = await host.ValueAsync<string[]>("select coalesce(array_agg(profile_id || ' ' || segment_id), '{}') from membership");
        Assert.Equal(state.Where(s => s.Value.In).Select(s => $"{s.Key.Item1} {s.Key.Item2}").Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
    }

    /// <summary>The tables in which a text occurs in any column of any row.</summary>
    public static async Task<IReadOnlyList<string>> TablesNamingAsync(this PlatformHost host, string text)
    {
        var tables = await host.ValueAsync<string[]>(
            "select array_agg(format('%I', c.relname)::text) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'");
        var naming = new List<string>();
        foreach (var table in tables)
            if (await host.ValueAsync<bool>($"select exists (select from {table} t where position($1 in t::text) > 0 or position(encode($1::bytea, 'hex') in t::text) > 0)", text))
                naming.Add(table);
        return naming;
    }

    public static async Task ReportDeadlocksAsync(this PlatformHost host) => TestContext.Current.TestOutputHelper?.WriteLine(
        $"Deadlocks: {await host.ValueAsync<long>("select deadlocks from pg_stat_database where datname = current_database()")}");
}
