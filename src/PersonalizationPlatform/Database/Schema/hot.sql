-- What a shopper or an event waits for. Everything is keyed by identity or profile first, so that it can be distributed by that key.

-- Counters taken under their row lock, so that commit order is number order and a rollback leaves no gap.
create table epoch (
    name  text primary key,
    value bigint not null
);
insert into epoch values ('definitions', 1);

create table feed (
    name text primary key,
    last bigint not null
);
insert into feed values ('membership', 0);

-- One row an identity. mark goes up with everything that is learnt about it, closed_mark only with sign-in facts and what counts
-- before the latest of them. profile_id: whom a person identity points at, and a device's own profile while nobody signed in on it.
create table identity (
    identity_id  uuid primary key,
    namespace    text,
    value        text,
    person       boolean not null,
    known        boolean not null default false,
    profile_id   uuid not null,
    own_profile  uuid not null,
    mark         bigint not null default 1,
    closed_mark  bigint not null default 1,
    open_since   timestamptz,
    dirty        boolean not null default true,
    lease        timestamptz not null default '-infinity',
    collect      boolean,
    collect_at   timestamptz,
    first_seen   timestamptz,
    last_seen    timestamptz,
    erased_at    timestamptz,
    erased       tstzmultirange
) with (fillfactor = 70);
create index identity_dirty on identity (lease) where dirty;
create index identity_profile on identity (profile_id);

-- A device and a person named together. Intervals are a query over these; person_id null = nobody (erased).
create table sign_in (
    device_id  uuid not null,
    at         timestamptz not null,
    key        uuid not null,
    person_id  uuid,
    trusted    boolean not null,
    primary key (device_id, at, key)
);
create index sign_in_person on sign_in (person_id);

-- A CustomerId and another person identity named together.
create table person_link (
    alias_id    uuid not null,
    at          timestamptz not null,
    key         uuid not null,
    customer_id uuid not null,
    trusted     boolean not null,
    primary key (alias_id, at, key)
);
create index person_link_customer on person_link (customer_id);

create table event (
    identity_id uuid not null,
    occurred_at timestamptz not null,
    key         uuid not null,
    counts_at   timestamptz not null,
    received_at timestamptz not null,
    door        smallint not null,
    id          text,
    kind        text not null,
    event_type  text,
    website     text,
    store_view  text,
    skus        text[],
    categories  text[],
    order_id    text,
    value       numeric,
    currency    text,
    identity_ids uuid[] not null,
    content     json not null,
    body        json not null,
    primary key (identity_id, occurred_at, key)
) partition by range (occurred_at);
-- Only for erasure: who is named in events of others.
create index event_named on event using gin (identity_ids) where cardinality(identity_ids) > 1;

-- Events sent without a time: the same key in the same slot counts as a repeat for 24 hours. An event's slot is its key; profile
-- records without a time share one slot an identity, so that A, B, A is three records while A, A is one.
create table untimed_event (
    identity_id uuid not null,
    slot        uuid not null,
    key         uuid not null,
    received_at timestamptz not null,
    primary key (identity_id, slot)
);
create index untimed_event_received on untimed_event (received_at);

create table identity_kind (
    identity_id uuid not null,
    kind        text not null,
    first_at    timestamptz not null,
    count       bigint not null,
    primary key (identity_id, kind)
) with (fillfactor = 80);

-- The identities that events of an order named: whom the next event of that order concerns.
create table order_key (
    order_id     uuid primary key,
    identity_ids uuid[] not null
);

create table order_part (
    order_id     uuid not null,
    counts_at    timestamptz not null,
    key          uuid not null,
    identity_id  uuid not null,
    has_identity boolean not null,
    back_office  boolean not null,
    kind         text not null,
    website      text,
    store_view   text,
    content      json not null,
    items        json not null,
    primary key (order_id, counts_at, key)
);
create index order_part_identity on order_part (identity_id);

-- Every assertion of an attribute or consent; a profile's value is computed (the newest).
create table attribute (
    identity_id uuid not null,
    name        text not null,
    at          timestamptz not null,
    key         uuid not null,
    timed       boolean not null,
    source      text not null,
    value       json not null,
    primary key (identity_id, name, at, key)
);

-- Imported lists. An entry counts while its version is the audience's current one.
create table list_entry (
    identity_id uuid not null,
    audience_id uuid not null,
    version     bigint not null,
    added_at    timestamptz not null,
    primary key (identity_id, audience_id, version)
);
create index list_entry_audience on list_entry (audience_id, version);

-- What the last settle of a profile saw and found.
create table profile (
    profile_id   uuid primary key,
    settle_no    bigint not null,
    epoch        bigint not null,
    settled_at   timestamptz not null,
    valid_until  timestamptz not null,
    lease        timestamptz not null default '-infinity',
    seen_ids     uuid[] not null,
    seen_marks   bigint[] not null,
    deadline_ids uuid[] not null,
    deadline_at  timestamptz[] not null,
    registered   boolean not null,
    truncated    boolean not null,
    erased_at    timestamptz
) with (fillfactor = 70);
create index profile_due on profile (valid_until) where erased_at is null;
create index profile_epoch on profile (epoch) where erased_at is null;
create index profile_seen on profile using gin (seen_ids);

create table membership (
    profile_id uuid not null,
    segment_id uuid not null,
    since      timestamptz not null,
    until      timestamptz,
    version    integer not null,
    primary key (profile_id, segment_id)
);
create index membership_segment on membership (segment_id, profile_id);

create table membership_log (
    position      bigint primary key,
    profile_id    uuid,
    segment_id    uuid,
    change        text not null,
    at            timestamptz not null,
    recorded_at   timestamptz not null,
    cause         text not null,
    event_key     uuid,
    event_id      text,
    other_profile uuid,
    since         timestamptz,
    carried_over  boolean not null default false,
    first_fill    boolean not null default false,
    version       integer not null
);
create index membership_log_profile on membership_log (profile_id, segment_id, position);
