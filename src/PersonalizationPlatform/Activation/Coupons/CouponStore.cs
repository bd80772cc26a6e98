using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>The coupons: found, listed, added one by one, deleted.</summary>
public sealed class CouponStore(NpgsqlDataSource database, TimeProvider time)
{
    private const string Select = """
        select c.code_key, c.code, c.rule_id, c.kind, c.usage_limit, c.usage_per_customer, c.expires_at, c.created_at, c.batch_id, c.is_primary,
            c.external_id, coalesce(n.redeemed, 0)
        from coupon c left join coupon_count n on n.rule_id = c.rule_id and n.code_key = c.code_key
        """;

    private const string OfCodes = Select + " where c.code_key = any($1)";

    private const string OfRule = Select + " where c.rule_id = $1 and c.code_key > $2 order by c.code_key limit $3";

    private const string Insert = """
        insert into coupon (code_key, code, rule_id, kind, usage_limit, usage_per_customer, expires_at, created_at, is_primary, external_id)
        values ($1, $2, $3, 'specific', $4, $5, $6, $7, false, $8)
        on conflict do nothing
        """;

    private const string DeleteOne = "delete from coupon where code_key = $1 and not is_primary";

    /// <summary>Those of the codes that exist, by <see cref="Coupon.CodeKey"/>.</summary>
    /// <param name="within">The connection of the transaction to read in; null = none.</param>
    public async Task<IReadOnlyDictionary<string, Coupon>> FindAsync(
        IReadOnlyCollection<string> codes, CancellationToken cancellationToken, NpgsqlConnection? within = null)
    {
        if (codes.Count == 0)
            return new Dictionary<string, Coupon>();
        await using var command = within is null ? database.CreateCommand(OfCodes) : new NpgsqlCommand(OfCodes, within);
        command.Parameters.Add(new() { Value = codes.Select(CouponCode.Key).ToArray() });
        return (await ReadAsync(command, cancellationToken)).ToDictionary(coupon => coupon.CodeKey, StringComparer.Ordinal);
    }

    /// <summary>The coupons of a rule in the order of their codes, after one of them.</summary>
    public async Task<IReadOnlyList<Coupon>> ListAsync(Guid rule, string? after, int rows, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OfRule);
        command.Parameters.Add(new() { Value = rule });
        command.Parameters.Add(new() { Value = after ?? "" });
        command.Parameters.Add(new() { Value = rows });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>409 <c>coupon.taken</c> when there is such a code already, whosever it is.</summary>
    /// <param name="within">The connection of the transaction to add it in.</param>
    public async Task<Coupon> AddAsync(Coupon coupon, NpgsqlConnection within, CancellationToken cancellationToken)
    {
        var added = coupon with { CreatedAt = time.Now() };
        await using var command = new NpgsqlCommand(Insert, within);
        command.Parameters.Add(new() { Value = added.CodeKey });
        command.Parameters.Add(new() { Value = added.Code });
        command.Parameters.Add(new() { Value = added.Rule });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)added.UsageLimit ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)added.UsagePerCustomer ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)added.ExpiresAt ?? DBNull.Value });
        command.Parameters.Add(new() { Value = added.CreatedAt });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)added.ExternalId ?? DBNull.Value });
        if (await command.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            throw new ProblemException(
                409, "coupon.taken", "There is a coupon with this code.",
                [new("$.code", "coupon.taken", "Choose another code; upper and lower case are alike.")]);
        }

        return (await FindAsync([added.Code], cancellationToken, within))[added.CodeKey];
    }

    /// <summary>Frees a code; its uses stay recorded under its rule. 404; 409 <c>coupon.ofRule</c> when the rule itself lists it.</summary>
    public async Task DeleteAsync(string code, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(DeleteOne);
        command.Parameters.Add(new() { Value = CouponCode.Key(code) });
        if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
            return;
        throw (await FindAsync([code], cancellationToken)).Count == 0
            ? ProblemException.NotFound("coupon with this code")
            : new ProblemException(409, "coupon.ofRule", "The cart rule lists this code among its couponCodes; take it away there.");
    }

    private static async Task<IReadOnlyList<Coupon>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var coupons = new List<Coupon>();
        while (await reader.ReadAsync(cancellationToken))
        {
            coupons.Add(new()
            {
                CodeKey = reader.GetString(0),
                Code = reader.GetString(1),
                Rule = reader.GetGuid(2),
                Kind = Enum.Parse<CouponKind>(reader.GetString(3), true),
                UsageLimit = reader.IsDBNull(4) ? null : reader.GetInt32(4),
                UsagePerCustomer = reader.IsDBNull(5) ? null : reader.GetInt32(5),
                ExpiresAt = reader.IsDBNull(6) ? null : reader.GetFieldValue<DateTimeOffset>(6),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(7),
                Batch = reader.IsDBNull(8) ? null : reader.GetGuid(8),
                IsPrimary = reader.GetBoolean(9),
                ExternalId = reader.IsDBNull(10) ? null : reader.GetString(10),
                TimesUsed = reader.GetInt32(11),
            });
        }

        return coupons;
    }
}
