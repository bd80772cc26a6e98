namespace PersonalizationPlatform.Profiles;

/// <summary>
/// The one query that says which identities make up a profile, and when: person identities for ever, devices by intervals between
/// sign-ins (laws of identity). Written as CTEs after one named <c>owner(profile_id)</c>; yields
/// <c>span(profile_id, identity_id, person, from_at, from_key, until_at, until_key)</c> and
/// <c>pair(profile_id, identity_id, latest, mark)</c>: the marks the profile's freshness is compared by; of a device that went on to
/// somebody else (not <c>latest</c>), the one that only sign-ins and what counts before them raise.
/// </summary>
internal static class ProfileSpans
{
    /// <summary>Whom an identity belongs to now: <c>asked(identity_id, n)</c> → <c>owned(identity_id, n, person, profile_id)</c>.</summary>
    internal const string Owned = """
        owned as (
            select a.n, i.identity_id, i.person,
                   case when i.person then i.profile_id else coalesce(p.profile_id, i.own_profile) end as profile_id
            from asked a
            join identity i on i.identity_id = a.identity_id
            left join lateral (
                select s.person_id from sign_in s where s.device_id = i.identity_id order by s.at desc, s.key desc limit 1) s on not i.person
            left join identity p on p.identity_id = s.person_id
        )
        """;

    internal const string SpansAndPairs = """
        person_of as (
            select i.profile_id, i.identity_id, i.mark
            from identity i where i.profile_id = any(array(select profile_id from owner)) and i.person
        ),
        device_of as (
            select s.device_id from sign_in s where s.person_id = any(array(select identity_id from person_of))
            union
            select i.identity_id from identity i where i.profile_id = any(array(select profile_id from owner)) and not i.person
        ),
        device_fact as (
            select s.device_id, s.at, s.key, coalesce(p.profile_id, i.own_profile) as profile_id,
                   lead(s.at) over w as until_at, lead(s.key) over w as until_key, row_number() over w as n
            from device_of d
            join sign_in s on s.device_id = d.device_id
            join identity i on i.identity_id = s.device_id
            left join identity p on p.identity_id = s.person_id
            window w as (partition by s.device_id order by s.at, s.key)
        ),
        span as (
            select profile_id, identity_id, true as person, '-infinity'::timestamptz as from_at, null::uuid as from_key,
                   null::timestamptz as until_at, null::uuid as until_key
            from person_of
            union all
            select f.profile_id, f.device_id, false, case when f.n = 1 then '-infinity'::timestamptz else f.at end,
                   case when f.n = 1 then null else f.key end, f.until_at, f.until_key
            from device_fact f where f.profile_id = any(array(select profile_id from owner))
            union all
            select i.profile_id, i.identity_id, false, '-infinity'::timestamptz, null, null, null
            from device_of d
            join identity i on i.identity_id = d.device_id and i.profile_id = any(array(select profile_id from owner))
            where not exists (select from sign_in s where s.device_id = d.device_id)
        ),
        pair as (
            select s.profile_id, s.identity_id, bool_or(s.until_at is null) as latest,
                   case when bool_or(s.until_at is null) then max(i.mark) else max(i.closed_mark) end as mark
            from span s join identity i on i.identity_id = s.identity_id
            group by s.profile_id, s.identity_id
        )
        """;
}

/// <summary>A stretch of time in which an identity's events are this profile's; bounds are (instant, key), the end excluded.</summary>
public readonly record struct IdentitySpan(Guid Identity, bool Person, DateTimeOffset? FromAt, Guid? FromKey, DateTimeOffset? UntilAt, Guid? UntilKey)
{
    /// <summary>Whether what counts at this instant, with this key, lies inside.</summary>
    public bool Holds(DateTimeOffset at, Guid key) =>
        (FromAt is not { } from || at > from || (at == from && key.CompareTo(FromKey!.Value) >= 0))
        && (UntilAt is not { } until || at < until || (at == until && key.CompareTo(UntilKey!.Value) < 0));
}
