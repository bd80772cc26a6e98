using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>Every change of a cart rule, with its coupon codes in the same step.</summary>
public sealed class CartRuleEditor(PlatformDb db, DefinitionChanges changes, CouponCodes coupons, WebsiteCodes websites, TimeProvider time)
    : RuleEditor<CartRuleDefinition, CartRuleRequest>(db, changes, time)
{
    private const int MaxBlocks = 1_000;

    public override string Collection => CartRuleDefinition.Collection;

    protected override string Code => "cartRule";

    protected override string Word => "cart rule";

    /// <summary>The rule as it would be kept, without keeping it: for those who try a draft. 400 <c>cartRule.invalid</c>.</summary>
    public async Task<CartRuleRequest> CanonicalAsync(CartRuleRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var kept = await CheckAsync(new() { Id = Guid.CreateVersion7() }, request, errors, cancellationToken);
        return errors.Count == 0 ? kept : throw new ProblemException(400, "cartRule.invalid", "The cart rule is not right in the places listed.", errors);
    }

    protected override async Task<CartRuleRequest> CheckAsync(
        CartRuleDefinition rule, CartRuleRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        CartRuleCheck.Members(request, errors);
        var (condition, action) = await ConditionsAsync(rule, request, errors, cancellationToken);
        var blocks = await BlocksAsync(rule, request, errors, cancellationToken);
        var codes = await WebsitesAsync(request, errors, cancellationToken);
        return request with
        {
            // Where it stands is not what it says: kept beside the body, so that an older body can be put again.
            Status = null,
            Name = request.Name?.Trim()!,
            Websites = Listed(codes.Distinct()),
            CustomerGroups = Listed(request.CustomerGroups?.Distinct().Order()),
            Priority = request.Priority is 0 ? null : request.Priority,
            Stop = request.Stop is true ? true : null,
            Amount = request.Amount is 0 ? null : request.Amount,
            MaxQty = request.MaxQty is 0 ? null : request.MaxQty,
            Step = request.Step is 0 ? null : request.Step,
            ApplyToShipping = request.ApplyToShipping is true ? true : null,
            FreeShipping = request.FreeShipping is FreeShipping.None ? null : request.FreeShipping,
            GiftSkus = Listed(request.GiftSkus?.Distinct(StringComparer.Ordinal)),
            CouponType = request.CouponType is CouponType.None ? null : request.CouponType,
            CouponCodes = Listed(request.CouponCodes?.Select(code => code?.Trim()!)),
            UsesPerCoupon = request.UsesPerCoupon is 0 ? null : request.UsesPerCoupon,
            CouponUsesPerCustomer = request.CouponUsesPerCustomer is 0 ? null : request.CouponUsesPerCustomer,
            UsesPerCustomer = request.UsesPerCustomer is 0 ? null : request.UsesPerCustomer,
            Condition = condition,
            ActionCondition = action,
            Labels = request.Labels is { Count: > 0 } ? request.Labels : null,
            RewardPoints = request.RewardPoints is 0 ? null : request.RewardPoints,
            DynamicBlocks = Listed(blocks),
            Rss = request.Rss is true ? true : null,
        };
    }

    protected override Task ChangedAsync(CartRuleDefinition rule, CancellationToken cancellationToken) => rule.Status == DefinitionStatus.Archived
        ? coupons.FreeAsync(Db, rule.Id, cancellationToken)
        : coupons.ReplaceSpecificAsync(Db, rule.Id, CartRuleBody.Read(rule.Body).CouponCodes ?? [], cancellationToken);

    /// <summary>Both conditions in canonical form.</summary>
    private async Task<(JsonElement? Condition, JsonElement? Action)> ConditionsAsync(
        CartRuleDefinition rule, CartRuleRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        // Most rules name no segment and no audience: only for those that do is what they may name looked up, and they are read again.
        var named = false;
        var context = new ConditionContext(_ => Named<SegmentId>(), _ => Named<AudienceId>()) { Kind = EventKinds.InCondition };
        var wrong = new List<ProblemError>();
        var read = Read(request, context, wrong);
        if (named)
        {
            wrong.Clear();
            read = Read(request, (await DefinitionReferences.ReadAsync(Db, KeptBy(rule), cancellationToken)).Context, wrong);
        }

        errors.AddRange(wrong);
        return read;

        T? Named<T>()
            where T : struct
        {
            named = true;
            return null;
        }
    }

    private static (JsonElement? Condition, JsonElement? Action) Read(CartRuleRequest request, ConditionContext context, List<ProblemError> errors) =>
        (Read(request.Condition, "$.condition", context with { Root = FieldScope.Cart }, errors),
            Read(request.ActionCondition, "$.actionCondition", context with { Root = FieldScope.CartLine }, errors));

    private static JsonElement? Read(JsonElement? given, string path, ConditionContext context, List<ProblemError> errors) =>
        CartRuleBody.IsGiven(given) && ConditionJson.Parse(given!.Value, path, context, errors) is { } condition ? ConditionJson.Write(condition) : null;

    /// <summary>The codes as their websites spell them.</summary>
    private async Task<IReadOnlyList<string>> WebsitesAsync(CartRuleRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (request.Websites is not { Count: > 0 } given)
            return [];
        var known = await websites.ReadAsync(cancellationToken);
        var found = new List<string>();
        for (var i = 0; i < given.Count; i++)
        {
            if (given[i] is { } asked && known(asked) is { } code)
                found.Add(code);
            else
                errors.Add(new($"$.websites[{i}]", "cartRule.unknownWebsite", "There is no website with this code."));
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> BlocksAsync(CartRuleDefinition rule, CartRuleRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (request.DynamicBlocks is not { Count: > 0 } given)
            return [];
        if (given.Count > MaxBlocks)
        {
            errors.Add(new("$.dynamicBlocks", "cartRule.dynamicBlocks", $"At most {MaxBlocks} dynamicBlocks."));
            return [];
        }

        var ids = given.Select(text => Guid.TryParse(text, out var id) ? id : default).ToArray();
        var known = await Db.Set<DynamicBlock>().AsNoTracking().Where(block => ids.Contains(block.Id) || given.Contains(block.Key))
            .Select(block => new { block.Id, block.Key, block.Status }).ToListAsync(cancellationToken);
        known.RemoveAll(block => block.Status == DefinitionStatus.Archived && !KeptBy(rule).Has(block.Id));
        var found = new List<string>();
        for (var i = 0; i < given.Count; i++)
        {
            if (known.Find(block => block.Key == given[i] || (ids[i] != default && block.Id == ids[i])) is { } block)
                found.Add(block.Id.ToString());
            else
                errors.Add(new($"$.dynamicBlocks[{i}]", "cartRule.unknownDynamicBlock", "There is no dynamic block with this id or key."));
        }

        return [.. found.Distinct()];
    }

    private static IReadOnlyList<T>? Listed<T>(IEnumerable<T>? items) => items?.ToList() is { Count: > 0 } list ? list : null;
}
