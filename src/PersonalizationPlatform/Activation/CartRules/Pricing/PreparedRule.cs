using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;

namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>A rule and what is worked out of it once, when a publication is read.</summary>
internal sealed class PreparedRule(CartRule rule)
{
    public CartRule Rule { get; } = rule;

    public bool NeedsCoupon { get; } = rule.CouponType != CouponType.None;

    /// <summary>Whether its condition has to be judged again once other rules were applied; whole-cart rules are judged before all.</summary>
    public bool FollowsDiscounts { get; } = rule.Action != CartRuleAction.CartFixed && rule.Condition is { } condition && ReadsRunningTotal(condition);

    /// <summary>What its condition needs, or its action condition, which the shipping does not ask.</summary>
    public Necessary? Necessary { get; } = CartRules.Pricing.Necessary.Better(
        CartRules.Pricing.Necessary.Of(rule.Condition), rule.ApplyToShipping ? null : CartRules.Pricing.Necessary.Of(rule.ActionCondition));

    /// <summary>Null when it is for this shopper, place and day; else why not.</summary>
    public string? Refusal(CartContext context)
    {
        if (Rule.Websites.Count > 0 && !Rule.Websites.Contains(context.Website.Code))
            return RuleReasons.Website;
        if (Rule.CustomerGroups.Count > 0 && !Rule.CustomerGroups.Contains(context.CustomerGroup))
            return RuleReasons.CustomerGroup;
        return context.Day < Rule.FromDate || context.Day > Rule.ToDate ? RuleReasons.Date : null;
    }

    /// <summary>Whether this customer has used it as often as one customer may.</summary>
    public bool IsUsedUp(CartContext context) =>
        context.IsCustomer && Rule.UsesPerCustomer > 0 && context.RuleUsesByCustomer.GetValueOrDefault(Rule.Id) >= Rule.UsesPerCustomer;

    private static bool ReadsRunningTotal(Condition condition) => condition switch
    {
        Group group => group.Of.Any(ReadsRunningTotal),
        Compare compare => compare.Field.Name == "cart.subtotalWithDiscount",
        _ => false,
    };
}

/// <summary>Why a rule or a line was left out, as explanations say it.</summary>
internal static class RuleReasons
{
    public const string Applied = "applied";
    public const string Website = "website";
    public const string CustomerGroup = "customerGroup";
    public const string Date = "date";
    public const string Coupon = "coupon";
    public const string Usage = "usage";
    public const string Condition = "condition";
    public const string NoEligibleLine = "noEligibleLine";

    /// <summary>Nothing in the cart can meet its conditions; in a cart this large they are not gone through.</summary>
    public const string CannotMatch = "cannotMatch";

    /// <summary>It takes nothing off and is no rule applied, but makes the shipping free.</summary>
    public const string FreeShipping = "freeShipping";

    /// <summary>An earlier rule ended the game for the line, or for all lines the rule is for.</summary>
    public const string Stopped = "stopped";
    public const string ActionCondition = "actionCondition";
    public const string NoDiscount = "noDiscount";
    public const string NegativePrice = "negativePrice";
    public const string Step = "step";
    public const string NoGift = "noGift";
}
