using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>A coupon as another system names it.</summary>
/// <param name="Rule">Its rule.</param>
public sealed record NamedCoupon(Guid Rule, string ExternalId, string Code);

/// <summary>Who has a code.</summary>
/// <param name="IsOwn">Whether the rule itself lists it, so that it can give it up.</param>
public sealed record CodeOwner(Guid Rule, bool IsOwn);

/// <summary>
/// Codes that change their rule, and coupons that change their code, within one transaction. Every code belongs to one rule at any time,
/// so what is given up is set aside under a key no code has before others take it.
/// </summary>
public sealed class CouponMoves(PlatformDb db)
{
    // No code has a control character.
    private const string Aside = "chr(1)";
    private const string OnTheWay = "chr(2)";

    private const string Owners = "select code_key, rule_id, is_primary and kind = 'specific' from coupon where code_key = any($1)";

    private const string SetAside = $"""
        update coupon set code_key = {Aside} || code_key where rule_id = any($1) and code_key = any($2) and is_primary and kind = 'specific'
        """;

    private const string StillAside = $"select distinct c.rule_id from unnest($1) as given (key) join coupon c on c.code_key = {Aside} || given.key";

    private const string Find = $"""
        select distinct on (c.code_key) g.rule, c.code_key, g.key, g.code, t.rule_id
        from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) with ordinality as g (rule, external_id, key, code, place)
        join coupon c on c.rule_id = g.rule and c.external_id = g.external_id
        left join coupon t on t.code_key = g.key
        where not exists (select from coupon s where s.code_key = g.key and s.rule_id = g.rule and s.external_id = g.external_id)
        order by c.code_key, g.place
        """;

    private const string Given = $"(select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as m (rule, was, key, code)) as g";

    private static readonly string[] Rename =
    [
        // Codes are locked in the order in which reservations lock them.
        $"""
        insert into coupon_count as n (rule_id, code_key)
        select g.rule, k.key from {Given}, lateral (values (ltrim(g.was, {Aside})), (g.key)) as k (key) group by g.rule, k.key order by g.rule, k.key collate "C"
        on conflict (rule_id, code_key) do update set redeemed = n.redeemed
        """,
        $"""
        update coupon c set code_key = {OnTheWay} || g.key, code = g.code,
            is_primary = c.is_primary or exists (select from coupon t where t.code_key = g.key and t.is_primary and not t.code_key = any($2))
        from {Given} where c.code_key = g.was
        """,
        // A coupon that had the code already is this one from now on.
        $"delete from coupon t using {Given} where t.code_key = g.key and t.rule_id = g.rule",
        $"update coupon c set code_key = g.key from {Given} where c.code_key = {OnTheWay} || g.key",
        $"update coupon_use u set code_key = {OnTheWay} || g.key from {Given} where u.rule_id = g.rule and u.code_key = ltrim(g.was, {Aside})",
        $"""
        delete from coupon_use u using {Given} where u.rule_id = g.rule and u.code_key = g.key
            and exists (select from coupon_use o where o.reference = u.reference and o.rule_id = g.rule and o.code_key = {OnTheWay} || g.key)
        """,
        $"update coupon_use u set code_key = g.key from {Given} where u.rule_id = g.rule and u.code_key = {OnTheWay} || g.key",
        $"update coupon_count n set code_key = {OnTheWay} || g.key from {Given} where n.rule_id = g.rule and n.code_key = ltrim(g.was, {Aside})",
        $"""
        insert into coupon_count as n (rule_id, code_key, redeemed, reserved)
        select n.rule_id, g.key, n.redeemed, n.reserved from coupon_count n join {Given} on n.rule_id = g.rule and n.code_key = {OnTheWay} || g.key
        on conflict (rule_id, code_key) do update set redeemed = n.redeemed + excluded.redeemed, reserved = n.reserved + excluded.reserved
        """,
        $"delete from coupon_count n using {Given} where n.rule_id = g.rule and n.code_key = {OnTheWay} || g.key",
    ];

    /// <summary>The owners of those of the codes that somebody has, by <see cref="CouponCode.Key"/>.</summary>
    public async Task<IReadOnlyDictionary<string, CodeOwner>> OwnersAsync(string[] keys, CancellationToken cancellationToken)
    {
        var owners = new Dictionary<string, CodeOwner>(StringComparer.Ordinal);
        if (keys.Length == 0)
            return owners;
        await using var command = Command(Owners, Texts(keys));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            owners[row.GetString(0)] = new(row.GetGuid(1), row.GetBoolean(2));
        return owners;
    }

    public async Task<bool> HasAnyAsync(Guid rule, CancellationToken cancellationToken)
    {
        await using var command = Command("select exists (select from coupon where rule_id = any($1))", Uuids([rule]));
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Sets codes aside that these rules list and give up. When they are saved without them, the codes are gone.</summary>
    public async Task SetAsideAsync(Guid[] rules, string[] keys, CancellationToken cancellationToken)
    {
        await using var command = Command(SetAside, Uuids(rules), Texts(keys));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rules that did not give up what was set aside.</summary>
    public async Task<IReadOnlyList<Guid>> StillAsideAsync(string[] keys, CancellationToken cancellationToken)
    {
        await using var command = Command(StillAside, Texts(keys));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rules = new List<Guid>();
        while (await row.ReadAsync(cancellationToken))
            rules.Add(row.GetGuid(0));
        return rules;
    }

    /// <summary>
    /// Gives coupons that are known by their external ids the codes they have now, with their uses; also when they change places. One whose
    /// code belongs to another rule stays as it is.
    /// </summary>
    public async Task<IReadOnlyList<RenamedCoupon>> RenameAsync(IReadOnlyList<NamedCoupon> coupons, CancellationToken cancellationToken)
    {
        var moves = await FindAsync(coupons, cancellationToken);
        int blocked;
        do
        {
            var leaving = moves.Select(move => move.Old).ToHashSet(StringComparer.Ordinal);
            blocked = moves.RemoveAll(move => move.Owner is { } owner && owner != move.Rule && !leaving.Contains(move.Key));
        }
        while (blocked > 0);
        if (moves.Count == 0)
            return [];
        foreach (var sql in Rename)
        {
            await using var command = Command(
                sql, Uuids([.. moves.Select(move => move.Rule)]), Texts([.. moves.Select(move => move.Old)]), Texts([.. moves.Select(move => move.Key)]),
                Texts([.. moves.Select(move => move.Code)]));
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return [.. moves.Select(move => new RenamedCoupon(move.Rule, move.Old.TrimStart('\u0001'), move.Key, move.Code))];
    }

    private async Task<List<Move>> FindAsync(IReadOnlyList<NamedCoupon> coupons, CancellationToken cancellationToken)
    {
        var moves = new List<Move>();
        if (coupons.Count == 0)
            return moves;
        await using var command = Command(
            Find, Uuids([.. coupons.Select(coupon => coupon.Rule)]), Texts([.. coupons.Select(coupon => coupon.ExternalId)]),
            Texts([.. coupons.Select(coupon => CouponCode.Key(coupon.Code))]), Texts([.. coupons.Select(coupon => coupon.Code.Trim())]));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
            moves.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetGuid(4)));
        return [.. moves.DistinctBy(move => move.Key, StringComparer.Ordinal)];
    }

    private NpgsqlCommand Command(string sql, params NpgsqlParameter[] parameters)
    {
        var transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction()
            ?? throw new InvalidOperationException("Codes change only inside a transaction.");
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter Texts(string[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Uuids(Guid[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };

    private sealed record Move(Guid Rule, string Old, string Key, string Code, Guid? Owner);
}

/// <summary>A coupon that has another code now.</summary>
/// <param name="OldKey">What its code was compared by before.</param>
/// <param name="Key">What it is compared by now.</param>
public sealed record RenamedCoupon(Guid Rule, string OldKey, string Key, string Code);
