using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Walks the shoppers who ordered or visited in a past period, each once, with all that is known of them.</summary>
public sealed class PastShoppers(NpgsqlDataSource database, SnapshotReader snapshots)
{
    /// <summary>Snapshots in memory at a time: some shoppers have long histories.</summary>
    private const int ChunkSize = 50;
    private const int PageSize = 1_000;

    private const string WhoOrdered = """
        select distinct identity_id from order_part
        where identity_id > $1 and counts_at >= $2 and counts_at < $3 order by identity_id limit $4
        """;

    // An event counts at the earlier of when it happened and when it arrived, so it happened a day later at most.
    private const string WhoVisited = """
        select distinct identity_id from event
        where identity_id > $1 and occurred_at >= $2 - interval '1 day' and occurred_at < $3 + interval '1 day'
          and counts_at >= $2 and counts_at < $3 and kind in ('pageView', 'productPageView') order by identity_id limit $4
        """;

    private const string Owners = $"""
        with asked as (select * from unnest($1::uuid[]) with ordinality as a(identity_id, n)),
        {ProfileSpans.Owned}
        select distinct profile_id from owned order by profile_id
        """;

    private const string CountOrders = "select count(*) from (select from order_part where counts_at >= $1 and counts_at < $2 limit $3) as found";

    private const string CountVisits = """
        select count(*) from (
            select from event where occurred_at >= $1 - interval '1 day' and occurred_at < $2 + interval '1 day'
              and counts_at >= $1 and counts_at < $2 and kind in ('pageView', 'productPageView') limit $3) as found
        """;

    /// <summary>How much there is to look at, counted no further than <paramref name="atMost"/>.</summary>
    public async Task<long> CountAsync(RehearsalKind kind, Period period, int atMost, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(kind == RehearsalKind.CartRule ? CountOrders : CountVisits);
        command.Parameters.Add(new() { Value = period.From });
        command.Parameters.Add(new() { Value = period.Until });
        command.Parameters.Add(new() { Value = atMost });
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <param name="progress">Told how far the walk is, from 0 to 1: identities are hashes, so their order is even.</param>
    internal async Task WalkAsync(
        RehearsalKind kind, Period period, SegmentSet segments, Needs needs, Func<ProfileSnapshot, Timeline, ValueTask> look, Func<decimal, Task> progress,
        CancellationToken cancellationToken)
    {
        var seen = new HashSet<Guid>();
        for (var after = Guid.Empty; ;)
        {
            var identities = await IdentitiesAsync(kind == RehearsalKind.CartRule ? WhoOrdered : WhoVisited, period, after, cancellationToken);
            if (identities.Length == 0)
                return;
            foreach (var chunk in (await OwnersAsync(identities, cancellationToken)).Where(seen.Add).Chunk(ChunkSize))
            {
                foreach (var snapshot in await snapshots.ReadAsync(chunk, needs, cancellationToken))
                    await look(snapshot, new Timeline(snapshot.Facts, segments, snapshot.Spans.Count > 0, untimedAsKnown: true));
            }

            after = identities[^1];
            await progress(after.ToByteArray(bigEndian: true)[0] / 256m);
        }
    }

    private async Task<Guid[]> IdentitiesAsync(string sql, Period period, Guid after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = period.From });
        command.Parameters.Add(new() { Value = period.Until });
        command.Parameters.Add(new() { Value = PageSize });
        return await GuidsAsync(command, cancellationToken);
    }

    private async Task<Guid[]> OwnersAsync(Guid[] identities, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Owners);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = identities });
        return await GuidsAsync(command, cancellationToken);
    }

    private static async Task<Guid[]> GuidsAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            ids.Add(row.GetGuid(0));
        return [.. ids];
    }
}

/// <summary>A past period: whole days of a website.</summary>
/// <param name="Until">Not included.</param>
public sealed record Period(DateTimeOffset From, DateTimeOffset Until, Website Website)
{
    public static Period Of(DateOnly from, DateOnly to, Website website) =>
        new(DecisionInstant.StartOf(from, website), DecisionInstant.StartOf(to.AddDays(1), website), website);

    public bool Contains(DateTimeOffset at) => at >= From && at < Until;

    public DateOnly DayOf(DateTimeOffset at) => Website.DayOf(at);
}
