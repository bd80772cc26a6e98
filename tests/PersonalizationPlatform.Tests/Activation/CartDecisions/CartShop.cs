using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.CartDecisions;

/// <summary>Rules and carts of a test, in a line each.</summary>
internal static class CartShop
{
    /// <summary>Creates a rule; what it is like by default is a tenth off everything.</summary>
    public static async Task<JsonNode> RuleAsync(this PlatformHost host, string members = "", HttpStatusCode expected = HttpStatusCode.Created)
    {
        var rule = JsonNode.Parse($$"""{ "name": "Rule", "action": "by_percent", "amount": 10 }""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{ {members} }}")!.AsObject())
            rule[name] = value?.DeepClone();
        return await host.Admin.PostJsonAsync("/v1/cart-rules", rule.ToJsonString(), expected);
    }

    public static async Task ArchiveAsync(this PlatformHost host, JsonNode rule)
    {
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Delete, $"/v1/cart-rules/{rule["id"]}", null, headers: ("If-Match", "*"));
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>Decides a cart of one line of 100 unless said otherwise.</summary>
    public static Task<JsonNode> DecideAsync(
        this HttpClient client, string shopper = "", string cart = "", string request = "", string query = "", HttpStatusCode expected = HttpStatusCode.OK) =>
        client.PostJsonAsync("/v1/decisions/cart" + query, Request(shopper, cart, request), expected);

    public static string Request(string shopper, string cart, string request)
    {
        var asked = JsonNode.Parse($"{{ {request} }}")!.AsObject();
        asked["shopper"] = JsonNode.Parse($"{{ {shopper} }}");
        var basket = JsonNode.Parse("""{ "currency": "USD", "items": [ { "id": "a", "sku": "a", "price": 100, "quantity": 1 } ] }""")!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{ {cart} }}")!.AsObject())
            basket[name] = value?.DeepClone();
        asked["cart"] = basket;
        return asked.ToJsonString();
    }

    public static decimal Discount(this JsonNode answer) => (decimal)answer["totals"]!["totalDiscount"]!;

    /// <summary>Where a problem says something is wrong, and with what code.</summary>
    public static IReadOnlyList<string> Wrongs(this JsonNode problem) =>
        [.. problem["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}")];
}
