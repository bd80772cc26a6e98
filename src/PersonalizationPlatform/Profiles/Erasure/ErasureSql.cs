namespace PersonalizationPlatform.Profiles.Erasure;

/// <summary>
/// The statements of an erasure, in the order they run. Locks come in the order appends take them (orders, then identities), after
/// the profile's tombstone, onto which no settle writes.
/// </summary>
internal static class ErasureSql
{
    internal const string Owner = $"""
        with asked as (select $1::uuid as identity_id, 1 as n),
        {ProfileSpans.Owned}
        select profile_id from owned
        """;

    internal const string Spans = $"""
        with owner as (select $1::uuid as profile_id),
        {ProfileSpans.SpansAndPairs}
        select identity_id, person, from_at, from_key, until_at, until_key from span
        """;

    internal const string Tombstone = """
        insert into profile as t (profile_id, settle_no, epoch, settled_at, valid_until, seen_ids, seen_marks, deadline_ids, deadline_at, registered, truncated, erased_at)
        values ($1, 1, 0, $2, 'infinity', '{}', '{}', '{}', '{}', false, false, $2)
        on conflict (profile_id) do update set settle_no = t.settle_no + 1, valid_until = 'infinity', seen_ids = '{}', seen_marks = '{}',
            seen_latest = '{}', deadline_ids = '{}', deadline_at = '{}', erased_at = $2
        """;

    internal const string LockOrders = """
        select order_id from order_key
        where order_id = any(array(select order_id from order_part where identity_id = any($1))) order by order_id for update
        """;

    internal const string LockIdentities = "select identity_id, value, greatest(last_seen, open_since), own_profile from identity where identity_id = any($1) order by identity_id for update";

    private const string SpanRows = """
        unnest($1::uuid[], $2::boolean[], $3::timestamptz[], $4::uuid[], $5::timestamptz[], $6::uuid[])
            as s(identity_id, person, from_at, from_key, until_at, until_key)
        """;

    /// <summary>An order goes with its owner: see <c>SnapshotReader</c> for who that is.</summary>
    internal const string OwnedOrders = $"""
        select o.order_id from (
            select distinct on (p.order_id) p.order_id, p.identity_id, p.counts_at, p.key
            from order_part p
            where p.order_id = any(array(select x.order_id from order_part x join {SpanRows} on x.identity_id = s.identity_id))
            order by p.order_id, (p.back_office and p.has_identity) desc, (not p.back_office) desc,
                case when p.back_office and p.has_identity then p.counts_at end desc nulls last,
                case when p.back_office and p.has_identity then p.key end desc nulls last, p.counts_at, p.key) o
        join {SpanRows} on o.identity_id = s.identity_id
            and (s.from_at is null or (o.counts_at, o.key) >= (s.from_at, s.from_key))
            and (s.until_at is null or (o.counts_at, o.key) < (s.until_at, s.until_key))
        """;

    /// <summary>
    /// What others' devices and e-mails said about an order of the erased keeps its place, so that a repeat is recognised, and loses
    /// what it said. Run after <see cref="Events"/>.
    /// </summary>
    internal const string OrderEvents = """
        update event e set id = null, order_id = null, value = null, currency = null, skus = null, categories = null, content = '{"items":[]}', body = '{}'
        from order_part p
        where p.order_id = any($1) and e.identity_id = p.identity_id and e.key = p.key and e.counts_at = p.counts_at
        """;

    /// <summary>Those others have to look again. $1 = orders, $2 = the erased identities.</summary>
    internal const string MarkOthers = """
        with others as materialized (
            select i.identity_id from identity i
            where i.identity_id = any(array(select p.identity_id from order_part p where p.order_id = any($1))) and not i.identity_id = any($2)
            order by i.identity_id for update
        )
        update identity i set mark = i.mark + 1, closed_mark = i.closed_mark + 1, dirty = true from others o where i.identity_id = o.identity_id
        """;

    internal const string Orders = "with parts as (delete from order_part where order_id = any($1)) delete from order_key where order_id = any($1)";

    internal const string Events = $"""
        delete from event e using {SpanRows}
        where e.identity_id = s.identity_id
          and (s.from_at is null or (e.counts_at, e.key) >= (s.from_at, s.from_key))
          and (s.until_at is null or (e.counts_at, e.key) < (s.until_at, s.until_key))
        """;

    internal const string OrderParts = $"""
        delete from order_part e using {SpanRows}
        where e.identity_id = s.identity_id
          and (s.from_at is null or (e.counts_at, e.key) >= (s.from_at, s.from_key))
          and (s.until_at is null or (e.counts_at, e.key) < (s.until_at, s.until_key))
        """;

    internal const string Attributes = $"""
        delete from attribute e using {SpanRows}
        where e.identity_id = s.identity_id
          and (s.from_at is null or (e.at, e.key) >= (s.from_at, s.from_key))
          and (s.until_at is null or (e.at, e.key) < (s.until_at, s.until_key))
        """;

    internal const string Lists = "delete from list_entry where identity_id = any($1)";

    /// <summary>Events of others that name the erased persons beside them; the condition on the cardinality is that of the index.</summary>
    internal const string NamedElsewhere = """
        select identity_id, occurred_at, key, identity_ids, content, body from event where identity_ids && $1 and cardinality(identity_ids) > 1
        """;

    internal const string Redact = """
        update event set body = $4::json, content = $5::json, identity_ids = $6 where identity_id = $1 and occurred_at = $2 and key = $3
        """;

    internal const string Links = "delete from person_link where alias_id = any($1) or customer_id = any($1)";

    internal const string SignIns = "update sign_in set person_id = null where person_id = any($1)";

    internal const string Persons = """
        update identity set namespace = null, value = null, known = false, first_seen = null, last_seen = null, erased_at = $2,
            erased = tstzmultirange(tstzrange(null, $2, '[]')), own_profile = f.id, profile_id = f.id, mark = mark + 1, closed_mark = closed_mark + 1, dirty = false
        from (select unnest($1::uuid[]) as identity_id, gen_random_uuid() as id) f
        where identity.identity_id = f.identity_id
        """;

    /// <summary>A device keeps its value only while another person has been signed in on it.</summary>
    internal const string Devices = $"""
        with s as (
            select s.identity_id, range_agg(tstzrange(s.from_at, least(s.until_at, $7), case when s.until_at <= $7 then '[)' else '[]' end)) as erased,
                   exists (select from sign_in x where x.device_id = s.identity_id and x.person_id is not null) as shared, gen_random_uuid() as id
            from {SpanRows} where not s.person group by s.identity_id
        )
        update identity i set erased = coalesce(i.erased, '{"{}"}') + s.erased, erased_at = $7, own_profile = s.id, profile_id = s.id,
            namespace = case when s.shared then i.namespace end, value = case when s.shared then i.value end,
            first_seen = case when s.shared then i.first_seen end, last_seen = case when s.shared then i.last_seen end,
            mark = i.mark + 1, closed_mark = i.closed_mark + 1, dirty = s.shared
        from s where i.identity_id = s.identity_id
        """;

    internal const string Kinds = "delete from identity_kind where identity_id = any($1)";

    internal const string RecountKinds = """
        insert into identity_kind (identity_id, kind, first_at, count)
        select identity_id, kind, min(counts_at), count(*) from event where identity_id = any($1) group by identity_id, kind
        on conflict (identity_id, kind) do update set first_at = excluded.first_at, count = excluded.count
        """;

    internal const string Refused = """
        delete from refused_event r
        where r.identity_ids && $1
           or exists (select from unnest($2::text[]) v where position(lower(v) in lower(encode(r.body || coalesce(r.sent, ''), 'escape'))) > 0)
        """;

    internal const string StoredAnswers = """
        delete from idempotency i where exists (select from unnest($1::text[]) v where position(lower(v) in lower(i.idempotency_key)) > 0)
        """;

    internal const string Memberships = "delete from membership where profile_id = any($1)";

    /// <summary>One tombstone for the profile, and one for each of those joined into it that a follower has heard of. $1 = all of them, $2 = the profile.</summary>
    internal const string Log = """
        with gone as (delete from membership_log where profile_id = any($1) returning profile_id),
        told as (select $2::uuid as profile_id union select profile_id from gone),
        others as (update membership_log set other_profile = null where other_profile = any($1) and not profile_id = any($1)),
        f as (update feed set last = last + (select count(*) from told) where name = 'membership' returning last - (select count(*) from told) as base)
        insert into membership_log (position, profile_id, change, at, recorded_at, cause, version)
        select f.base + row_number() over (order by t.profile_id), t.profile_id, 'erased', $3, $3, 'erasure', 0 from told t, f
        """;
}
