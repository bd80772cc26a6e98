using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>What is said of coupons, labels, points and deadlines.</summary>
public sealed class CouponAndLabelTests
{
    private static readonly CartContext Context = new WildCarts(1).Context() with { CustomerGroup = 1, IsCustomer = true, Coupons = [], Options = CartRuleOptions.Default };
    private static readonly CartInput Cart = new() { Currency = "USD", Lines = [new() { Id = "a", Sku = "a", Price = 100 }] };

    private static CartRule Rule(int number) =>
        new(NeutralCase.Id(number), number, null, "rule-" + number, "Rule " + number, CartRuleAction.ByPercent, null, null) { Amount = 10, CouponType = CouponType.Specific };

    [Fact]
    public void A_coupon_that_does_something_is_applied() => Says(null, Rule(1), Coupon());

    [Fact]
    public void A_code_nobody_gave_out_is_unknown() => Says(CouponReasons.Unknown, Rule(1), new CartCoupon("NONE", null));

    [Fact]
    public void A_coupon_of_a_paused_rule_is_inactive() => Says(CouponReasons.Inactive, Rule(1) with { Status = DefinitionStatus.Paused }, Coupon());

    [Fact]
    public void A_coupon_of_another_website_group_or_time_says_which()
    {
        Says(CouponReasons.Website, Rule(1) with { Websites = new HashSet<string> { "other" } }, Coupon());
        Says(CouponReasons.CustomerGroup, Rule(1) with { CustomerGroups = new HashSet<int> { 0 } }, Coupon());
        Says(CouponReasons.Date, Rule(1) with { ToDate = Context.Day.AddDays(-1) }, Coupon());
        Says(CouponReasons.Expired, Rule(1), Coupon() with { ExpiresAt = Context.At });
    }

    [Fact]
    public void Limits_are_checked_from_the_coupon_to_the_rule()
    {
        var rule = Rule(1) with { UsesPerCoupon = 5, CouponUsesPerCustomer = 2, UsesPerCustomer = 1 };
        var used = new Dictionary<Guid, int> { [rule.Id] = 1 };
        Says(CouponReasons.LimitReached, rule, Coupon() with { Uses = 5, UsesByCustomer = 2 }, Context with { RuleUsesByCustomer = used });
        Says(CouponReasons.CustomerLimitReached, rule, Coupon() with { Uses = 4, UsesByCustomer = 2 }, Context with { RuleUsesByCustomer = used });
        Says(CouponReasons.RuleLimitReached, rule, Coupon() with { Uses = 4, UsesByCustomer = 1 }, Context with { RuleUsesByCustomer = used });
        Says(null, rule, Coupon() with { Uses = 4, UsesByCustomer = 1 });
        Says(null, rule, Coupon() with { Uses = 5, UsageLimit = 6 });
        Says(null, rule, Coupon() with { Uses = 5, UsageLimit = 0 });
    }

    [Fact]
    public void Guests_are_never_limited_per_customer() =>
        Says(null, Rule(1) with { CouponUsesPerCustomer = 1, UsesPerCustomer = 1 }, Coupon() with { UsesByCustomer = 9 },
            Context with { IsCustomer = false, RuleUsesByCustomer = new Dictionary<Guid, int> { [NeutralCase.Id(1)] = 9 } });

    [Fact]
    public void A_coupon_whose_rule_finds_nothing_is_rejected()
    {
        var condition = NeutralCase.Condition(System.Text.Json.Nodes.JsonNode.Parse("""{ "type": "compare", "field": "cart.subtotal", "operator": "atLeast", "value": 500 }""")!, FieldScope.Cart);
        var action = NeutralCase.Condition(System.Text.Json.Nodes.JsonNode.Parse("""{ "type": "compare", "field": "item.sku", "operator": "equals", "value": "b" }""")!, FieldScope.CartLine);
        Says(CouponReasons.Condition, Rule(1) with { Condition = condition }, Coupon());
        Says(CouponReasons.NoEligibleLine, Rule(1) with { ActionCondition = action }, Coupon());
        var empty = CartPricing.Decide(new CartRuleSet([Rule(1)]), Cart with { Lines = [] }, Context with { Coupons = [Coupon()] }, false);
        Assert.Equal(CouponReasons.EmptyCart, Assert.Single(empty.Coupons).Reason);
    }

    [Fact]
    public void Two_codes_of_one_rule_trigger_it_once()
    {
        var outcome = CartPricing.Decide(new CartRuleSet([Rule(1)]), Cart, Context with { Coupons = [Coupon() with { Code = "OLD", ExpiresAt = Context.At }, Coupon(), Coupon() with { Code = "CODE2" }] }, false);
        Assert.Equal(10, outcome.TotalDiscount);
        Assert.Equal([CouponReasons.Expired, null, CouponReasons.SameRule], outcome.Coupons.Select(c => c.Reason));
    }

    [Fact]
    public void A_discount_is_called_by_the_labels_of_its_rules()
    {
        var rules = new CartRuleSet([
            Rule(1) with { CouponType = CouponType.None, Label = "General", Labels = new Dictionary<string, string> { ["german"] = "Sommer" } },
            Rule(2) with { Description = "Thanks" }, Rule(3), Rule(4) with { CouponType = CouponType.None, Description = "Never shown" }, Rule(5) with { CouponType = CouponType.None, Label = "General" }]);
        var coupons = new[] { new CartCoupon("TWO", NeutralCase.Id(2)), new CartCoupon("THREE", NeutralCase.Id(3)) };
        Assert.Equal("Discount (General, Thanks, THREE)", CartPricing.Decide(rules, Cart, Context with { Coupons = coupons }, false).Label);
        Assert.Equal("Discount (Sommer, General)", CartPricing.Decide(rules, Cart, Context with { StoreView = "german" }, false).Label);
        Assert.Null(CartPricing.Decide(new CartRuleSet([]), Cart, Context, false).Label);
    }

    [Fact]
    public void A_condition_is_explained_as_it_was_judged()
    {
        Condition Left(string operation) => NeutralCase.Condition(System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{ "type": "compare", "field": "cart.subtotalWithDiscount", "operator": "{{operation}}", "value": 100 }""")!, FieldScope.Cart);
        CartRule Plain(int number) => Rule(number) with { CouponType = CouponType.None };
        var rules = new CartRuleSet([Plain(1) with { Amount = 50 }, Plain(2) with { Action = CartRuleAction.CartFixed, Condition = Left("atLeast") },
            Plain(3) with { Condition = Left("atLeast") }, Plain(4) with { Condition = Left("lessThan") }]);
        var explained = CartPricing.Decide(rules, Cart, Context, explain: true).Explanations!;
        Assert.Equal([true, true, false, true], explained.Select(rule => rule.Applied));
        // Whole-cart rules are judged before any discount, the others at their turn.
        Assert.All(explained.Skip(1), rule => Assert.Equal(rule.Applied, rule.Condition!.Matches));
    }

    [Fact]
    public void Points_are_for_customers_and_deadlines_are_the_earliest()
    {
        var member = NeutralCase.Condition(System.Text.Json.Nodes.JsonNode.Parse("""{ "type": "inSegment", "external": "7" }""")!, FieldScope.Cart);
        var rules = new CartRuleSet([Rule(1) with { RewardPoints = 30 }, Rule(2) with { CouponType = CouponType.None, RewardPoints = 5 }, Rule(3) with { CouponType = CouponType.None, Condition = member, RewardPoints = 100 }]);
        var context = Context with { Coupons = [Coupon() with { ExpiresAt = Context.At.AddHours(1) }] };
        var outcome = CartPricing.Decide(rules, Cart, context, false);
        Assert.Equal(35, outcome.RewardPoints);
        Assert.Equal(Context.At.AddHours(1), outcome.ChangesAt);
        Assert.Equal(0, CartPricing.Decide(rules, Cart, context with { IsCustomer = false }, false).RewardPoints);
    }

    [Fact]
    public void An_explanation_names_why_for_every_rule_and_line()
    {
        var rules = new CartRuleSet([
            Rule(1) with { CouponType = CouponType.None, Stop = true }, Rule(2) with { CouponType = CouponType.None }, Rule(3),
            Rule(4) with { CouponType = CouponType.None, CustomerGroups = new HashSet<int> { 7 } }, Rule(5) with { CouponType = CouponType.None, Step = 9, Priority = -1 }]);
        var outcome = CartPricing.Decide(rules, Cart, Context, true);
        Assert.Equal(["noEligibleLine", "applied", "stopped", "coupon", "customerGroup"], outcome.Explanations!.Select(e => e.Reason));
        Assert.Equal(["step", "applied", "stopped"], outcome.Explanations!.Take(3).Select(e => Assert.Single(e.Lines!).Reason));
    }

    private static CartCoupon Coupon() => new("CODE", NeutralCase.Id(1));

    private static void Says(string? reason, CartRule rule, CartCoupon coupon, CartContext? context = null)
    {
        var outcome = CartPricing.Decide(new CartRuleSet([rule]), Cart, (context ?? Context) with { Coupons = [coupon] }, false);
        var said = Assert.Single(outcome.Coupons);
        Assert.Equal((reason, reason is null ? CouponVerdict.Applied : CouponVerdict.Rejected), (said.Reason, said.Verdict));
        Assert.Equal(reason is null ? 10 : 0, outcome.TotalDiscount);
    }
}
