using System.Text.Json.Nodes;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>Which part of a composite line a condition looks at, in every kind of group.</summary>
public sealed class CompositeLineTests
{
    private static readonly CartInputLine Shirt = new()
    {
        Id = "shirt",
        Sku = "SHIRT",
        Type = "configurable",
        Price = 40,
        Categories = ["clothes"],
        Children = [new() { Id = "red", Sku = "SHIRT-RED", Price = 0, Categories = ["sale"] }],
    };

    [Theory]
    [InlineData("all", "equals", "SHIRT", null, true)]
    [InlineData("all", "equals", "SHIRT-RED", null, true)]
    [InlineData("all", "equals", "HAT", null, false)]
    [InlineData("all", "notEquals", "SHIRT-RED", null, true)]
    [InlineData("all", "notEquals", "SHIRT", null, true)]
    [InlineData("all", "notEquals", "HAT", null, true)]
    [InlineData("all", "equals", "SHIRT-RED", "parent", false)]
    [InlineData("all", "equals", "SHIRT", "parent", true)]
    [InlineData("all", "notEquals", "SHIRT", "parent", false)]
    [InlineData("all", "equals", "SHIRT", "children", false)]
    [InlineData("all", "equals", "SHIRT-RED", "children", true)]
    [InlineData("all", "notEquals", "SHIRT-RED", "children", false)]
    [InlineData("any", "notEquals", "SHIRT-RED", null, true)]
    // Inside none and notAll a part that makes the condition false settles it: the line's own SKU does.
    [InlineData("none", "equals", "SHIRT-RED", null, true)]
    [InlineData("none", "equals", "SHIRT", null, true)]
    [InlineData("none", "equals", "SHIRT-RED", "children", false)]
    [InlineData("none", "equals", "SHIRT", "parent", false)]
    [InlineData("none", "notEquals", "HAT", null, false)]
    [InlineData("notAll", "equals", "SHIRT-RED", null, true)]
    [InlineData("notAll", "equals", "SHIRT-RED", "children", false)]
    public void A_condition_about_a_configurable_line_looks_at_its_parts(string match, string op, string sku, string? scope, bool holds)
    {
        var leaf = new JsonObject { ["type"] = "compare", ["field"] = "item.sku", ["operator"] = op, ["value"] = sku };
        if (scope is not null)
            leaf["scope"] = scope;
        Assert.Equal(holds, Meets(Group(match, leaf.DeepClone().AsObject()), Shirt));
        if (match == "all")
            Assert.Equal(holds, Meets(leaf, Shirt));
    }

    [Fact]
    public void A_nested_group_is_tried_on_each_part_and_each_condition_in_it_again()
    {
        var both = Group("all", Is("item.sku", "SHIRT-RED"), Is("item.categories", "clothes"));
        Assert.True(Meets(Group("all", both.DeepClone().AsObject()), Shirt));
        Assert.True(Meets(Group("any", both), Shirt));
        Assert.False(Meets(Group("all", Group("none", Group("all", Is("item.sku", "SHIRT", "parent")))), Shirt));
    }

    [Fact]
    public void Children_of_a_line_without_children_are_the_line()
    {
        var hat = new CartInputLine { Id = "hat", Sku = "HAT", Price = 10 };
        Assert.True(Meets(Is("item.sku", "HAT", "children"), hat));
        Assert.True(Meets(Is("item.sku", "HAT", "parent"), hat));
    }

    [Fact]
    public void Only_conditions_about_lines_know_parts()
    {
        var errors = new List<PersonalizationPlatform.Http.ProblemError>();
        var json = System.Text.Json.JsonSerializer.SerializeToElement(JsonNode.Parse("""{ "type": "compare", "field": "cart.subtotal", "operator": "atLeast", "value": 5, "scope": "parent" }"""));
        Assert.Null(ConditionJson.Parse(json, "$", new(_ => null, _ => null) { Root = FieldScope.Cart }, errors));
        Assert.Equal("condition.unknownMember", Assert.Single(errors).Code);
    }

    [Theory]
    [InlineData("inSegment")]
    [InlineData("inAudience")]
    public void An_external_id_is_kept_in_cart_rules_and_refused_in_segments(string type)
    {
        var node = new JsonObject { ["type"] = type, ["external"] = "5" };
        Assert.Equal(node.ToJsonString(), NeutralCase.Condition(node, FieldScope.Cart).ToJson().GetRawText().Replace(" ", "", StringComparison.Ordinal));
        var errors = new List<PersonalizationPlatform.Http.ProblemError>();
        Assert.Null(ConditionJson.Parse(System.Text.Json.JsonSerializer.SerializeToElement(node), "$", new(_ => null, _ => null), errors));
        Assert.Contains(errors, e => e.Code == "condition.unknownMember");
    }

    [Fact]
    public void A_bundle_counts_with_its_matching_children_and_another_composite_line_once()
    {
        var bundle = new CartInputLine
        {
            Id = "kit",
            Sku = "KIT",
            Type = "bundle",
            Quantity = 2,
            ChildrenCalculated = true,
            Children = [new() { Id = "k1", Sku = "K1", Price = 5, Quantity = 3, Categories = ["sale"] }, new() { Id = "k2", Sku = "K2", Price = 7 }],
        };
        Assert.True(Total(bundle, "quantity", 6));
        Assert.True(Total(bundle, "amount", 30));
        Assert.True(Total(Shirt with { Quantity = 3 }, "quantity", 3));
        Assert.True(Total(Shirt with { Quantity = 3 }, "amount", 120));
        Assert.True(Total(Shirt with { Quantity = 3, RowTotalInclTax = 150 }, "amountInclTax", 150));
    }

    [Fact]
    public void A_missing_attribute_meets_negative_operators_unless_the_shop_says_otherwise()
    {
        var not = new JsonObject { ["type"] = "compare", ["field"] = "item.attributes.brand", ["operator"] = "notEquals", ["value"] = "A" };
        Assert.True(Meets(not.DeepClone().AsObject(), Shirt));
        Assert.False(Meets(not, Shirt, new CartRuleOptions { NegativeOperatorsOnMissingAttributes = false }));
    }

    private static bool Total(CartInputLine line, string measure, decimal value) => Applies(
        NeutralCase.Condition(new JsonObject { ["type"] = "itemsTotal", ["of"] = Is("item.categories", "sale"), ["measure"] = measure, ["operator"] = "equals", ["value"] = value }, FieldScope.Cart), null, line, null);

    private static bool Meets(JsonObject condition, CartInputLine line, CartRuleOptions? options = null) =>
        Applies(null, NeutralCase.Condition(condition, FieldScope.CartLine), line, options);

    private static bool Applies(Condition? condition, Condition? action, CartInputLine line, CartRuleOptions? options)
    {
        var rule = new CartRule(NeutralCase.Id(1), 1, null, "rule", "Rule", CartRuleAction.ByPercent, condition, action) { Amount = 10 };
        var context = new WildCarts(1).Context() with { Options = options ?? CartRuleOptions.Default };
        return CartPricing.Decide(new CartRuleSet([rule]), new CartInput { Currency = "USD", Lines = [line] }, context, false).AppliedRules.Count == 1;
    }

    private static JsonObject Group(string match, params IReadOnlyList<JsonObject> of) => new() { ["type"] = "group", ["match"] = match, ["of"] = new JsonArray([.. of]) };

    private static JsonObject Is(string field, string value, string? scope = null)
    {
        var leaf = new JsonObject { ["type"] = "compare", ["field"] = field, ["operator"] = "equals", ["value"] = value };
        if (scope is not null)
            leaf["scope"] = scope;
        return leaf;
    }
}
