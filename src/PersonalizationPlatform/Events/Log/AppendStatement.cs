namespace PersonalizationPlatform.Events.Log;

/// <summary>
/// Append + mark as one statement, marks first. Locks are taken in one order everywhere (orders by id, identities by id), and an
/// event is only inserted if the identity rows returned under lock do not show it as erased or opted out.
/// </summary>
internal static class AppendStatement
{
    internal const string Append = """
        with e as materialized (
            select * from unnest($1::int[], $2::uuid[], $3::timestamptz[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::smallint[],
                $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::numeric[], $17::text[],
                $18::text[], $19::text[], $20::text[], $21::boolean[], $22::uuid[])
            as e(n, identity_id, occurred_at, key, counts_at, received_at, door, id, kind, event_type, website, store_view, skus, categories,
                order_id, value, currency, identity_ids, content, body, opt_in, slot)
        ),
        orders as (
            insert into order_key as o (order_id, identity_ids)
            select order_id, identity_ids::uuid[] from unnest($23::uuid[], $24::text[]) as t(order_id, identity_ids)
            order by order_id
            on conflict (order_id) do update set identity_ids =
                array(select distinct x from unnest(o.identity_ids || excluded.identity_ids) x order by x)
            returning o.identity_ids
        ),
        touched as (
            select * from unnest($25::uuid[], $26::text[], $27::text[], $28::boolean[], $29::boolean[], $30::timestamptz[], $31::timestamptz[],
                $32::timestamptz[], $33::boolean[], $34::timestamptz[])
            as t(identity_id, namespace, value, person, known, signed_in_at, first_seen, last_seen, collect, collect_at)
        ),
        marks as (
            insert into identity as i (identity_id, namespace, value, person, known, profile_id, own_profile, closed_mark, open_since,
                first_seen, last_seen, collect, collect_at)
            select identity_id, namespace, value, person, known, identity_id, identity_id, closed, signed_in_at, first_seen, last_seen, collect, collect_at
            from (
                -- An order may be taken from whoever had the device when it was placed: he has to look again, too.
                select *, case when signed_in_at is null and not exists (select from orders where t.identity_id = any(orders.identity_ids)) then 1 else 2 end as closed
                from touched t
                union all
                select distinct x, null::text, null::text, false, false, null::timestamptz, null::timestamptz, null::timestamptz, null::boolean, null::timestamptz, 2
                from orders, unnest(orders.identity_ids) x
                where x not in (select identity_id from touched)
            ) t
            order by identity_id
            on conflict (identity_id) do update set
                mark = i.mark + 1,
                closed_mark = i.closed_mark + case when excluded.closed_mark > 1 or excluded.first_seen <= i.open_since then 1 else 0 end,
                open_since = greatest(i.open_since, excluded.open_since),
                -- What an erasure took away does not come back with a repeat of what was erased.
                namespace = case when i.erased @> excluded.last_seen then i.namespace else coalesce(i.namespace, excluded.namespace) end,
                value = case when i.erased @> excluded.last_seen then i.value when excluded.value like '%@%' then excluded.value
                    else coalesce(i.value, excluded.value) end,
                known = i.known or (excluded.known and not coalesce(i.erased @> excluded.last_seen, false)),
                first_seen = case when i.erased @> excluded.last_seen then i.first_seen
                    when i.erased @> excluded.first_seen then least(i.first_seen, excluded.last_seen) else least(i.first_seen, excluded.first_seen) end,
                last_seen = case when i.erased @> excluded.last_seen then i.last_seen else greatest(i.last_seen, excluded.last_seen) end,
                collect = case when excluded.collect is not null and excluded.collect_at >= coalesce(i.collect_at, '-infinity')
                    and not coalesce(i.erased @> excluded.collect_at, false) then excluded.collect else i.collect end,
                collect_at = case when i.erased @> excluded.collect_at then i.collect_at else greatest(i.collect_at, excluded.collect_at) end,
                dirty = i.dirty or not coalesce(i.erased @> excluded.last_seen, false)
            returning i.identity_id, i.erased, i.collect
        ),
        judged as (
            select e.n, coalesce(bool_or(m.erased @> e.counts_at), false) as erased,
                   e.door = 0 and (coalesce(bool_or(m.collect = false), false) or (e.opt_in and not coalesce(bool_or(m.collect), false))) as withheld
            from e
            join unnest($35::int[], $36::uuid[]) as p(n, identity_id) on p.n = e.n
            join marks m on m.identity_id = p.identity_id
            group by e.n, e.door, e.opt_in
        ),
        untimed as (
            insert into untimed_event as u (identity_id, slot, key, received_at)
            select e.identity_id, e.slot, e.key, e.received_at
            from e join judged j on j.n = e.n
            where e.slot is not null and not j.erased and not j.withheld
            order by e.identity_id, e.slot
            on conflict (identity_id, slot) do update set key = excluded.key, received_at = excluded.received_at
                where u.key <> excluded.key or u.received_at <= excluded.received_at - interval '24 hours'
            returning u.identity_id, u.slot
        ),
        ins as (
            insert into event (identity_id, occurred_at, key, counts_at, received_at, door, id, kind, event_type, website, store_view,
                skus, categories, order_id, value, currency, identity_ids, content, body)
            select e.identity_id, e.occurred_at, e.key, e.counts_at, e.received_at, e.door, e.id, e.kind, e.event_type, e.website, e.store_view,
                e.skus::text[], e.categories::text[], e.order_id, e.value, e.currency, e.identity_ids::uuid[], e.content::json, e.body::json
            from e join judged j on j.n = e.n
            where not j.erased and not j.withheld
              and (e.slot is null or exists (select from untimed u where u.identity_id = e.identity_id and u.slot = e.slot))
            order by e.identity_id, e.occurred_at, e.key
            on conflict do nothing
            returning identity_id, occurred_at, key
        ),
        stored as (
            select e.n, e.identity_id, e.counts_at, e.key, e.kind, e.website, e.store_view
            from e join ins on ins.identity_id = e.identity_id and ins.occurred_at = e.occurred_at and ins.key = e.key
        ),
        facts as (
            insert into sign_in (device_id, at, key, person_id, trusted)
            select f.device_id, s.counts_at, s.key, f.person_id, f.trusted
            from unnest($37::int[], $38::uuid[], $39::uuid[], $40::boolean[]) as f(n, device_id, person_id, trusted) join stored s on s.n = f.n
            order by f.device_id, s.counts_at, s.key
            on conflict do nothing
        ),
        links as (
            insert into person_link (alias_id, at, key, customer_id, trusted)
            select f.alias_id, s.counts_at, s.key, f.customer_id, f.trusted
            from unnest($41::int[], $42::uuid[], $43::uuid[], $44::boolean[]) as f(n, alias_id, customer_id, trusted) join stored s on s.n = f.n
            order by f.alias_id, s.counts_at, s.key
            on conflict do nothing
        ),
        parts as (
            insert into order_part (order_id, counts_at, key, identity_id, has_identity, back_office, kind, website, store_view, content, items)
            select p.order_id, s.counts_at, s.key, s.identity_id, p.has_identity, p.back_office, s.kind, s.website, s.store_view, p.content::json, p.items::json
            from unnest($45::int[], $46::uuid[], $47::boolean[], $48::boolean[], $49::text[], $50::text[])
                as p(n, order_id, has_identity, back_office, content, items) join stored s on s.n = p.n
            order by p.order_id, s.counts_at, s.key
            on conflict do nothing
            returning order_id
        ),
        news as (
            insert into order_news (order_id) select distinct order_id from parts
        ),
        attributes as (
            insert into attribute (identity_id, name, at, key, timed, source, value)
            -- Who opts out is withheld, but that he did is kept.
            select e.identity_id, a.name, e.counts_at, e.key, a.timed, e.kind, a.value::json
            from unnest($51::int[], $52::text[], $53::text[], $54::boolean[], $55::boolean[]) as a(n, name, value, timed, choice)
            join e on e.n = a.n join judged j on j.n = a.n left join stored s on s.n = a.n
            where s.n is not null or (a.choice and j.withheld and not j.erased)
            on conflict do nothing
        ),
        counted as (
            insert into identity_kind as k (identity_id, kind, first_at, count)
            select identity_id, kind, min(counts_at), count(*) from stored group by identity_id, kind order by identity_id, kind
            on conflict (identity_id, kind) do update set count = k.count + excluded.count, first_at = least(k.first_at, excluded.first_at)
        )
        select e.n, case when j.withheld then 2 when s.n is not null then 0 else 1 end as outcome
        from e join judged j on j.n = e.n left join stored s on s.n = e.n
        """;

    /// <summary>
    /// Takes away the keys of orders of which nothing was stored: events erased, withheld, or refused as repeats. $1 = orders, whose
    /// rows <see cref="Append"/> has locked.
    /// </summary>
    internal const string ForgetOrders = """
        delete from order_key k where k.order_id = any($1) and not exists (select from order_part p where p.order_id = k.order_id)
        """;

    /// <summary>
    /// Locks what <see cref="Relink"/> decides about mere claims by: two that each learn one half of what undoes a claim must see one
    /// another. $1 =
    /// aliases, $2 = customers.
    /// </summary>
    internal const string LockLinked = """
        with claimed as (
            select c.alias_id from (
                select unnest($1::uuid[]) as alias_id
                union
                select l.alias_id from person_link l where l.customer_id = any($2::uuid[])) c
            where not exists (select from person_link t where t.alias_id = c.alias_id and t.trusted)
        )
        select identity_id from identity
        where identity_id = any(array(
            select alias_id from claimed
            union
            select l.customer_id from person_link l where l.alias_id = any(array(select alias_id from claimed))))
        order by identity_id for update
        """;

    /// <summary>
    /// Names the identities of events that might have been withheld, now that they are stored; nearly always they all have their names
    /// already. What an erasure took away does not come back with a repeat. Run after <see cref="Append"/> in the same transaction;
    /// <c>$1…$6</c> = identity, namespace, value, and the event's primary key.
    /// </summary>
    internal const string Name = """
        with unnamed as materialized (
            select t.*, i.erased
            from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::timestamptz[], $6::uuid[]) as t(identity_id, namespace, value, own_id, occurred_at, key)
            join identity i on i.identity_id = t.identity_id
            -- A plain e-mail says more than its digest; both are this identity.
            where i.value is null or (t.value like '%@%' and i.value not like '%@%')
        ),
        named as (
            select distinct on (u.identity_id) u.identity_id, u.namespace, u.value
            from unnamed u join event e on e.identity_id = u.own_id and e.occurred_at = u.occurred_at and e.key = u.key
            where not coalesce(u.erased @> e.counts_at, false)
            order by u.identity_id, u.value like '%@%' desc
        )
        update identity i set namespace = n.namespace, value = n.value from named n where i.identity_id = n.identity_id
        """;

    /// <summary>Forgets identities that were first heard of in events that were withheld, unless they have chosen themselves. $1 = identities.</summary>
    internal const string Forget = "delete from identity where identity_id = any($1) and value is null and mark = 1 and collect is null";

    /// <summary>
    /// Points person identities at the customer they belong to: the latest trusted link, else the only customer that any storefront
    /// event claims, unless the back office knows both. Marks whoever loses or gains one. Run after <see cref="Append"/> in the same
    /// transaction, when links or trusted person identities were among the events, which has marked them. $1 = aliases, $2 = customers.
    /// </summary>
    internal const string Relink = """
        with concerned as (
            select unnest($1::uuid[]) as alias_id
            union
            select l.alias_id from person_link l where l.customer_id = any($2::uuid[])
        ),
        best as (
            select c.alias_id,
                   (select l.customer_id from person_link l where l.alias_id = c.alias_id and l.trusted order by l.at desc, l.key desc limit 1) as trusted_id,
                   (select case when count(distinct l.customer_id) = 1 then min(l.customer_id::text)::uuid end
                    from person_link l where l.alias_id = c.alias_id and not l.trusted) as claimed_id
            from concerned c
        ),
        target as (
            select a.identity_id, t.identity_id as customer_id, coalesce(t.own_profile, a.own_profile) as profile_id
            from best b join identity a on a.identity_id = b.alias_id
            left join identity t on t.identity_id = coalesce(b.trusted_id, b.claimed_id) and (b.trusted_id is not null or not (t.known and a.known))
        ),
        moved as (
            update identity i set profile_id = t.profile_id, mark = i.mark + 1, closed_mark = i.closed_mark + 1, dirty = true
            from target t
            where i.identity_id = t.identity_id and i.profile_id <> t.profile_id
            returning t.customer_id
        )
        -- Who gains one is marked as well: those whom the events name are already.
        update identity c set mark = c.mark + 1, closed_mark = c.closed_mark + 1, dirty = true
        where c.identity_id = any(array(select customer_id from moved where not customer_id = any($2)))
        """;
}
