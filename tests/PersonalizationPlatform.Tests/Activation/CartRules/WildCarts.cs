using System.Text.Json.Nodes;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>Carts and rules at random, small enough that they meet each other.</summary>
internal sealed class WildCarts(int seed)
{
    private static readonly string[] Skus = ["a", "b", "c", "d", "100", "100.0", "B"];
    private static readonly string[] Categories = ["x", "y", "z"];
    private readonly Random random = new(seed);
    private int _line;

    public CartInput Cart()
    {
        _line = 0;
        return new()
        {
            Currency = "USD",
            Lines = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Line(true))],
            Shipping = random.Next(4) == 0 ? null : new("flat", Cents(2_000), random.Next(2) == 0, null),
            Address = new Address { Country = random.Next(2) == 0 ? "US" : "DE" },
            PaymentMethod = random.Next(2) == 0 ? "card" : null,
        };
    }

    public CartContext Context() => new()
    {
        At = new DateTimeOffset(2026, 6, 15, 12, 0, 0, TimeSpan.Zero),
        Day = new DateOnly(2026, 6, 15),
        Website = WebsiteSettings.Base,
        CustomerGroup = random.Next(3),
        IsCustomer = random.Next(2) == 0,
        Segments = _ => Verdict.False,
        Audiences = _ => Verdict.False,
        ExternalSegments = segment => segment == "1" ? Verdict.True : Verdict.False,
        Coupons = random.Next(3) == 0 ? [new CartCoupon("CODE", NeutralCase.Id(3))] : [],
        Options = new() { ConditionTotalsBasis = random.Next(4) == 0 ? ConditionTotalsBasis.EligibleItems : ConditionTotalsBasis.Cart },
    };

    public List<CartRule> Rules() => [.. Enumerable.Range(1, random.Next(1, 12)).Select(Rule)];

    public CartRule Rule(int number) => new(
        NeutralCase.Id(number), number, null, "rule-" + number, "Rule " + number, (CartRuleAction)random.Next(7),
        random.Next(3) == 0 ? null : NeutralCase.Condition(Tree(CartLeaf, 2), FieldScope.Cart),
        random.Next(3) == 0 ? null : NeutralCase.Condition(Tree(LineLeaf, 2), FieldScope.CartLine))
    {
        Amount = random.Next(4) == 0 ? random.Next(0, 4) : Cents(6_000),
        Priority = random.Next(4),
        Stop = random.Next(5) == 0,
        MaxQty = random.Next(3) == 0 ? random.Next(1, 4) : 0,
        Step = random.Next(3) == 0 ? random.Next(1, 4) : 0,
        ApplyToShipping = random.Next(3) == 0,
        FreeShipping = (FreeShipping)Math.Max(0, random.Next(6) - 3),
        CustomerGroups = random.Next(4) == 0 ? new HashSet<int> { 1, 2 } : new HashSet<int>(),
        CouponType = number == 3 ? CouponType.Specific : CouponType.None,
        GiftSkus = new HashSet<string> { "a" },
        Label = random.Next(2) == 0 ? "Label " + number : null,
        RewardPoints = random.Next(3),
    };

    private CartInputLine Line(bool top)
    {
        var bundle = top && random.Next(4) == 0;
        return new()
        {
            Id = "line-" + _line++,
            Sku = One(Skus),
            Price = Cents(9_000),
            Quantity = random.Next(1, 6),
            Weight = random.Next(3),
            Type = bundle ? "bundle" : random.Next(8) == 0 ? "virtual" : null,
            Categories = [.. Categories.Where(_ => random.Next(3) == 0)],
            Attributes = random.Next(2) == 0 ? new Dictionary<string, FieldValue> { ["size"] = new FieldValue.Text(One("S", "M")) } : new Dictionary<string, FieldValue>(),
            Children = bundle ? [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Line(false))] : [],
            ChildrenCalculated = bundle && random.Next(3) > 0,
            NoDiscount = random.Next(10) == 0,
        };
    }

    private JsonObject Tree(Func<JsonObject> leaf, int depth)
    {
        if (depth == 0 || random.Next(3) == 0)
            return leaf();
        var of = new JsonArray([.. Enumerable.Range(0, random.Next(0, 4)).Select(_ => Tree(leaf, depth - 1))]);
        return new() { ["type"] = "group", ["match"] = One("all", "any", "none", "notAll", "all", "any"), ["of"] = of };
    }

    private JsonObject CartLeaf() => random.Next(6) switch
    {
        0 => Compare(One("cart.subtotal", "cart.subtotalWithDiscount", "cart.quantity", "cart.weight"), One("atLeast", "lessThan"), random.Next(150)),
        1 => Compare("cart.address.country", One("equals", "notEquals"), One("US", "DE", "FR")),
        2 => Compare("cart.paymentMethod", One("equals", "notEquals"), "card"),
        3 => new() { ["type"] = "inSegment", ["external"] = One("1", "2") },
        4 => new() { ["type"] = "anyItem", ["of"] = Tree(LineLeaf, 1) },
        _ => new()
        {
            ["type"] = "itemsTotal",
            ["of"] = Tree(LineLeaf, 1),
            ["measure"] = One("quantity", "amount", "amountInclTax"),
            ["operator"] = One("atLeast", "lessThan", "equals", "greaterThan"),
            ["value"] = random.Next(0, 6),
        },
    };

    private JsonObject LineLeaf()
    {
        var leaf = random.Next(5) switch
        {
            0 => Compare("item.sku", One("equals", "notEquals"), One(Skus)),
            1 => Compare("item.sku", One("oneOf", "notOneOf"), new JsonArray(One(Skus), One(Skus))),
            2 => Compare("item.categories", One("equals", "contains", "notContains"), One(Categories)),
            3 => Compare("item.attributes.size", One("equals", "notEquals"), One("S", "M")),
            _ => Compare("item.price", One("atLeast", "lessThan"), random.Next(90)),
        };
        if (random.Next(5) == 0)
            leaf["scope"] = One("parent", "children");
        return leaf;
    }

    private static JsonObject Compare(string field, string op, JsonNode value) => new() { ["type"] = "compare", ["field"] = field, ["operator"] = op, ["value"] = value };

    private decimal Cents(int below) => random.Next(below) / 100m;

    private string One(params string[] of) => of[random.Next(of.Length)];
}
