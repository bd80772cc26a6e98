using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>What holds for every cart and all rules.</summary>
public sealed class CartPropertyTests
{
    private const int Carts = 4_000;

    [Fact]
    public void Discounts_are_never_negative_and_never_above_the_line_or_the_shipping()
    {
        for (var seed = 0; seed < Carts; seed++)
        {
            var wild = new WildCarts(seed);
            var cart = wild.Cart();
            var outcome = CartPricing.Decide(new CartRuleSet(wild.Rules()), cart, wild.Context(), false);
            var prices = Flat(cart.Lines, 1).ToDictionary(l => l.Line.Id, l => l.Line.Price * l.Quantity);
            Assert.All(outcome.Lines, l => Assert.InRange(l.Discount, 0, prices[l.Id]));
            Assert.All(outcome.Lines, l => Assert.Equal(l.Discount, l.Applied.Sum(a => a.Discount)));
            Assert.All(outcome.Lines, l => Assert.Equal(l.Discount, Math.Round(l.Discount, 2)));
            Assert.InRange(outcome.ShippingDiscount, 0, outcome.ShippingAmount);
            Assert.Equal(outcome.ItemDiscount, outcome.Lines.Sum(l => l.Discount));
            Assert.True(outcome.GrandTotal >= 0, $"seed {seed}");
        }
    }

    [Fact]
    public void The_index_finds_every_rule_that_asking_all_of_them_would_apply()
    {
        var applied = 0;
        for (var seed = 0; seed < Carts; seed++)
        {
            var wild = new WildCarts(seed);
            var (cart, context, rules) = (wild.Cart(), wild.Context(), new CartRuleSet(wild.Rules()));
            var indexed = CartPricing.Decide(rules, cart, context, false);
            Assert.Equal(Picture.Of(CartPricing.Decide(rules, cart, context, false, all: true)), Picture.Of(indexed));
            applied += indexed.AppliedRules.Count;
        }

        Assert.True(applied > Carts, "The carts must meet rules for this to say anything.");
    }

    [Fact]
    public void A_rule_that_cannot_match_changes_nothing()
    {
        for (var seed = 0; seed < Carts; seed++)
        {
            var wild = new WildCarts(seed);
            var (cart, context, rules) = (wild.Cart(), wild.Context(), wild.Rules());
            var before = CartPricing.Decide(new CartRuleSet(rules), cart, context, false);
            var impossible = wild.Rule(99) with
            {
                Priority = 0,
                Number = 0,
                Condition = NeutralCase.Condition(System.Text.Json.Nodes.JsonNode.Parse("""{ "type": "compare", "field": "cart.subtotal", "operator": "atLeast", "value": 1000000 }""")!, FieldScope.Cart),
            };
            Assert.Equal(Picture.Of(before), Picture.Of(CartPricing.Decide(new CartRuleSet([.. rules, impossible]), cart, context, false)));
        }
    }

    [Fact]
    public void A_whole_cart_amount_adds_up_to_the_cent()
    {
        for (var seed = 0; seed < Carts; seed++)
        {
            var random = new Random(seed);
            var cart = new CartInput { Currency = "USD", Lines = [.. Enumerable.Range(0, random.Next(1, 30)).Select(i => Line(i, random))] };
            var amount = random.Next((int)(cart.Lines.Sum(l => l.Price * l.Quantity) * 100) + 1) / 100m;
            var earlier = Plain(1, CartRuleAction.ByPercent) with { Amount = seed % 2 == 0 ? 0 : random.Next(60), Priority = 0 };
            var first = CartPricing.Decide(new CartRuleSet([earlier]), cart, new WildCarts(seed).Context(), false).ItemDiscount;
            amount = Math.Min(amount, cart.Lines.Sum(l => l.Price * l.Quantity) - first);
            var rules = new CartRuleSet([earlier, Plain(2, CartRuleAction.CartFixed) with { Amount = amount, Priority = 1 }]);
            Assert.Equal(first + amount, CartPricing.Decide(rules, cart, new WildCarts(seed).Context(), false).ItemDiscount);
        }
    }

    [Fact]
    public void A_naive_reckoning_of_percent_and_fixed_rules_agrees()
    {
        for (var seed = 0; seed < Carts; seed++)
        {
            var random = new Random(seed);
            var cart = new CartInput { Currency = "USD", Lines = [.. Enumerable.Range(0, random.Next(1, 8)).Select(i => Line(i, random))] };
            var rules = Enumerable.Range(1, random.Next(1, 6)).Select(n => Plain(n, random.Next(2) == 0 ? CartRuleAction.ByPercent : CartRuleAction.ByFixed) with
            {
                Amount = random.Next(0, 4_000) / 100m,
                MaxQty = random.Next(3) == 0 ? random.Next(1, 4) : 0,
                Step = random.Next(3) == 0 ? random.Next(1, 4) : 0,
                Stop = random.Next(6) == 0,
            }).ToList();
            var outcome = CartPricing.Decide(new CartRuleSet(rules), cart, new WildCarts(seed).Context(), false);
            Assert.Equal(Naive(cart.Lines, rules), outcome.Lines.Select(l => l.Discount));
        }
    }

    /// <summary>Written from the reference alone, with fractions of a cent kept by line instead of by the engine's own types.</summary>
    private static decimal[] Naive(IReadOnlyList<CartInputLine> lines, List<CartRule> rules)
    {
        var discount = new decimal[lines.Count];
        var percent = new decimal[lines.Count];
        var gone = new bool[lines.Count];
        var carry = new Dictionary<decimal, decimal>();
        foreach (var rule in rules)
        {
            for (var i = 0; i < lines.Count; i++)
            {
                if (gone[i] || rule.Step > lines[i].Quantity)
                    continue;
                var q = rule.MaxQty > 0 ? Math.Min(lines[i].Quantity, rule.MaxQty) : lines[i].Quantity;
                if (rule.Step > 0)
                    q -= q % rule.Step;
                decimal amount;
                if (rule.Action == CartRuleAction.ByFixed)
                {
                    amount = rule.Amount * q;
                }
                else
                {
                    amount = Math.Max(0, (q * lines[i].Price) - discount[i]) * rule.Amount / 100;
                    percent[i] = Math.Min(100, percent[i] + rule.Amount);
                    var exact = amount + carry.GetValueOrDefault(percent[i]);
                    amount = Math.Max(0, Math.Floor((exact * 100) + 0.5m) / 100);
                    carry[percent[i]] = exact - amount;
                }

                discount[i] = Math.Min(discount[i] + amount, lines[i].Price * lines[i].Quantity);
                gone[i] = rule.Stop;
            }
        }

        return discount;
    }

    private static CartInputLine Line(int number, Random random) =>
        new() { Id = "line-" + number, Sku = "sku-" + number, Price = random.Next(1, 9_000) / 100m, Quantity = random.Next(1, 6) };

    private static CartRule Plain(int number, CartRuleAction action) => new(NeutralCase.Id(number), number, null, "rule-" + number, "Rule " + number, action, null, null);

    private static IEnumerable<(CartInputLine Line, decimal Quantity)> Flat(IEnumerable<CartInputLine> lines, decimal units) =>
        lines.SelectMany(l => Flat(l.Children, l.Quantity * units).Prepend((l.ChildrenCalculated && l.Children.Count > 0 ? l with { Price = 0 } : l, l.Quantity * units)));
}
