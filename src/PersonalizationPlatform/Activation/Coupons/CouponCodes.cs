using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>The codes a rule brings with it, kept in the transaction that saves the rule. Every code belongs to at most one rule.</summary>
public sealed class CouponCodes(TimeProvider time)
{
    private const string Drop = "delete from coupon where rule_id = $1 and is_primary and kind = 'specific' and not code_key = any($2)";

    /// <summary>A code that was added or generated before for the same rule is the rule's own from now on.</summary>
    private const string Put = """
        insert into coupon as c (code_key, code, rule_id, kind, created_at, is_primary)
        select key, code, $1, 'specific', $4, true from unnest($2::text[], $3::text[]) as given (key, code)
        order by key
        on conflict (code_key) do update set code = excluded.code, is_primary = true where c.rule_id = excluded.rule_id
        returning code_key
        """;

    private const string StopBatches = """
        update coupon_batch set status = 'failed', failure = 'coupon.ruleArchived', finished_at = $2
        where rule_id = $1 and status in ('queued', 'running')
        """;

    private const string Free = "delete from coupon where rule_id = $1";

    /// <summary>
    /// Makes these the specific codes written in the rule; those written there before and no longer are free for other rules. Codes
    /// added one by one or generated stay. Call it inside the transaction that saves the rule, after <see cref="CouponCode.Check"/>.
    /// </summary>
    /// <exception cref="ProblemException">409 <c>cartRule.couponTaken</c> when a code belongs to another rule.</exception>
    public async Task ReplaceSpecificAsync(PlatformDb db, Guid rule, IReadOnlyList<string> codes, CancellationToken cancellationToken)
    {
        string[] keys = [.. codes.Select(CouponCode.Key)];
        await using (var drop = Command(db, Drop, rule, keys))
            await drop.ExecuteNonQueryAsync(cancellationToken);
        if (keys.Length == 0)
            return;
        var put = new HashSet<string>(StringComparer.Ordinal);
        await using (var insert = Command(db, Put, rule, keys, codes.Select(code => code.Trim()).ToArray(), time.Now()))
        {
            await using var reader = await insert.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                put.Add(reader.GetString(0));
        }

        if (put.Count == keys.Length)
            return;
        throw new ProblemException(409, "cartRule.couponTaken", "A coupon code belongs to another cart rule.",
        [
            .. Enumerable.Range(0, keys.Length).Where(i => !put.Contains(keys[i]))
                .Select(i => new ProblemError($"$.couponCodes[{i}]", "cartRule.couponTaken", "Another rule has this code; upper and lower case are alike.")),
        ]);
    }

    /// <summary>
    /// Frees all codes of a rule that is archived, and ends its batches. Uses stay recorded under the rule. Call it inside the
    /// transaction that archives the rule.
    /// </summary>
    public async Task FreeAsync(PlatformDb db, Guid rule, CancellationToken cancellationToken)
    {
        // First the batches: a chunk being generated right now commits before this, or finds its batch ended.
        await using (var stop = Command(db, StopBatches, rule, time.Now()))
            await stop.ExecuteNonQueryAsync(cancellationToken);
        await using var free = Command(db, Free, rule);
        free.CommandTimeout = 300;
        await free.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(PlatformDb db, string sql, params object[] parameters)
    {
        var transaction = (NpgsqlTransaction?)db.Database.CurrentTransaction?.GetDbTransaction()
            ?? throw new InvalidOperationException("Codes change only inside the transaction that saves their rule.");
        var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }
}
