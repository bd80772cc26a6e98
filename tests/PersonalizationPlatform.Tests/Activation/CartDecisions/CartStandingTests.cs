using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.CartDecisions;

/// <summary>Which segments and audiences count for a cart: at which instant, by which name, and until when.</summary>
public sealed class CartStandingTests(PlatformServer server) : IAsyncLifetime
{
    private const string Shopper = """ "identities": [ { "namespace": "ECID", "id": "phone" } ] """;
    private readonly PlatformHost host = new(server);

    public async ValueTask InitializeAsync() => await host.InitializeAsync();

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Another_instant_asked_about_is_the_instant_of_the_memberships_too()
    {
        await SegmentAsync("week", "P7D");
        await host.RuleAsync(""" "condition": { "type": "inSegment", "segment": "week" } """);
        var now = host.Clock.GetUtcNow();
        await host.BrowseAsync(Traffic.Event("e1", Traffic.View, null, "ECID:phone"));
        Assert.Equal(10m, (await host.Admin.DecideAsync(Shopper)).Discount());
        foreach (var (days, discount) in ((int, decimal)[])[(-20, 0), (-1, 0), (1, 10), (6, 10), (8, 0), (400, 0)])
        {
            var at = now.AddDays(days);
            var decided = await host.Admin.DecideAsync(Shopper, request: $"\"at\": \"{at:O}\"");
            Assert.Equal((days, discount), (days, decided.Discount()));
            Assert.True((DateTimeOffset)decided["cacheableUntil"]! > at, decided["cacheableUntil"]!.ToJsonString());
            // Who may not ask about another instant is told of this one.
            Assert.Equal(10m, (await host.Browser.DecideAsync(Shopper, request: $"\"at\": \"{at:O}\"")).Discount());
        }
    }

    [Fact]
    public async Task A_membership_known_by_external_id_bounds_how_long_an_answer_keeps()
    {
        await host.RuleAsync(""" "condition": { "type": "inSegment", "external": "CU" } """);
        await host.RuleAsync(""" "amount": 20, "condition": { "type": "inAudience", "external": "CA" } """);
        await host.Admin.PostJsonAsync("/v1/products", """{ "sku": "boot", "name": "boot", "price": 80, "currency": "USD" }""");
        await host.Admin.PostJsonAsync("/v1/related-product-rules", """
            { "name": "Boots", "applyTo": "related", "segments": [ { "external": "CU" } ], "audiences": [ { "external": "CA" } ],
              "display": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "boot" } }
            """, HttpStatusCode.Created);
        await SegmentAsync("hour", "PT1H", """ , "externalId": "CU" """);
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "A", "key": "a", "externalId": "CA", "segment": "hour" }""", HttpStatusCode.Created);
        await host.BrowseAsync(Traffic.Event("e1", Traffic.View, null, "ECID:phone"));
        var ends = (DateTimeOffset)(await host.Admin.GetJsonAsync("/v1/shoppers/ECID/phone/segments"))["items"]![0]!["until"]!;
        host.Clock.Advance(ends - host.Clock.GetUtcNow() - TimeSpan.FromMinutes(1));

        var cart = await host.Browser.DecideAsync(Shopper);
        Assert.Equal((28m, ends), (cart.Discount(), (DateTimeOffset)cart["cacheableUntil"]!));
        var related = await host.Browser.PostJsonAsync("/v1/decisions/related-products", $$"""{ "shopper": { {{Shopper}} }, "product": "bag", "list": "related" }""");
        Assert.Equal(ends, (DateTimeOffset)related["cacheableUntil"]!);
        Assert.Equal("boot", (string)related["lists"]!["related"]!["items"]![0]!["sku"]!);
    }

    [Fact]
    public async Task Audiences_of_the_header_count_beside_those_of_the_body()
    {
        foreach (var (key, amount) in ((string, int)[])[("h1", 1), ("h2", 2)])
        {
            await host.Admin.PostJsonAsync("/v1/audiences", $$"""{ "name": "{{key}}", "key": "{{key}}" }""", HttpStatusCode.Created);
            await host.RuleAsync($$""" "action": "by_fixed", "amount": {{amount}}, "condition": { "type": "inAudience", "audience": "{{key}}" } """);
        }

        var server = host.Client(await host.NewKeyAsync("secret", "decide"));
        foreach (var (client, body, discount) in ((HttpClient, string, decimal)[])
            [(host.Admin, "h1", 3), (server, "h1", 3), (host.Browser, "h1", 2), (host.Admin, "", 2), (server, "", 2), (host.Browser, "", 2)])
        {
            using var answer = await client.SendTextAsync(
                HttpMethod.Post, "/v1/decisions/cart", CartShop.Request($$""" "audiences": [{{(body.Length > 0 ? $"\"{body}\"" : "")}}] """, "", ""), headers: ("aep-segments-membership", "h2"));
            Assert.Equal(discount, (await answer.JsonAsync(HttpStatusCode.OK)).Discount());
        }
    }

    private Task<JsonNode> SegmentAsync(string key, string window, string more = "") => host.Admin.PostJsonAsync(
        "/v1/segments",
        $$"""{ "name": "{{key}}", "key": "{{key}}", "condition": { "type": "happened", "event": "productPageView", "atLeast": 1, "within": "{{window}}" }{{more}} }""",
        HttpStatusCode.Created);
}
