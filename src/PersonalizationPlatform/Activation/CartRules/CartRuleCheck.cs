using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>What the members of a cart rule may be, without looking anything up.</summary>
internal static class CartRuleCheck
{
    /// <summary>No amount, quantity or limit is larger.</summary>
    private const decimal MaxAmount = 1e12m;
    private const decimal MaxQuantity = 1e9m;
    private const int MaxNumber = 1_000_000_000;
    private const int MaxList = 1_000;
    private const int MaxText = 255;
    private const int MaxDescription = 10_000;

    public static void Members(CartRuleRequest rule, List<ProblemError> errors)
    {
        Amount("amount", rule.Amount, MaxAmount, errors);
        Amount("maxQty", rule.MaxQty, MaxQuantity, errors);
        Amount("giftQty", rule.GiftQty, MaxQuantity, errors);
        Whole("priority", rule.Priority, errors);
        Whole("step", rule.Step, errors);
        Whole("usesPerCoupon", rule.UsesPerCoupon, errors);
        Whole("couponUsesPerCustomer", rule.CouponUsesPerCustomer, errors);
        Whole("usesPerCustomer", rule.UsesPerCustomer, errors);
        Whole("rewardPoints", rule.RewardPoints, errors);
        if (rule.Number is < 0 or > Rules.Rule.MaxNumber)
            errors.Add(new("$.number", "cartRule.number", $"number must be 0 to {Rules.Rule.MaxNumber}."));
        if (rule.Description?.Length > MaxDescription)
            errors.Add(new("$.description", "cartRule.description", $"description has at most {MaxDescription} characters."));
        if (rule.FromDate > rule.ToDate)
            errors.Add(new("$.toDate", "cartRule.dates", "toDate must not be earlier than fromDate."));
        Fits("websites", rule.Websites, errors);
        Groups(rule, errors);
        Gifts(rule, errors);
        Coupons(rule, errors);
        Labels(rule, errors);
    }

    private static void Amount(string member, decimal? value, decimal max, List<ProblemError> errors)
    {
        if (value is < 0 || value > max)
            errors.Add(new("$." + member, "cartRule." + member, $"{member} must be 0 to {max:0}."));
        else if (value is { } given && decimal.Round(given, 6) != given)
            errors.Add(new("$." + member, "cartRule." + member, $"{member} has at most 6 decimals."));
    }

    private static void Whole(string member, int? value, List<ProblemError> errors)
    {
        if (value is < 0 or > MaxNumber)
            errors.Add(new("$." + member, "cartRule." + member, $"{member} must be 0 to {MaxNumber}."));
    }

    private static bool Fits<T>(string member, IReadOnlyList<T>? list, List<ProblemError> errors)
    {
        if (list?.Count <= MaxList)
            return true;
        if (list is not null)
            errors.Add(new("$." + member, "cartRule." + member, $"At most {MaxList} {member}."));
        return false;
    }

    private static void Groups(CartRuleRequest rule, List<ProblemError> errors)
    {
        if (!Fits("customerGroups", rule.CustomerGroups, errors))
            return;
        for (var i = 0; i < rule.CustomerGroups!.Count; i++)
        {
            if (rule.CustomerGroups[i] < 0)
                errors.Add(new($"$.customerGroups[{i}]", "cartRule.customerGroups", "Customer groups are numbers from 0, not logged in, on."));
        }
    }

    private static void Gifts(CartRuleRequest rule, List<ProblemError> errors)
    {
        if (rule.Action != CartRuleAction.FreeGift)
        {
            if (rule.GiftSkus is { Count: > 0 })
                errors.Add(new("$.giftSkus", "cartRule.giftSkus", "Only rules with the action free_gift have gifts."));
            if (rule.GiftQty is not null)
                errors.Add(new("$.giftQty", "cartRule.giftQty", "Only rules with the action free_gift have gifts."));
            return;
        }

        if (rule.GiftQty is 0)
            errors.Add(new("$.giftQty", "cartRule.giftQty", "giftQty must be greater than 0."));
        if (!Fits("giftSkus", rule.GiftSkus, errors))
            return;
        for (var i = 0; i < rule.GiftSkus!.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(rule.GiftSkus[i]) || rule.GiftSkus[i].Length > MaxText)
                errors.Add(new($"$.giftSkus[{i}]", "cartRule.giftSkus", $"A SKU has 1 to {MaxText} characters."));
        }
    }

    private static void Coupons(CartRuleRequest rule, List<ProblemError> errors)
    {
        var type = rule.CouponType ?? CouponType.None;
        if (rule.CouponCodes is { Count: > 0 } && type == CouponType.None)
            errors.Add(new("$.couponCodes", "cartRule.couponCodes", "A rule with codes has the couponType specific, or auto where more are generated."));
        else if (Fits("couponCodes", rule.CouponCodes, errors))
            CouponCode.Check(rule.CouponCodes!, "$.couponCodes", errors);
        if (type == CouponType.None && rule.UsesPerCoupon > 0)
            errors.Add(new("$.usesPerCoupon", "cartRule.usesPerCoupon", "A rule without coupons has no limit for each of them."));
        if (type == CouponType.None && rule.CouponUsesPerCustomer > 0)
            errors.Add(new("$.couponUsesPerCustomer", "cartRule.couponUsesPerCustomer", "A rule without coupons has no limit for each of them."));
    }

    private static void Labels(CartRuleRequest rule, List<ProblemError> errors)
    {
        if (rule.Label is { } label && (string.IsNullOrWhiteSpace(label) || label.Length > MaxText))
            errors.Add(new("$.label", "cartRule.label", $"label has 1 to {MaxText} characters."));
        if (rule.Labels is null)
            return;
        if (rule.Labels.Count > MaxList)
            errors.Add(new("$.labels", "cartRule.labels", $"At most {MaxList} labels."));
        if (StoreView.ByCode(rule.Labels).Count < rule.Labels.Count)
            errors.Add(new("$.labels", "cartRule.labels", "A store view has one label; its code in upper or lower case is the same."));
        foreach (var (storeView, text) in rule.Labels)
        {
            if (storeView.Length is 0 or > 64)
                errors.Add(new("$.labels", "cartRule.labels", "A store view's code has 1 to 64 characters."));
            if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText)
                errors.Add(new("$.labels." + storeView, "cartRule.labels", $"A label has 1 to {MaxText} characters."));
        }
    }
}
