using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>What one statement says about a shopper: who it is, and, unless something was learnt since, what the last settle found.</summary>
/// <param name="Profile">Null = none of the identities was ever seen.</param>
/// <param name="Epoch">The current definitions.</param>
/// <param name="Publication">The current publication.</param>
/// <param name="Settled">Null = nothing is stored, or something was learnt since.</param>
internal sealed record Freshness(Guid? Profile, long Epoch, long Publication, SettledView? Settled)
{
    internal bool IsFresh(DateTimeOffset now) => Settled is { } settled && settled.Epoch == Epoch && now < settled.ValidUntil;
}

/// <summary>What the last settle found.</summary>
/// <param name="Epoch">The definitions it was judged under.</param>
/// <param name="ValidUntil">The instant at which time alone may change it.</param>
internal sealed record SettledView(
    long Epoch, DateTimeOffset ValidUntil, IReadOnlyDictionary<SegmentId, DateTimeOffset> Deadlines, IReadOnlyDictionary<SegmentId, ShopperMembership> Members,
    IReadOnlySet<AudienceId> Lists, IReadOnlyDictionary<string, bool> Consents);

/// <summary>
/// Reads marks, epoch, validity and memberships in one round trip and one snapshot. Looks at nothing else: leases make nothing fresh.
/// Which identities make up the profile is not worked out again: whatever adds an identity to a profile or takes one away raises a mark
/// of one that the profile had before (<c>docs/decisions/0013</c>), so the identities that the settle saw are still all of them while
/// their marks are the same and the one asked for is among them.
///
/// The array stands in a query of its own so that the planner cannot count it. Seeing that most callers name one identity, it would hold
/// a plan made for them cheaper than the one that serves everybody, and make it anew for every request, which takes longer than the read.
/// </summary>
internal static class FreshnessReader
{
    private const string Sql = $"""
        with asked as (select * from unnest((select $1::uuid[])) with ordinality as a(identity_id, n)),
        {ProfileSpans.Owned},
        owner as (select profile_id, identity_id from owned order by person desc, n limit 1)
        select
            o.profile_id,
            (select value from epoch where name = 'definitions'),
            (select value from epoch where name = 'publications'),
            seen.unchanged, p.epoch, p.valid_until, p.deadline_ids, p.deadline_at, member.ids, member.since, member.until,
            array(select distinct l.audience_id from list_entry l join audience a on a.id = l.audience_id and a.list_version = l.version
                where l.identity_id = any(seen.latest)),
            array(select c.name || '=' || c.value::text from (
                select distinct on (a.name) a.name, a.value from attribute a
                where a.identity_id = any(seen.latest) and a.name like 'consent.%'
                order by a.name, a.at desc, a.key desc) c)
        from (select) one
        left join owner o on true
        left join profile p on p.profile_id = o.profile_id and p.erased_at is null and o.identity_id = any(p.seen_ids)
        left join lateral (
            select array_agg(case when s.latest is false then i.closed_mark else i.mark end order by s.identity_id) = p.seen_marks as unchanged,
                   array_agg(s.identity_id) filter (where s.latest is not false) as latest
            from unnest(p.seen_ids, p.seen_latest) as s(identity_id, latest) join identity i on i.identity_id = s.identity_id) seen on true
        left join lateral (
            select array_agg(m.segment_id) as ids, array_agg(m.since) as since, array_agg(coalesce(m.until, 'infinity')) as until
            from membership m where m.profile_id = p.profile_id) member on true
        """;

    internal static async Task<Freshness> ReadAsync(NpgsqlDataSource database, Guid[] identities, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = identities });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Freshness(
            reader.IsDBNull(0) ? null : reader.GetGuid(0), reader.GetInt64(1), reader.GetInt64(2),
            !reader.IsDBNull(3) && reader.GetBoolean(3) ? Settled(reader) : null);
    }

    private static SettledView Settled(NpgsqlDataReader reader) => new(
        reader.GetInt64(4), reader.GetFieldValue<DateTimeOffset>(5), Deadlines(reader.GetFieldValue<Guid[]>(6), reader.GetFieldValue<DateTimeOffset[]>(7)),
        reader.IsDBNull(8)
            ? new Dictionary<SegmentId, ShopperMembership>()
            : Members(reader.GetFieldValue<Guid[]>(8), reader.GetFieldValue<DateTimeOffset[]>(9), reader.GetFieldValue<DateTimeOffset[]>(10)),
        reader.GetFieldValue<Guid[]>(11).Select(id => new AudienceId(id)).ToHashSet(), Consents(reader.GetFieldValue<string[]>(12)));

    private static Dictionary<SegmentId, DateTimeOffset> Deadlines(Guid[] segments, DateTimeOffset[] at)
    {
        var deadlines = new Dictionary<SegmentId, DateTimeOffset>(segments.Length);
        for (var i = 0; i < segments.Length; i++)
            deadlines[new SegmentId(segments[i])] = at[i];
        return deadlines;
    }

    private static Dictionary<SegmentId, ShopperMembership> Members(Guid[] segments, DateTimeOffset[] since, DateTimeOffset[] until)
    {
        var members = new Dictionary<SegmentId, ShopperMembership>(segments.Length);
        for (var i = 0; i < segments.Length; i++)
        {
            var id = new SegmentId(segments[i]);
            members[id] = new ShopperMembership(id, since[i], until[i] == DateTimeOffset.MaxValue ? null : until[i]);
        }

        return members;
    }

    private static Dictionary<string, bool> Consents(string[] rows)
    {
        var consents = new Dictionary<string, bool>(rows.Length);
        foreach (var row in rows)
        {
            var equals = row.IndexOf('=');
            consents[row["consent.".Length..equals]] = row[(equals + 1)..] == "true";
        }

        return consents;
    }
}
