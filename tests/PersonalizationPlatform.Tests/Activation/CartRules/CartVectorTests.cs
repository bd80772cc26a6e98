using System.Text.Json.Nodes;
using PersonalizationPlatform.Activation.CartRules;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>Every case of Adobe Commerce's cart rules, to the cent.</summary>
public sealed class CartVectorTests
{
    private static readonly IReadOnlyList<JsonNode> Vectors = CartVectors.All;

    public static TheoryData<string> Ids() => [.. Vectors.Select(v => (string)v["id"]!)];

    [Fact]
    public void There_are_as_many_cases_as_there_should_be() => Assert.Equal(CartVectors.Count, Vectors.Count);

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_cart_is_decided_as_asserted(string id) => Compare(id, "expected");

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_cart_is_decided_as_an_independent_evaluator_did(string id) => Compare(id, "expectedComputed");

    [Theory]
    [MemberData(nameof(Ids))]
    public void An_explained_decision_is_the_same_decision(string id)
    {
        var vector = Vectors.First(v => (string)v["id"]! == id);
        var plain = NeutralCase.Decide(vector);
        var explained = NeutralCase.Decide(vector, explain: true);
        Assert.Equal(Picture.Of(plain), Picture.Of(explained));
        Assert.Equal(explained.AppliedRules, explained.Explanations!.Where(e => e.Applied).Select(e => e.Rule));
    }

    private static void Compare(string id, string member)
    {
        var vector = Vectors.First(v => (string)v["id"]! == id);
        if (vector[member] is not { } expected)
            return;
        var outcome = NeutralCase.Decide(vector);
        var differences = new List<string>();
        Check("itemDiscount", outcome.ItemDiscount);
        Check("shippingAmount", outcome.ShippingAmount);
        Check("shippingDiscount", outcome.ShippingDiscount);
        Check("totalDiscount", outcome.TotalDiscount);
        Check("subtotal", outcome.Subtotal);
        Check("grandTotal", outcome.GrandTotal);
        if ((string?)expected["freeShipping"] is { } free && !free.Equals(outcome.FreeShipping.ToString(), StringComparison.OrdinalIgnoreCase))
            differences.Add($"freeShipping {outcome.FreeShipping} instead of {free}");
        CheckRules("appliedRuleIds", expected["appliedRuleIds"], outcome.AppliedRules);
        foreach (var (line, of) in expected["items"] as JsonObject ?? [])
        {
            var found = outcome.Lines.Single(l => l.Id == line);
            if ((decimal?)of!["discount"] is { } discount && discount != found.Discount)
                differences.Add($"{line}: {found.Discount} instead of {discount}");
            CheckRules(line, of["appliedRuleIds"], found.Applied.Select(a => a.Rule));
            Assert.Equal(found.Discount, found.Applied.Sum(a => a.Discount));
        }

        if ((decimal?)expected["extra"]?["giftLineTotal"] is { } gift)
            Assert.Equal(gift, (decimal)vector["cart"]!["items"]![1]!["price"]! - outcome.Lines[1].Discount);
        Assert.True(differences.Count == 0, $"{id} {vector["title"]}\n{string.Join('\n', differences)}");

        void Check(string name, decimal actual)
        {
            if ((decimal?)expected[name] is { } wanted && wanted != actual)
                differences.Add($"{name} {actual} instead of {wanted}");
        }

        void CheckRules(string name, JsonNode? wanted, IEnumerable<CartRule> actual)
        {
            if (wanted is null)
                return;
            var ids = string.Join(',', wanted.AsArray().Select(w => (long)w!).Order());
            var found = string.Join(',', actual.Select(r => r.Number).Order());
            if (ids != found)
                differences.Add($"{name}: rules {found} instead of {ids}");
        }
    }
}
