using PersonalizationPlatform.Activation.CatalogRules;

namespace PersonalizationPlatform.Tests.Activation.CatalogRules;

/// <summary>The arithmetic of catalogue prices.</summary>
public sealed class CatalogPricingTests
{
    [Theory]
    [InlineData(CatalogRuleAction.ByPercent, 33.33, 9.99, 6.6603)]
    [InlineData(CatalogRuleAction.ByPercent, 150, 10, 0)]
    [InlineData(CatalogRuleAction.ByFixed, 3.5, 10, 6.5)]
    [InlineData(CatalogRuleAction.ByFixed, 30, 10, 0)]
    [InlineData(CatalogRuleAction.ToPercent, 25, 100, 25)]
    [InlineData(CatalogRuleAction.ToFixed, 7, 10, 7)]
    [InlineData(CatalogRuleAction.ToFixed, 70, 10, 10)]
    public void Each_action_makes_its_price_of_the_price_before(CatalogRuleAction action, double amount, double price, double expected) =>
        Assert.Equal((decimal)expected, CatalogPricing.Apply([Rule(action, (decimal)amount)], (decimal)price).Price);

    [Fact]
    public void Rules_chain_on_the_running_price_and_each_step_is_rounded_half_up_to_four_decimals()
    {
        // Rounded at the end only, three halves of 0.0001 would be nothing.
        var price = CatalogPricing.Apply([.. Enumerable.Repeat(Rule(CatalogRuleAction.ByPercent, 50), 3)], 0.0001m);
        Assert.Equal(0.0001m, price.Price);
        Assert.Equal(0.0556m, CatalogPricing.Apply([Rule(CatalogRuleAction.ByPercent, 50)], 0.1111m).Price);
        Assert.Equal(3, price.Applied.Count);
    }

    [Fact]
    public void A_rule_that_discards_later_ones_ends_the_chain()
    {
        var price = CatalogPricing.Apply([Rule(CatalogRuleAction.ByPercent, 10), Rule(CatalogRuleAction.ByFixed, 5) with { Stop = true }, Rule(CatalogRuleAction.ByFixed, 1)], 100);
        Assert.Equal(85, price.Price);
        Assert.Equal(2, price.Applied.Count);
    }

    [Fact]
    public void The_final_price_is_the_lowest_there_is_to_two_decimals_half_up()
    {
        Assert.Equal(6.67m, CatalogPricing.Final(9, 8, 7, 6.665m));
        Assert.Equal(7m, CatalogPricing.Final(9, 8, 7, 7.0001m));
        Assert.Equal(8m, CatalogPricing.Final(9, 8, null, null));
        Assert.Equal(9m, CatalogPricing.Final(9, 12, 11, 10));
        Assert.Null(CatalogPricing.Apply([], 9).Price);
    }

    private static CatalogRule Rule(CatalogRuleAction action, decimal amount) => new(Guid.NewGuid(), 1, 1, null, "rule", "rule", action, amount, null);
}
