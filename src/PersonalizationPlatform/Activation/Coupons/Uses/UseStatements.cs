using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Activation.Coupons.Uses;

/// <summary>
/// What <see cref="UseTransaction"/> says to PostgreSQL. Locks are taken in one order: carts and orders by reference, customers, codes
/// by rule and code. Uses change only under the locks of their cart or order and of their code.
/// </summary>
internal static class UseStatements
{
    /// <summary>Makes the rows that are missing and locks all of them.</summary>
    public const string LockReferences = """
        insert into coupon_reservation as r (reference, changed_at)
        select reference, $2 from unnest($1::uuid[]) as given (reference)
        order by reference
        on conflict (reference) do update set changed_at = excluded.changed_at
        returning r.reference, r.xmax = 0, r.became, r.released, r.told, r.customer_id, r.heard, r.heard_before
        """;

    public const string Held = "select rule_id, code_key, customer_id from coupon_use where reference = any($1)";

    /// <summary>A hash of two customers alike only makes one wait for the other.</summary>
    public const string LockCustomer = "select pg_advisory_xact_lock(7301, $1)";

    public const string LockCodes = """
        insert into coupon_count as n (rule_id, code_key)
        select rule_id, code_key from unnest($1::uuid[], $2::text[]) as given (rule_id, code_key)
        order by rule_id, code_key collate "C"
        on conflict (rule_id, code_key) do update set redeemed = n.redeemed
        """;

    /// <summary>Has what is past its time lapse, so that it is counted no more; the codes are locked.</summary>
    public const string Lapse = """
        with lapsed as (
            update coupon_use u set state = 'lapsed', changed_at = $3
            from unnest($1::uuid[], $2::text[]) as given (rule_id, code_key)
            where u.rule_id = given.rule_id and u.code_key = given.code_key and u.state = 'reserved' and u.expires_at <= $3
            returning u.rule_id, u.code_key),
        gone as (select rule_id, code_key, count(*)::int as uses from lapsed group by rule_id, code_key)
        update coupon_count n set reserved = n.reserved - gone.uses from gone where n.rule_id = gone.rule_id and n.code_key = gone.code_key
        """;

    public const string Uses = """
        select reference, rule_id, code_key, customer_id, state, asked, asked_by, expires_at, dropped, named from coupon_use where reference = any($1)
        """;

    public const string Counts = """
        select n.rule_id, n.code_key, n.redeemed, n.reserved from coupon_count n
        join unnest($1::uuid[], $2::text[]) as given (rule_id, code_key) on n.rule_id = given.rule_id and n.code_key = given.code_key
        """;

    /// <summary>What customers use elsewhere than in these carts and orders.</summary>
    public const string ByCustomer = """
        select customer_id, rule_id, code_key, count(*)::int from coupon_use
        where customer_id = any($1) and rule_id = any($2) and state in ('reserved', 'redeemed') and (state = 'redeemed' or expires_at > $4)
          and reference <> all($3)
        group by customer_id, rule_id, code_key
        """;

    public const string Put = """
        insert into coupon_use (reference, rule_id, code_key, customer_id, state, asked, asked_by, expires_at, dropped, named, changed_at)
        select t.*, $11 from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::timestamptz[], $9::boolean[],
            $10::boolean[]) as t
        on conflict (reference, rule_id, code_key) do update set customer_id = excluded.customer_id, state = excluded.state, asked = excluded.asked,
            asked_by = excluded.asked_by, expires_at = excluded.expires_at, dropped = excluded.dropped, named = excluded.named,
            changed_at = excluded.changed_at
        """;

    public const string Remove = """
        delete from coupon_use u using unnest($1::uuid[], $2::uuid[], $3::text[]) as given (reference, rule_id, code_key)
        where u.reference = given.reference and u.rule_id = given.rule_id and u.code_key = given.code_key
        """;

    public const string Count = """
        update coupon_count n set redeemed = n.redeemed + given.redeemed, reserved = n.reserved + given.reserved
        from unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) as given (rule_id, code_key, redeemed, reserved)
        where n.rule_id = given.rule_id and n.code_key = given.code_key
        """;

    public const string Hold = """
        update coupon_reservation set became = $2, released = $3, told = $4, customer_id = $5, heard = $6, heard_before = $7 where reference = $1
        """;

    public static NpgsqlBatchCommand Command(string sql, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        return command;
    }

    /// <summary>An array that may hold nulls, or is null itself.</summary>
    public static NpgsqlParameter Uuids(Guid?[] values) => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid, Value = values };

    public static NpgsqlParameter Uuid(Guid? value) => new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)value ?? DBNull.Value };
}
