using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Takes over coupons of rules that are here: their own limits, their last day, and how often they were used so far.</summary>
internal sealed class CouponImport(PlatformDb db, CartRuleEditor editor, CouponMoves moves, ItemFaults faults, TimeProvider time)
{
    // created: a code the rule itself brought a moment ago has no external id yet. Somebody else's code is left as it is.
    private const string Put = """
        with given as (
            select * from unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::int[], $6::int[], $7::timestamptz[], $8::text[])
                as g (key, code, rule, kind, usage_limit, usage_per_customer, expires_at, external_id)
        ), before as (
            select c.code_key, c.rule_id, c.external_id is null as fresh,
                   (c.kind, c.usage_limit, c.usage_per_customer, c.expires_at, c.external_id)
                       is not distinct from (g.kind, g.usage_limit, g.usage_per_customer, g.expires_at, g.external_id) as same
            from coupon c join given g on g.key = c.code_key
        ), put as (
            insert into coupon as c (code_key, code, rule_id, kind, usage_limit, usage_per_customer, expires_at, created_at, is_primary, external_id)
            select key, code, rule, kind, usage_limit, usage_per_customer, expires_at, $9, false, external_id from given order by key
            on conflict (code_key) do update set
                kind = excluded.kind, usage_limit = excluded.usage_limit, usage_per_customer = excluded.usage_per_customer,
                expires_at = excluded.expires_at, external_id = excluded.external_id
            where c.rule_id = excluded.rule_id
        )
        select g.key, b.code_key is null, coalesce(b.rule_id <> g.rule, false), coalesce(b.fresh, true), coalesce(b.same, false)
        from given g left join before b on b.code_key = g.key
        """;

    /// <summary>Counting begins where the shop's left off; what was counted here since is never taken back.</summary>
    private const string Count = """
        insert into coupon_count as c (rule_id, code_key, redeemed)
        select rule, key, used from unnest($1::uuid[], $2::text[], $3::int[]) as g (rule, key, used)
        where used > 0 and exists (select 1 from coupon where code_key = key and rule_id = rule) order by rule, key
        on conflict (rule_id, code_key) do update set redeemed = greatest(c.redeemed, excluded.redeemed)
        """;

    /// <param name="renamed">The keys of codes that known coupons have got with their rules.</param>
    public async Task TakeAsync(IReadOnlyList<ImportItem> coupons, IReadOnlySet<string> renamed, ReportBuilder report, CancellationToken cancellationToken)
    {
        if (coupons.Count == 0)
            return;
        var read = new List<Given>();
        foreach (var item in coupons)
        {
            var notes = new List<ImportNote>();
            if (Read(item, notes) is { } coupon)
                read.Add(new(item, coupon, notes));
            else
                report.Add(item.Member, item.Id, item.Path, ImportOutcome.Refused, null, notes, CouponReading.CodeOf(item));
        }

        var rules = await RulesAsync([.. read.Select(one => one.Coupon.Rule).Distinct()], cancellationToken);
        var owners = await moves.OwnersAsync([.. read.Select(one => one.Key).Distinct(StringComparer.Ordinal)], cancellationToken);
        var good = new Dictionary<string, Given>(StringComparer.Ordinal);
        foreach (var one in read)
        {
            if (WhyNot(one.Coupon, rules, report) is { } why)
                Refuse(report, one, why.Code, why.Detail);
            else if (!good.TryGetValue(one.Key, out var other))
                good.Add(one.Key, one);
            else if (Owns(one) && !Owns(other))
            {
                RefuseTaken(report, other);
                good[one.Key] = one;
            }
            else if (Owns(other) && !Owns(one) && one.Coupon.Rule != other.Coupon.Rule)
                RefuseTaken(report, one);
            else
                Refuse(report, one, "coupon.codeTwice", "The same code stands here already; upper and lower case are alike.");
        }

        bool Owns(Given one) => owners.TryGetValue(one.Key, out var owner) && owner.Rule == rules[one.Coupon.Rule].Id;
        var moved = await RenameAsync(good, rules, cancellationToken);
        await PutAsync(good, rules, [.. renamed, .. moved.Select(coupon => coupon.Key)], report, cancellationToken);
    }

    /// <summary>Gives coupons known here the codes they have now, in the rules that list them too.</summary>
    private async Task<IReadOnlyList<RenamedCoupon>> RenameAsync(
        Dictionary<string, Given> good, Dictionary<string, (Guid Id, CouponType Type)> rules, CancellationToken cancellationToken)
    {
        var moved = await moves.RenameAsync(
            [.. good.Values.Where(one => one.Coupon.ExternalId is not null).Select(one => new NamedCoupon(rules[one.Coupon.Rule].Id, one.Coupon.ExternalId!, one.Coupon.Code))],
            cancellationToken);
        foreach (var rule in moved.GroupBy(coupon => coupon.Rule))
        {
            var now = rule.ToDictionary(coupon => coupon.OldKey, coupon => coupon.Code, StringComparer.Ordinal);
            var known = CartRuleBody.Read((await db.Set<CartRuleDefinition>().AsNoTracking().SingleAsync(one => one.Id == rule.Key, cancellationToken)).Body);
            if (known.CouponCodes is not { } codes || !codes.Select(CouponCode.Key).Any(now.ContainsKey))
                continue;
            IReadOnlyList<string> listed = [.. codes.Select(code => now.GetValueOrDefault(CouponCode.Key(code), code)).DistinctBy(CouponCode.Key)];
            await editor.UpdateAsync(rule.Key, known with { CouponCodes = listed }, EntityVersion.Of(null), cancellationToken);
        }

        return moved;
    }

    private ReadCoupon? Read(ImportItem item, List<ImportNote> notes)
    {
        try
        {
            return CouponReading.Read(item, notes);
        }
        catch (Exception e) when (ItemFaults.Of(e))
        {
            notes.Add(faults.Note(item, e));
            return null;
        }
    }

    private static (string Code, string Detail)? WhyNot(ReadCoupon coupon, Dictionary<string, (Guid Id, CouponType Type)> rules, ReportBuilder report)
    {
        if (report.IsRefused(coupon.Rule))
            return ("coupon.ruleRefused", "Its rule is refused, so its coupons stay as they are.");
        if (!rules.TryGetValue(coupon.Rule, out var rule))
            return ("coupon.unknownRule", $"No cart rule here has the external id {ConditionJson.Shorten(coupon.Rule)}.");
        return rule.Type == CouponType.None ? ("coupon.ruleHasNone", "Its rule needs no coupon, so no code belongs to it.") : null;
    }

    private async Task<Dictionary<string, (Guid Id, CouponType Type)>> RulesAsync(string[] externalIds, CancellationToken cancellationToken)
    {
        var rules = await db.Set<CartRuleDefinition>().AsNoTracking()
            .Where(rule => externalIds.Contains(rule.ExternalId) && rule.Status != DefinitionStatus.Archived)
            .Select(rule => new { rule.ExternalId, rule.Id, rule.Body }).ToListAsync(cancellationToken);
        return rules.ToDictionary(rule => rule.ExternalId!, rule => (rule.Id, CartRuleBody.Read(rule.Body).CouponType ?? CouponType.None));
    }

    private async Task PutAsync(
        Dictionary<string, Given> good, Dictionary<string, (Guid Id, CouponType Type)> rules, HashSet<string> renamed,
        ReportBuilder report, CancellationToken cancellationToken)
    {
        if (good.Count == 0)
            return;
        var keys = good.Keys.ToArray();
        var given = good.Values.Select(one => one.Coupon).ToArray();
        var owners = given.Select(coupon => rules[coupon.Rule].Id).ToArray();
        await using (var put = Command(Put))
        {
            Add(put, keys, NpgsqlDbType.Text);
            Add(put, given.Select(coupon => coupon.Code).ToArray(), NpgsqlDbType.Text);
            Add(put, owners, NpgsqlDbType.Uuid);
            Add(put, given.Select(coupon => coupon.IsGenerated ? "generated" : "specific").ToArray(), NpgsqlDbType.Text);
            Add(put, given.Select(coupon => coupon.UsageLimit).ToArray(), NpgsqlDbType.Integer);
            Add(put, given.Select(coupon => coupon.UsagePerCustomer).ToArray(), NpgsqlDbType.Integer);
            Add(put, given.Select(coupon => coupon.ExpiresAt).ToArray(), NpgsqlDbType.TimestampTz);
            Add(put, given.Select(coupon => coupon.ExternalId).ToArray(), NpgsqlDbType.Text);
            put.Parameters.Add(new() { Value = time.Now(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
            await using var row = await put.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                var one = good[row.GetString(0)];
                if (row.GetBoolean(2))
                {
                    RefuseTaken(report, one);
                }
                else
                {
                    var outcome = renamed.Contains(one.Key) ? ImportOutcome.Updated : Outcome(row.GetBoolean(1), row.GetBoolean(3), row.GetBoolean(4));
                    report.Add(one.Item.Member, one.Coupon.ExternalId, one.Item.Path, outcome, null, one.Notes, one.Coupon.Code);
                }
            }
        }

        await using var count = Command(Count);
        Add(count, owners, NpgsqlDbType.Uuid);
        Add(count, keys, NpgsqlDbType.Text);
        Add(count, given.Select(coupon => coupon.TimesUsed).ToArray(), NpgsqlDbType.Integer);
        await count.ExecuteNonQueryAsync(cancellationToken);
    }

    private static ImportOutcome Outcome(bool isNew, bool isFresh, bool isSame) =>
        isNew || (isFresh && !isSame) ? ImportOutcome.Created : isSame ? ImportOutcome.Unchanged : ImportOutcome.Updated;

    private static void RefuseTaken(ReportBuilder report, Given one) =>
        Refuse(report, one, "cartRule.couponTaken", "Another rule has this code; upper and lower case are alike.");

    private static void Refuse(ReportBuilder report, Given one, string code, string detail) =>
        report.Add(
            one.Item.Member, one.Coupon.ExternalId, one.Item.Path, ImportOutcome.Refused, null, [.. one.Notes, new(code, detail, one.Item.Path)], one.Coupon.Code);

    private NpgsqlCommand Command(string sql)
    {
        var transaction = (NpgsqlTransaction)db.Database.CurrentTransaction!.GetDbTransaction();
        return new(sql, transaction.Connection, transaction);
    }

    private static void Add<T>(NpgsqlCommand command, T[] values, NpgsqlDbType type) =>
        command.Parameters.Add(new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | type });

    /// <summary>A coupon of the body.</summary>
    private sealed record Given(ImportItem Item, ReadCoupon Coupon, List<ImportNote> Notes)
    {
        public string Key { get; } = CouponCode.Key(Coupon.Code);
    }
}
