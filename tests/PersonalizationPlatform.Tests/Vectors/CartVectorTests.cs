using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Activation.CartDecisions;
using PersonalizationPlatform.Tests.Activation.CartRules;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Vectors;

/// <summary>Adobe Commerce's cart rule cases as a shop meets them: the rules are written, the cart is sent, the rules are archived.</summary>
public sealed class CartVectorTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Every_cart_is_decided_as_asserted()
    {
        using (var second = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/websites/second", """{ "number": 2 }"""))
            await second.JsonAsync(HttpStatusCode.OK);
        var differences = new List<string>();
        foreach (var vector in CartVectors.All)
        {
            var rules = new List<JsonNode>();
            foreach (var rule in vector["rules"]!.AsArray())
                rules.Add(await host.Admin.PostJsonAsync("/v1/cart-rules", Rule(rule!).ToJsonString(), HttpStatusCode.Created));
            var answer = await host.Admin.PostJsonAsync("/v1/decisions/cart?explain=true", Request(vector).ToJsonString());
            differences.AddRange(Compare(vector, answer));
            // Without explaining, only rules are asked that the cart may meet.
            differences.AddRange(Compare(vector, await host.Admin.PostJsonAsync("/v1/decisions/cart", Request(vector).ToJsonString())).Select(difference => "unexplained " + difference));
            foreach (var rule in rules)
                await host.ArchiveAsync(rule);
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.Empty((await host.Admin.GetJsonAsync("/v1/cart-rules"))["items"]!.AsArray());
    }

    private static JsonObject Rule(JsonNode rule)
    {
        var id = rule["id"]!.ToString();
        var request = new JsonObject { ["name"] = "Rule " + id, ["externalId"] = id, ["status"] = (bool?)rule["active"] == false ? "paused" : "live" };
        foreach (var (name, value) in rule.AsObject())
        {
            switch (name)
            {
                case "id" or "active":
                    break;
                case "websiteIds":
                    request["websites"] = new JsonArray([.. value!.AsArray().Select(number => JsonValue.Create(Website(number!)))]);
                    break;
                case "customerGroupIds":
                    request["customerGroups"] = value!.DeepClone();
                    break;
                case "conditions":
                    request["condition"] = NeutralCondition.Said(value!);
                    break;
                case "actionConditions":
                    request["actionCondition"] = NeutralCondition.Said(value!);
                    break;
                default:
                    request[name] = value?.DeepClone();
                    break;
            }
        }

        return request;
    }

    private static string Website(JsonNode number) => (int)number == 1 ? "base" : "second";

    private static JsonObject Request(JsonNode vector)
    {
        var cart = vector["cart"]!.AsObject();
        var shopper = new JsonObject
        {
            ["segments"] = cart["segments"]?.DeepClone() ?? new JsonArray(),
            ["audiences"] = cart["audiences"]?.DeepClone() ?? new JsonArray(),
            ["customerGroup"] = cart["customerGroupId"]?.DeepClone(),
            ["customerId"] = cart["customerId"]?.DeepClone(),
            ["website"] = cart["websiteId"]?.DeepClone(),
        };
        var asked = new JsonObject
        {
            ["currency"] = "USD",
            ["items"] = new JsonArray([.. cart["items"]!.AsArray().Select(item => Line(item!))]),
            ["shipping"] = cart["shipping"] is { } shipping ? Shipping(shipping) : null,
        };
        foreach (var name in new[] { "coupons", "address", "paymentMethod", "usage", "categoryParents" })
            asked[name] = cart[name]?.DeepClone();
        return new()
        {
            ["shopper"] = shopper,
            ["cart"] = asked,
            ["at"] = cart["date"]?.DeepClone() ?? "2026-06-15",
            ["options"] = vector["config"]?.DeepClone(),
        };
    }

    private static JsonObject Line(JsonNode item)
    {
        var line = item.DeepClone().AsObject();
        line["quantity"] = line["qty"]?.DeepClone();
        line.Remove("qty");
        if (line["children"] is JsonArray children)
            line["children"] = new JsonArray([.. children.Select(child => Line(child!))]);
        return line;
    }

    private static JsonObject Shipping(JsonNode shipping) => new()
    {
        ["method"] = shipping["method"]?.DeepClone(),
        [(string?)shipping["type"] == "perItem" ? "amountPerItem" : "amount"] = shipping["price"]!.DeepClone(),
        ["discountBasis"] = shipping["discountBasis"]?.DeepClone(),
    };

    private static IEnumerable<string> Compare(JsonNode vector, JsonNode answer)
    {
        var expected = vector["expected"]!;
        var wrong = new List<string>();
        Money("itemDiscount", answer["totals"]!["itemDiscount"]!);
        Money("shippingAmount", answer["shipping"]!["amount"]!);
        Money("shippingDiscount", answer["shipping"]!["discount"]!);
        Money("totalDiscount", answer["totals"]!["totalDiscount"]!);
        Money("subtotal", answer["totals"]!["subtotal"]!);
        Money("grandTotal", answer["totals"]!["grandTotal"]!);
        if ((string?)expected["freeShipping"] is { } free && free != (string?)answer["shipping"]!["free"])
            wrong.Add($"free {answer["shipping"]!["free"]} instead of {free}");
        Rules("appliedRules", expected["appliedRuleIds"], answer["appliedRules"]!);
        foreach (var (id, of) in expected["items"] as JsonObject ?? [])
        {
            var line = answer["items"]!.AsArray().Single(l => (string)l!["id"]! == id)!;
            if ((decimal?)of!["discount"] is { } discount && discount != (decimal)line["discount"]!)
                wrong.Add($"{id}: {line["discount"]} instead of {discount}");
            Rules(id, of["appliedRuleIds"], line["appliedRules"]!);
        }

        if ((decimal?)expected["extra"]?["giftLineTotal"] is { } gift)
            Assert.Equal(gift, (decimal)vector["cart"]!["items"]![1]!["price"]! - (decimal)answer["items"]![1]!["discount"]!);
        if (answer["explanation"] is JsonArray explanation)
            Assert.Equal(vector["rules"]!.AsArray().Count(rule => (bool?)rule!["active"] != false), explanation.Count);
        return wrong.Select(difference => $"{vector["id"]} {vector["title"]}: {difference}");

        void Money(string name, JsonNode actual)
        {
            if ((decimal?)expected[name] is { } wanted && wanted != (decimal)actual)
                wrong.Add($"{name} {actual} instead of {wanted}");
        }

        void Rules(string name, JsonNode? wanted, JsonNode actual)
        {
            if (wanted is null)
                return;
            var ids = string.Join(',', wanted.AsArray().Select(id => id!.ToString()).Order(StringComparer.Ordinal));
            var found = string.Join(',', actual.AsArray().Select(rule => (string)rule!["externalId"]!).Order(StringComparer.Ordinal));
            if (ids != found)
                wrong.Add($"{name}: rules {found} instead of {ids}");
        }
    }
}
