-- Codes. Freeing a code deletes its row; what was used stays in coupon_use and coupon_count, by rule and code.
create table coupon (
    code_key           text collate "C" primary key,
    code               text not null,
    rule_id            uuid not null,
    kind               text not null,
    usage_limit        int,
    usage_per_customer int,
    expires_at         timestamptz,
    created_at         timestamptz not null,
    batch_id           uuid,
    is_primary         boolean not null,
    external_id        text
);
create index coupon_rule on coupon (rule_id, code_key);
create index coupon_batch_codes on coupon (batch_id, code_key) where batch_id is not null;

create table coupon_batch (
    id          uuid primary key,
    rule_id     uuid not null,
    quantity    int not null,
    length      int not null,
    format      text not null,
    prefix      text not null,
    suffix      text not null,
    dash_every  int not null,
    expires_at  timestamptz,
    status      text not null,
    generated   int not null default 0,
    failure     text,
    created_at  timestamptz not null,
    worked_at   timestamptz,
    finished_at timestamptz
);
create index coupon_batch_open on coupon_batch (worked_at nulls first, created_at) where status in ('queued', 'running');
create index coupon_batch_rule on coupon_batch (rule_id);

-- A cart or an order that holds uses; its row is the lock under which they are replaced. became: the order a cart was placed as,
-- where its uses have gone.
create table coupon_reservation (
    reference  uuid primary key,
    became     uuid,
    changed_at timestamptz not null
);
create index coupon_reservation_changed on coupon_reservation (changed_at);

-- One use of a code by a cart or an order, or of a rule by a customer (then code_key is empty). Only keyed hashes say whose.
create table coupon_use (
    reference   uuid not null,
    rule_id     uuid not null,
    code_key    text collate "C" not null,
    customer_id uuid,
    state       text not null,
    -- Redeemed, but not among what the edited order reserved since: goes when that is redeemed.
    dropped     boolean not null default false,
    -- Released because events said so, and not by the shop's own word.
    by_events   boolean not null default false,
    expires_at  timestamptz not null,
    changed_at  timestamptz not null,
    primary key (reference, rule_id, code_key)
) with (fillfactor = 80);
create index coupon_use_reserved on coupon_use (rule_id, code_key, expires_at) where state = 'reserved';
create index coupon_use_customer on coupon_use (customer_id, rule_id, code_key) where customer_id is not null and state in ('reserved', 'redeemed');
create index coupon_use_over on coupon_use (changed_at) where state in ('released', 'lapsed');

-- The uses of one code in numbers; its row is the lock under which they change. reserved counts the uses in the state reserved,
-- those past their time too, until whoever locks the row next has them lapse.
create table coupon_count (
    rule_id  uuid not null,
    code_key text collate "C" not null,
    redeemed int not null default 0,
    reserved int not null default 0,
    primary key (rule_id, code_key)
) with (fillfactor = 50);

-- Orders about which something was stored, for whoever follows them; a row is deleted once it was looked at.
create table order_news (
    id       bigint generated always as identity primary key,
    order_id uuid not null
);
