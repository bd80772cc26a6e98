using Npgsql;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>Deletes uses that are over, 30 days later, and what is left of their carts. Uses that count stay. Safe on several nodes.</summary>
public sealed class CouponRetention(NpgsqlDataSource database, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Codes nobody has asked for since something of theirs expired; whoever uses them does this by himself.</summary>
    private const string Lapse = """
        with due as (
            select distinct rule_id, code_key from (
                select rule_id, code_key from coupon_use where state = 'reserved' and expires_at <= $1 and code_key <> '' limit 1000) u),
        locked as materialized (
            select n.rule_id, n.code_key from coupon_count n join due using (rule_id, code_key) order by n.rule_id, n.code_key for update of n),
        lapsed as (
            update coupon_use u set state = 'lapsed', changed_at = $2 from locked
            where u.rule_id = locked.rule_id and u.code_key = locked.code_key and u.state = 'reserved' and u.expires_at <= $1
            returning u.rule_id, u.code_key),
        gone as (select rule_id, code_key, count(*)::int as uses from lapsed group by rule_id, code_key)
        update coupon_count n set reserved = n.reserved - gone.uses from gone where n.rule_id = gone.rule_id and n.code_key = gone.code_key
        """;

    /// <summary>What the shop gave back of an order whose events still name it stays so only while that is known.</summary>
    private const string Uses = """
        delete from coupon_use where (reference, rule_id, code_key) in (
            select reference, rule_id, code_key from coupon_use
            where state in ('released', 'lapsed') and not (named and asked = 'released') and changed_at <= $1 limit 5000)
        """;

    /// <summary>A rule's use by a customer has no count that would have it lapse.</summary>
    private const string RuleUses = """
        delete from coupon_use where (reference, rule_id, code_key) in (
            select reference, rule_id, code_key from coupon_use where state = 'reserved' and code_key = '' and expires_at <= $1 limit 5000)
        """;

    private const string References = """
        delete from coupon_reservation where reference in (
            select r.reference from coupon_reservation r
            where r.changed_at <= $1 and not (r.released and r.told <> 'nothing') and not exists (select from coupon_use u where u.reference in (r.reference, r.became))
            limit 5000)
        """;

    /// <summary>Deletes one batch of each; how many rows, 0 when there is nothing left to do.</summary>
    public async Task<int> DeleteOnceAsync(CancellationToken cancellationToken)
    {
        var now = time.Now();
        await using (var lapse = database.CreateCommand(Lapse))
        {
            lapse.Parameters.Add(new() { Value = now - Kept });
            lapse.Parameters.Add(new() { Value = now });
            await lapse.ExecuteNonQueryAsync(cancellationToken);
        }

        var deleted = 0;
        foreach (var sql in new[] { Uses, RuleUses, References })
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.Add(new() { Value = now - Kept });
            deleted += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return deleted;
    }
}
