using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>What one statement says about a shopper: who it is, whether the stored memberships may be trusted, and these.</summary>
internal sealed record Freshness(
    Guid? Profile, long Epoch, long Publication, StoredProfile? Stored, Guid[] Ids, long[] Marks, IReadOnlyDictionary<SegmentId, ShopperMembership> Members,
    IReadOnlySet<AudienceId> Lists, IReadOnlyDictionary<string, bool> Consents)
{
    internal bool IsFresh(DateTimeOffset now) => Stored?.IsFresh(Ids, Marks, Epoch, now) == true;
}

/// <summary>Reads marks, epoch, validity and memberships in one round trip and one snapshot. Looks at nothing else: leases make nothing fresh.</summary>
internal static class FreshnessReader
{
    private const string Sql = $"""
        with asked as (select * from unnest($1::uuid[]) with ordinality as a(identity_id, n)),
        {ProfileSpans.Owned},
        owner as (select profile_id from owned order by person desc, n limit 1),
        {ProfileSpans.SpansAndPairs}
        select
            (select profile_id from owner),
            (select value from epoch where name = 'definitions'),
            array(select identity_id from pair order by identity_id),
            array(select mark from pair order by identity_id),
            array(select distinct l.audience_id from list_entry l join audience a on a.id = l.audience_id and a.list_version = l.version
                where l.identity_id = any(array(select identity_id from span where until_at is null))),
            array(select c.name || '=' || c.value::text from (
                select distinct on (a.name) a.name, a.value from attribute a
                where a.identity_id = any(array(select identity_id from span where until_at is null)) and a.name like 'consent.%'
                order by a.name, a.at desc, a.key desc) c),
            array(select m.segment_id from membership m, owner o where m.profile_id = o.profile_id order by m.segment_id),
            array(select m.since from membership m, owner o where m.profile_id = o.profile_id order by m.segment_id),
            array(select coalesce(m.until, 'infinity') from membership m, owner o where m.profile_id = o.profile_id order by m.segment_id),
            p.settle_no, p.epoch, p.settled_at, p.valid_until, p.seen_ids, p.seen_marks, p.deadline_ids, p.deadline_at, p.erased_at is not null,
            (select value from epoch where name = 'publications')
        from (select) one left join owner o on true left join profile p on p.profile_id = o.profile_id
        """;

    internal static async Task<Freshness> ReadAsync(NpgsqlDataSource database, Guid[] identities, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = identities });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new Freshness(
            reader.IsDBNull(0) ? null : reader.GetGuid(0),
            reader.GetInt64(1),
            reader.GetInt64(reader.FieldCount - 1),
            reader.IsDBNull(9) ? null : StoredProfileRow.Read(reader, 9),
            reader.GetFieldValue<Guid[]>(2),
            reader.GetFieldValue<long[]>(3),
            Members(reader.GetFieldValue<Guid[]>(6), reader.GetFieldValue<DateTimeOffset[]>(7), reader.GetFieldValue<DateTimeOffset[]>(8)),
            reader.GetFieldValue<Guid[]>(4).Select(id => new AudienceId(id)).ToHashSet(),
            Consents(reader.GetFieldValue<string[]>(5)));
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
