create table refused_event (
    id bigint generated always as identity primary key,
    received_at timestamptz not null,
    door smallint not null,
    code text not null,
    detail text not null,
    body bytea not null,
    identity_ids uuid[] not null
);
create index refused_event_received on refused_event (received_at);
create index refused_event_code on refused_event (code, id);
create index refused_event_identities on refused_event using gin (identity_ids);

create table idempotency (
    key_id text not null,
    idempotency_key text not null,
    request_hash bytea not null,
    status int,
    answer text,
    created_at timestamptz not null,
    primary key (key_id, idempotency_key)
);
create index idempotency_created on idempotency (created_at);
