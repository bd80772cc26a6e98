using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Takes over sales rules as cart rules; a known external id is updated.</summary>
internal sealed class RuleImport(PlatformDb db, CartRuleEditor editor, WebsiteNumbers websites)
{
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

    /// <param name="codes">Codes people chose, by the external id of their rule.</param>
    public async Task TakeAsync(IReadOnlyList<ImportItem> rules, ILookup<string, string> codes, ImportStep step, CancellationToken cancellationToken)
    {
        if (rules.Count == 0)
            return;
        var reading = new CartRuleReading(await ImportReferences.ReadAsync(db, cancellationToken), websites.CodeOf);
        foreach (var item in rules)
        {
            await step.TakeAsync(item, async (json, path) =>
            {
                await websites.EnsureAsync(AdobeValue.Texts(AdobeValue.Member(json, "website_ids")), cancellationToken);
                var id = AdobeValue.Text(AdobeValue.Member(json, "rule_id"))?.Trim() ?? "";
                return await TakeAsync(reading.Read(json, path, [.. codes[id].DistinctBy(Coupons.CouponCode.Key)]), path, cancellationToken);
            }, cancellationToken);
        }
    }

    private async Task<Taken> TakeAsync(ReadRule rule, JsonPath path, CancellationToken cancellationToken)
    {
        if (rule.Request is not { } request)
            return Taken.Refused(rule.ExternalId, rule.Notes);
        var known = await db.Set<CartRuleDefinition>().AsNoTracking()
            .SingleOrDefaultAsync(other => other.ExternalId == request.ExternalId && other.Status != DefinitionStatus.Archived, cancellationToken);
        if (request is { CouponType: CouponType.Specific, CouponCodes: null })
            request = request with { CouponCodes = KeptCodes(known, rule.Notes, path) };
        try
        {
            var (outcome, id) = known is null
                ? (ImportOutcome.Created, (await editor.CreateAsync(request, cancellationToken)).Id)
                : await UpdateAsync(known, request, cancellationToken);
            return new(rule.IsDraft && outcome != ImportOutcome.Unchanged ? ImportOutcome.Draft : outcome, request.ExternalId, id, rule.Notes);
        }
        catch (ProblemException problem)
        {
            var errors = problem.Errors.Count > 0 ? problem.Errors : [new("$", problem.Code, problem.Message)];
            return Taken.Refused(request.ExternalId, [.. rule.Notes, .. errors.Select(error => InTheirWords(error, path))]);
        }
    }

    private async Task<(ImportOutcome Outcome, Guid Id)> UpdateAsync(CartRuleDefinition known, CartRuleRequest request, CancellationToken cancellationToken)
    {
        var kept = await editor.CanonicalAsync(request, cancellationToken);
        if (known.Status == request.Status && DefinitionBody.Write(kept) == known.Body)
            return (ImportOutcome.Unchanged, known.Id);
        await editor.UpdateAsync(known.Id, request, EntityVersion.Of(null), cancellationToken);
        return (ImportOutcome.Updated, known.Id);
    }

    /// <summary>Rules come without their codes, so one that is taken over again without the part <c>coupons</c> keeps those it has.</summary>
    private static IReadOnlyList<string>? KeptCodes(CartRuleDefinition? known, List<ImportNote> notes, JsonPath path)
    {
        if (known is not null && CartRuleBody.Read(known.Body) is { CouponType: CouponType.Specific, CouponCodes: { Count: > 0 } codes })
            return codes;
        notes.Add(new("rule.noCoupon", "The part coupons names no code of this rule; it applies once it has one.", path.Member("coupon_type").ToString()));
        return null;
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
