-- Every write of products, categories or attribute definitions takes the next number under this row's lock.
insert into epoch values ('catalogue', 1);
insert into website (code, number, name, currency, time_zone, store_views, cart_rules, related_products, version, updated_at)
values ('base', 1, 'Main Website', null, null, '[]', '{}', '{}', 1, '2026-01-01Z');
insert into customer_group (number, code, version, updated_at) values
    (0, 'NOT LOGGED IN', 1, '2026-01-01Z'), (1, 'General', 1, '2026-01-01Z'), (2, 'Wholesale', 1, '2026-01-01Z'), (3, 'Retailer', 1, '2026-01-01Z');
