using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Takes over sales rules as cart rules; a known external id is updated.</summary>
internal sealed class RuleImport(PlatformDb db, CartRuleEditor editor, WebsiteNumbers websites, CouponMoves moves)
{
    /// <summary>More codes than this are not written into the rule; they are kept as coupons of it all the same.</summary>
    private const int MaxCodes = 100;

    /// <summary>What our members are called in the body.</summary>
    private static readonly Dictionary<string, string> Theirs = new(StringComparer.Ordinal)
    {
        ["amount"] = "discount_amount",
        ["maxQty"] = "discount_qty",
        ["step"] = "discount_step",
        ["priority"] = "sort_order",
        ["fromDate"] = "from_date",
        ["toDate"] = "to_date",
        ["websites"] = "website_ids",
        ["customerGroups"] = "customer_group_ids",
        ["usesPerCoupon"] = "uses_per_coupon",
        ["couponUsesPerCustomer"] = "uses_per_customer",
        ["usesPerCustomer"] = "uses_per_customer",
        ["label"] = "store_labels",
        ["labels"] = "store_labels",
        ["actionCondition"] = "action_condition",
        ["externalId"] = "rule_id",
        ["giftSkus"] = "extension_attributes",
        ["giftQty"] = "extension_attributes",
        ["rewardPoints"] = "extension_attributes",
    };

    private readonly HashSet<string> renamed = new(StringComparer.Ordinal);

    /// <summary>The keys of codes that coupons known here before have got with their rules.</summary>
    public IReadOnlySet<string> Renamed => renamed;

    public async Task TakeAsync(IReadOnlyList<ImportItem> rules, RuleCoupons coupons, ImportStep step, CancellationToken cancellationToken)
    {
        if (rules.Count == 0)
            return;
        var reading = new CartRuleReading(await ImportReferences.ReadAsync(db, cancellationToken), websites.CodeOf);
        var changes = await CodeChanges.ReadAsync(db, moves, rules, coupons.Chosen, cancellationToken);
        await step.ChangingPlacesAsync(
            changes.Givers,
            () =>
            {
                renamed.Clear();
                return changes.SetAsideAsync(moves, cancellationToken);
            },
            async () =>
            {
                foreach (var item in rules)
                    await step.TakeAsync(item, (json, path) => TakeAsync(json, path, reading, coupons, changes, cancellationToken), cancellationToken);
            },
            () => changes.KeptAsync(moves, cancellationToken),
            cancellationToken);
    }

    private async Task<Taken> TakeAsync(
        JsonElement json, JsonPath path, CartRuleReading reading, RuleCoupons coupons, CodeChanges changes, CancellationToken cancellationToken)
    {
        await websites.EnsureAsync(AdobeValue.Texts(AdobeValue.Member(json, "website_ids")), cancellationToken);
        var rule = reading.Read(json, path);
        if (rule.Request is not { } request)
            return Taken.Refused(rule.ExternalId, rule.Notes);
        var known = await db.Set<CartRuleDefinition>().AsNoTracking()
            .SingleOrDefaultAsync(other => other.ExternalId == request.ExternalId && other.Status != DefinitionStatus.Archived, cancellationToken);
        IReadOnlyList<RenamedCoupon> moved = [];
        if (request.CouponType == CouponType.Specific)
        {
            List<ReadCoupon> chosen = [.. coupons.Chosen[request.ExternalId!].DistinctBy(coupon => CouponCode.Key(coupon.Code))];
            var listed = known is not null && CartRuleBody.Read(known.Body) is { CouponType: CouponType.Specific, CouponCodes: { } codes } ? codes : [];
            if (known is not null)
            {
                moved = await moves.RenameAsync(
                    [.. chosen.Where(coupon => coupon.ExternalId is not null).Select(coupon => new NamedCoupon(known.Id, coupon.ExternalId!, coupon.Code))], cancellationToken);
            }

            if (chosen.Count > 0)
                request = request with { CouponCodes = Listed(listed, moved, chosen) };
            else if (listed.Count > 0)
                request = Keeping(request, known!.Id, listed, changes);
            else if (!coupons.Rules.Contains(request.ExternalId!) && (known is null || !await moves.HasAnyAsync(known.Id, cancellationToken)))
                rule.Notes.Add(new("rule.noCoupon", "The part coupons names no code of this rule; it applies once it has one.", path.Member("coupon_type").ToString()));
        }

        try
        {
            var (outcome, id) = known is null
                ? (ImportOutcome.Created, (await editor.CreateAsync(request, cancellationToken)).Id)
                : await UpdateAsync(known, request, cancellationToken);
            renamed.UnionWith(moved.Select(coupon => coupon.Key));
            return new(rule.IsDraft && outcome != ImportOutcome.Unchanged ? ImportOutcome.Draft : outcome, request.ExternalId, id, rule.Notes);
        }
        catch (ProblemException problem)
        {
            var errors = problem.Errors.Count > 0 ? problem.Errors : [new("$", problem.Code, problem.Message)];
            return Taken.Refused(request.ExternalId, [.. rule.Notes, .. errors.Select(error => InTheirWords(error, path))]);
        }
    }

    /// <summary>Those the rule lists already in their order, then the others, so that the order of the body changes nothing.</summary>
    private static IReadOnlyList<string> Listed(IReadOnlyList<string> listed, IReadOnlyList<RenamedCoupon> moved, List<ReadCoupon> chosen)
    {
        var now = moved.ToDictionary(coupon => coupon.OldKey, coupon => coupon.Key, StringComparer.Ordinal);
        var given = chosen.ToDictionary(coupon => CouponCode.Key(coupon.Code), coupon => coupon.Code, StringComparer.Ordinal);
        var before = listed.Select(CouponCode.Key).Select(key => now.GetValueOrDefault(key, key)).Where(given.ContainsKey).Distinct().ToList();
        var others = given.Keys.Except(before, StringComparer.Ordinal).Take(Math.Max(0, MaxCodes - before.Count));
        return [.. before.Concat(others).Select(key => given[key])];
    }

    /// <summary>Rules come without their codes, so one that is taken over again without the part <c>coupons</c> keeps those it has.</summary>
    private static CartRuleRequest Keeping(CartRuleRequest request, Guid rule, IReadOnlyList<string> listed, CodeChanges changes)
    {
        if (changes.Givers.Contains(rule))
            changes.Keepers.Add(rule);
        return request with { CouponCodes = listed };
    }

    private async Task<(ImportOutcome Outcome, Guid Id)> UpdateAsync(CartRuleDefinition known, CartRuleRequest request, CancellationToken cancellationToken)
    {
        var kept = await editor.CanonicalAsync(request, cancellationToken);
        if (known.Status == request.Status && DefinitionBody.Write(kept) == known.Body)
            return (ImportOutcome.Unchanged, known.Id);
        await editor.UpdateAsync(known.Id, request, EntityVersion.Of(null), cancellationToken);
        return (ImportOutcome.Updated, known.Id);
    }

    private static ImportNote InTheirWords(ProblemError error, JsonPath path)
    {
        if (!error.Path.StartsWith("$.", StringComparison.Ordinal))
            return new(error.Code, error.Detail, path.ToString());
        var end = error.Path.AsSpan(2).IndexOfAny('.', '[');
        var member = end < 0 ? error.Path[2..] : error.Path[2..(end + 2)];
        return new(error.Code, error.Detail, $"{path}.{Theirs.GetValueOrDefault(member, member)}");
    }
}
