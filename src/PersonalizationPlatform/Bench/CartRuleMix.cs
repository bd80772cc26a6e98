using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Bench;

/// <summary>The cart rules of a large shop: of a hundred, 40 are for some products, 20 for a category, 15 for a segment, 10 for a coupon, the rest for all carts.</summary>
internal static class CartRuleMix
{
    public const int Products = 5_000;
    public const int Categories = 100;
    public const int Segments = 40;

    private static readonly Guid[] SegmentIds = [.. Enumerable.Range(0, Segments).Select(i => new Guid(i, 7, 7, [7, 7, 7, 7, 7, 7, 7, 7]))];
    private static readonly ConditionContext Context = new(name => new SegmentId(Guid.Parse(name)), _ => null);

    public static CartRuleSet Rules(int count) => new(Enumerable.Range(0, count).Select(Rule));

    public static Guid Segment(int number) => SegmentIds[number];

    public static Guid RuleId(int number) => new(number, 9, 9, [9, 9, 9, 9, 9, 9, 9, 9]);

    /// <summary>Twenty or so lines of products picked by <paramref name="random"/>.</summary>
    public static CartInput Cart(Random random, int lines) => new()
    {
        Currency = "USD",
        Lines = [.. Enumerable.Range(0, lines).Select(i => Line(random, i))],
        Shipping = new CartInputShipping("flatrate_flatrate", 5, true, null),
        Address = new Address { Country = "US", State = "Texas", PostalCode = "78717" },
        PaymentMethod = "checkmo",
    };

    private static CartInputLine Line(Random random, int number)
    {
        var product = random.Next(Products);
        return new()
        {
            Id = "line-" + number,
            Sku = "sku-" + product,
            Price = 5 + (product % 200) + 0.99m,
            Quantity = 1 + random.Next(6),
            Weight = 0.5m,
            Categories = ["category-" + (product % Categories), "group-" + (product % 10), "all"],
            Attributes = new Dictionary<string, FieldValue> { ["colour"] = new FieldValue.Text(product % 2 == 0 ? "green" : "red"), ["margin"] = new FieldValue.Number(product % 50) },
        };
    }

    private static CartRule Rule(int number)
    {
        var kind = number % 100;
        var skus = string.Join(',', Enumerable.Range(0, 5).Select(i => $"\"sku-{((number * 37) + (i * 911)) % Products}\""));
        var some = kind switch
        {
            < 40 => $$"""{ "type": "group", "match": "all", "of": [ { "type": "compare", "field": "item.sku", "operator": "oneOf", "value": [{{skus}}] } ] }""",
            < 60 => $$"""{ "type": "group", "match": "all", "of": [ { "type": "compare", "field": "item.categories", "operator": "oneOf", "value": ["category-{{number % Categories}}"] }, { "type": "compare", "field": "item.attributes.colour", "operator": "notEquals", "value": "red" } ] }""",
            < 75 => $$"""{ "type": "compare", "field": "item.attributes.margin", "operator": "atLeast", "value": {{number % 50}} }""",
            _ => null,
        };
        var when = kind switch
        {
            >= 60 and < 75 => $$"""{ "type": "inSegment", "segment": "{{SegmentIds[number / 7 % Segments]}}" }""",
            >= 85 and < 90 => $$"""{ "type": "anyItem", "of": { "type": "compare", "field": "item.sku", "operator": "equals", "value": "sku-{{number}}" } }""",
            >= 90 and < 95 => $$"""{ "type": "compare", "field": "cart.subtotal", "operator": "atLeast", "value": {{number * 25}} }""",
            >= 95 => $$"""{ "type": "itemsTotal", "of": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "group-{{number % 10}}" }, "measure": "quantity", "operator": "atLeast", "value": {{25 + (number % 40)}} }""",
            _ => null,
        };
        return new CartRule(
            RuleId(number), number, null, "rule-" + number, "Rule " + number, (CartRuleAction)(number % 4),
            when is null ? null : Read(when, FieldScope.Cart), some is null ? null : Read(some, FieldScope.CartLine))
        {
            Priority = number % 10,
            Amount = (number % 4) == 3 ? 1 : 1 + (number % 15),
            Step = (number % 4) == 3 ? 3 : 0,
            ApplyToShipping = kind % 17 == 0,
            FreeShipping = kind == 93 ? FreeShipping.Items : FreeShipping.None,
            CouponType = kind is >= 75 and < 85 ? CouponType.Specific : CouponType.None,
            Stop = kind == 50,
            Label = "Rule " + number,
        };
    }

    private static Condition Read(string json, FieldScope place)
    {
        var errors = new List<ProblemError>();
        return ConditionJson.Parse(ConditionJson.ReadText(json), "$", Context with { Root = place }, errors)
            ?? throw new BenchException($"A rule of the benchmark cannot be read: {errors[0].Detail}");
    }
}
