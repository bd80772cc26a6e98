using System.Globalization;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>What a cart may cost the service is bounded, whatever it holds.</summary>
public sealed class CartSizeTests
{
    [Fact]
    public void More_lines_times_rules_than_can_be_decided_are_refused_and_rules_that_cannot_match_do_not_count()
    {
        var everywhere = Enumerable.Range(1, 101).Select(n => Rule(n, null)).ToList();
        var refused = Assert.Throws<CartTooLargeException>(() => CartPricing.Decide(new(everywhere), Cart(10_000), Context(), explain: false));
        Assert.Contains("size 10000 that 101 rules", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1_000, CartPricing.Decide(new(everywhere), Cart(1_000), Context(), explain: false).Lines.Count);

        var elsewhere = Enumerable.Range(1, 5_000).Select(n => Rule(n, $"other-{n}")).ToList();
        var outcome = CartPricing.Decide(new([.. elsewhere, Rule(9_999, null)]), Cart(10_000), Context(), explain: false);
        Assert.Equal(9_999, Assert.Single(outcome.AppliedRules).Number);
    }

    [Fact]
    public void Whether_a_cart_is_too_large_does_not_depend_on_who_wants_to_know_why()
    {
        var rules = new CartRuleSet([.. Enumerable.Range(1, 120).Select(n => Rule(n, $"other-{n}")), Rule(999, null)]);
        var outcome = CartPricing.Decide(rules, Cart(10_000), Context(), explain: true);
        Assert.Equal(999, Assert.Single(outcome.AppliedRules).Number);
        Assert.Equal(["cannotMatch", "applied"], outcome.Explanations!.Select(explanation => explanation.Reason).Distinct());
        Assert.Equal(["noEligibleLine", "applied"], CartPricing.Decide(rules, Cart(100), Context(), explain: true).Explanations!.Select(explanation => explanation.Reason).Distinct());
    }

    private static CartRule Rule(int number, string? sku) => new(
        Guid.CreateVersion7(), number, null, $"r{number}", "Rule", CartRuleAction.ByFixed, null, sku is null ? null : OfSku(sku))
    { Amount = 0.01m };

    private static Condition OfSku(string sku)
    {
        var errors = new List<PersonalizationPlatform.Http.ProblemError>();
        var context = new ConditionContext(_ => null, _ => null) { Root = FieldScope.CartLine };
        var json = ConditionJson.ReadText($$"""{ "type": "compare", "field": "item.sku", "operator": "equals", "value": "{{sku}}" }""");
        return ConditionJson.Parse(json, "$", context, errors) ?? throw new InvalidOperationException(errors[0].Detail);
    }

    private static CartInput Cart(int lines) => new()
    {
        Currency = "USD",
        Lines = [.. Enumerable.Range(1, lines).Select(n => new CartInputLine { Id = n.ToString(CultureInfo.InvariantCulture), Sku = $"sku-{n}", Price = 10 })],
    };

    private static CartContext Context() => new()
    {
        At = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero),
        Day = new(2026, 6, 15),
        Website = WebsiteSettings.Base,
        Segments = _ => Verdict.False,
        Audiences = _ => Verdict.False,
    };
}
