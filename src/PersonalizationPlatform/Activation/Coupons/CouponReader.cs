using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>What a decision about a cart needs to know of coupons.</summary>
/// <param name="Coupons">In the order of the codes asked for, each as entered.</param>
/// <param name="RuleUsesByCustomer">By rule, for the rules asked for; rules the customer has not used are missing. Empty for guests.</param>
public sealed record CouponReading(IReadOnlyList<CartCoupon> Coupons, IReadOnlyDictionary<Guid, int> RuleUsesByCustomer);

/// <summary>
/// Reads coupons and their uses for decisions: uses are those redeemed and those reserved and not expired, of others than the cart or
/// order that is decided on.
/// </summary>
public sealed class CouponReader(NpgsqlDataSource database)
{
    /// <summary>The uses that count at $2; <c>$1</c> = the carts and orders themselves, and what these became.</summary>
    private const string Counts = """
        u.state in ('reserved', 'redeemed') and (u.state = 'redeemed' or u.expires_at > $2)
        """;

    private const string Coupons = $"""
        with own as (
            select unnest($1::uuid[]) as reference
            union
            select became from coupon_reservation where reference = any($1) and became is not null)
        select c.code_key, c.rule_id, c.expires_at, c.usage_limit, c.usage_per_customer,
            coalesce(n.redeemed + n.reserved, 0)
                - (select count(*) from coupon_use u where u.rule_id = c.rule_id and u.code_key = c.code_key and u.state = 'reserved' and u.expires_at <= $2)
                - (select count(*) from coupon_use u join own using (reference) where u.rule_id = c.rule_id and u.code_key = c.code_key and {Counts}),
            (select count(*) from coupon_use u where u.customer_id = $3 and u.rule_id = c.rule_id and u.code_key = c.code_key and {Counts}
                and u.reference not in (select reference from own))
        from coupon c left join coupon_count n on n.rule_id = c.rule_id and n.code_key = c.code_key
        where c.code_key = any($4)
        """;

    private const string Rules = $"""
        with own as (
            select unnest($1::uuid[]) as reference
            union
            select became from coupon_reservation where reference = any($1) and became is not null)
        select u.rule_id, count(*) from coupon_use u
        where u.customer_id = $3 and u.rule_id = any($4) and u.code_key = '' and {Counts}
          and u.reference not in (select reference from own)
        group by u.rule_id
        """;

    /// <summary>One round trip.</summary>
    /// <param name="codes">As entered.</param>
    /// <param name="rulesLimitedPerCustomer">Rules with <c>usesPerCustomer</c>, with or without a coupon.</param>
    /// <param name="customer">The shopper's CustomerId identity; null for guests, whom nothing per customer limits.</param>
    /// <param name="own">The cart or order decided on, whose own uses do not count; null = none.</param>
    /// <param name="at">Reservations that have expired by then do not count.</param>
    public async Task<CouponReading> ReadAsync(
        IReadOnlyList<string> codes, IReadOnlyList<Guid> rulesLimitedPerCustomer, IdentityId? customer, IReadOnlyCollection<CouponReference> own, DateTimeOffset at,
        CancellationToken cancellationToken)
    {
        if (codes.Count == 0 && (rulesLimitedPerCustomer.Count == 0 || customer is null))
            return new([], new Dictionary<Guid, int>());
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(Command(Coupons, own, at, customer, codes.Select(CouponCode.Key).ToArray()));
        if (customer is not null && rulesLimitedPerCustomer.Count > 0)
            batch.BatchCommands.Add(Command(Rules, own, at, customer, rulesLimitedPerCustomer.ToArray()));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<string, CartCoupon>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            found[reader.GetString(0)] = new(
                reader.GetString(0), reader.GetGuid(1), (int)Math.Max(0, reader.GetInt64(5)), (int)reader.GetInt64(6),
                reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetInt32(4));
        }

        var uses = new Dictionary<Guid, int>();
        if (await reader.NextResultAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                uses[reader.GetGuid(0)] = (int)reader.GetInt64(1);
        }

        return new([.. codes.Select(code => found.TryGetValue(CouponCode.Key(code), out var known) ? known with { Code = code } : new CartCoupon(code, null))], uses);
    }

    private static NpgsqlBatchCommand Command(string sql, IReadOnlyCollection<CouponReference> own, DateTimeOffset at, IdentityId? customer, object asked)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new() { Value = own.Select(reference => reference.Value).ToArray() });
        command.Parameters.Add(new() { Value = at });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Uuid, Value = (object?)customer?.Value ?? DBNull.Value });
        command.Parameters.Add(new() { Value = asked });
        return command;
    }
}
