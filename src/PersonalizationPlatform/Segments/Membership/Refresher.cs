using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Segments.Definitions;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>
/// Works off what nobody asked about: identities with unworked marks, profiles whose validity has passed, profiles judged under an
/// older epoch. Never needed for a right answer; it makes entries, exits and member lists appear on time. Safe on several nodes.
/// </summary>
public sealed class Refresher(
    NpgsqlDataSource database, SegmentDefinitions definitions, SnapshotReader snapshots, SettleWriter writer, TimeProvider time)
{
    private const int BatchSize = 500;
    private const int MaxAttempts = 4;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // Rows are locked in the order in which appends and settles lock them, so that nobody waits in a circle.
    private const string ClaimIdentitiesSql = """
        with due as materialized (
            select identity_id from identity
            where dirty and lease <= $1 and identity_id = any(array(
                select identity_id from identity where dirty and lease <= $1 order by lease limit $3))
            order by identity_id for update
        )
        update identity i set lease = $2 from due where i.identity_id = due.identity_id
        returning i.identity_id, i.mark
        """;

    private const string ConcernedSql = $"""
        with asked as (select * from unnest($1::uuid[]) with ordinality as a(identity_id, n)),
        {ProfileSpans.Owned}
        select profile_id from owned
        union
        select coalesce(p.profile_id, i.own_profile) from sign_in s
        join identity i on i.identity_id = s.device_id left join identity p on p.identity_id = s.person_id
        where s.device_id = any($1)
        union
        select profile_id from profile where seen_ids && $1::uuid[]
        """;

    /// <summary>What was marked again meanwhile stays dirty, and is nobody's any more: it must not wait for a lease to run out.</summary>
    private const string WorkedOffSql = """
        with claimed as materialized (
            select i.identity_id, w.mark
            from unnest($1::uuid[], $2::bigint[]) as w(identity_id, mark) join identity i on i.identity_id = w.identity_id
            order by i.identity_id for update of i
        )
        update identity i set dirty = i.dirty and i.mark <> claimed.mark, lease = '-infinity'
        from claimed where i.identity_id = claimed.identity_id
        """;

    private const string ClaimDueSql = """
        with due as materialized (
            select profile_id from profile
            where erased_at is null and valid_until <= $1 and lease <= $1 and profile_id = any(array(
                select profile_id from profile where erased_at is null and valid_until <= $1 and lease <= $1 order by valid_until limit $3))
            order by profile_id for update
        )
        update profile p set lease = $2 from due where p.profile_id = due.profile_id
        returning p.profile_id
        """;

    private const string ClaimOlderSql = """
        with older as materialized (
            select profile_id from profile
            where erased_at is null and epoch < $4 and lease <= $1 and profile_id = any(array(
                select profile_id from profile where erased_at is null and epoch < $4 and lease <= $1 limit $3))
            order by profile_id for update
        )
        update profile p set lease = $2 from older where p.profile_id = older.profile_id
        returning p.profile_id
        """;

    // New traffic is always waiting somewhere; what matters is nobody who was there before the change and was never settled.
    private const string FilledSql = """
        update segment s set filled_epoch = $1
        where s.filled_epoch < s.changed_epoch and s.changed_epoch <= $1
          and not exists (select from profile where erased_at is null and epoch < $1)
          and not exists (
            select from identity i
            where i.dirty and coalesce(i.first_seen, '-infinity') <= s.updated_at and not exists (select from profile p where p.seen_ids @> array[i.identity_id]))
        """;

    /// <summary>One round over everything that is due; returns how many profiles were looked at.</summary>
    public async Task<int> RefreshOnceAsync(CancellationToken cancellationToken)
    {
        var done = await RefreshMarkedOnceAsync(cancellationToken);
        done += await RefreshDueOnceAsync(cancellationToken);
        done += await RefreshOlderOnceAsync(cancellationToken);
        return done;
    }

    /// <summary>Claims identities whose mark was not worked off and settles every profile they concern, past owners included.</summary>
    public async Task<int> RefreshMarkedOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claimed = await Overtaken.RepeatAsync(() => ClaimIdentitiesAsync(now, cancellationToken));
        if (claimed.Count == 0)
            return 0;
        var ids = claimed.Select(c => c.Id).ToArray();
        var profiles = await ProfilesAsync(Command(ConcernedSql, ids), cancellationToken);
        // Who was overtaken may have been so by a reader with an older snapshot: only what is settled is worked off. The rest keeps
        // its lease, and is claimed again when that runs out.
        if (await SettleAsync(profiles, cancellationToken))
        {
            await Overtaken.RepeatAsync(async () =>
            {
                await using var workedOff = Command(WorkedOffSql, ids, claimed.Select(c => c.Mark).ToArray());
                return await workedOff.ExecuteNonQueryAsync(cancellationToken);
            });
        }

        return claimed.Count;
    }

    /// <summary>Settles profiles whose earliest ChangesAt has passed, so that exits are logged on time.</summary>
    public async Task<int> RefreshDueOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var profiles = await Overtaken.RepeatAsync(() => ProfilesAsync(Command(ClaimDueSql, now, now + Lease, BatchSize), cancellationToken));
        await SettleAsync(profiles, cancellationToken);
        return profiles.Count;
    }

    /// <summary>Walks profiles judged under an older epoch; when none is left, what changed is filled.</summary>
    public async Task<int> RefreshOlderOnceAsync(CancellationToken cancellationToken)
    {
        var set = await definitions.CurrentAsync(cancellationToken);
        var now = time.GetUtcNow();
        var profiles = await Overtaken.RepeatAsync(() => ProfilesAsync(Command(ClaimOlderSql, now, now + Lease, BatchSize, set.Epoch), cancellationToken));
        if (profiles.Count == 0)
        {
            await using var filled = Command(FilledSql, set.Epoch);
            await filled.ExecuteNonQueryAsync(cancellationToken);
            return 0;
        }

        await SettleAsync(profiles, cancellationToken);
        return profiles.Count;
    }

    private async Task<List<(Guid Id, long Mark)>> ClaimIdentitiesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var claimed = new List<(Guid Id, long Mark)>();
        await using var claim = Command(ClaimIdentitiesSql, now, now + Lease, BatchSize);
        await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            claimed.Add((reader.GetGuid(0), reader.GetInt64(1)));
        return claimed;
    }

    /// <summary>Settles until all are, at most a few times over; false when some were overtaken again and again.</summary>
    private async Task<bool> SettleAsync(IReadOnlyCollection<Guid> profiles, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts && profiles.Count > 0; attempt++)
            profiles = await SettleOnceAsync(profiles, cancellationToken);
        return profiles.Count == 0;
    }

    private async Task<IReadOnlyCollection<Guid>> SettleOnceAsync(IReadOnlyCollection<Guid> profiles, CancellationToken cancellationToken)
    {
        var set = await definitions.CurrentAsync(cancellationToken);
        var overtaken = new List<Guid>();
        // Busy profiles may have long histories: read a few at a time, so that memory stays bounded.
        foreach (var chunk in profiles.Chunk(50))
        {
            var settles = new List<(Guid Profile, Task<bool> Done)>(chunk.Length);
            foreach (var snapshot in await snapshots.ReadAsync(chunk, set.Needs, cancellationToken))
            {
                var now = ShopperReader.Later(time.GetUtcNow(), snapshot);
                var unknown = snapshot.Stored is null && snapshot.Ids.Length == 0;
                if (unknown || snapshot.Stored?.Erased == true || snapshot.IsFresh(set.Epoch, now))
                    continue;
                settles.Add((snapshot.Profile, writer.SettleAsync(snapshot, Judge.Run(snapshot, set, now), cancellationToken)));
            }

            foreach (var (profile, done) in settles)
                if (!await done)
                    overtaken.Add(profile);
        }

        return overtaken;
    }

    private static async Task<HashSet<Guid>> ProfilesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            var profiles = new HashSet<Guid>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                profiles.Add(reader.GetGuid(0));
            return profiles;
        }
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value switch
            {
                Guid[] ids => new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = ids },
                _ => new NpgsqlParameter { Value = value },
            });
        return command;
    }
}
