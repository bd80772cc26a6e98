using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Activation.CartDecisions;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Decisions;

/// <summary>Blocks, cart and related products in one call, from one reading of the shopper.</summary>
public sealed class CombinedDecisionTests(PlatformServer server) : IAsyncLifetime
{
    private readonly PlatformHost host = new(server);

    public async ValueTask InitializeAsync()
    {
        await host.InitializeAsync();
        await host.Admin.PostJsonAsync(
            "/v1/segments", """{ "name": "Seen", "key": "seen", "condition": { "type": "happened", "event": "productPageView", "atLeast": 1 } }""", HttpStatusCode.Created);
        await ProductAsync("bag", "Bags");
        await ProductAsync("belt", "Belts");
        await ProductAsync("boot", "Shoes");
    }

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Block_discount_and_recommendation_change_together_after_one_event()
    {
        await host.RuleAsync("""
            "name": "Tenth", "key": "tenth", "label": "Tenth", "condition": { "type": "inSegment", "segment": "seen" }
            """);
        await BlockAsync(""" "name": "Seen you", "key": "seen-you", "segments": ["seen"] """);
        await BlockAsync(""" "name": "Tenth off", "key": "tenth-off", "cartRules": ["tenth"] """);
        await RelatedAsync(""" "name": "Boots", "segments": ["seen"], "display": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "boot" } """);
        var before = await DecideAsync();
        Assert.Equal([], Keys(before));
        Assert.Equal((0m, 0), ((decimal)before["cart"]!["totals"]!["totalDiscount"]!, Related(before).Count));

        await host.BrowseAsync(Traffic.Event("e1", Traffic.View, null, "ECID:phone"));
        var after = await DecideAsync();
        Assert.Equal(["seen-you", "tenth-off"], Keys(after));
        Assert.Equal(8m, (decimal)after["cart"]!["totals"]!["totalDiscount"]!);
        Assert.Equal(["boot"], Related(after));
        Assert.Null(after["blocks"]!["placements"]!["header"]![0]!["because"]);
    }

    [Fact]
    public async Task What_an_admin_says_of_the_shopper_and_the_time_holds_for_every_part()
    {
        await host.RuleAsync(""" "name": "Tenth", "key": "tenth", "condition": { "type": "inSegment", "segment": "seen" }, "fromDate": "2030-06-01" """);
        await BlockAsync(""" "name": "Seen you", "key": "seen-you", "segments": ["seen"] """);
        await BlockAsync(""" "name": "Later", "key": "later", "startsAt": "2030-01-01T00:00:00Z" """);
        await BlockAsync(""" "name": "Tenth off", "key": "tenth-off", "cartRules": ["tenth"] """);
        await BlockAsync(""" "name": "Bag week banner", "key": "bag-banner", "catalogRules": ["bag-week"] """, """
            { "name": "Bag week", "key": "bag-week", "action": "by_percent", "amount": 10, "fromDate": "2030-06-01", "toDate": "2030-06-30" }
            """);
        await RelatedAsync(""" "name": "Boots", "segments": ["seen"], "display": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "boot" } """);
        const string Parts = """
            "product": "bag", "blocks": { "placements": ["header"] }, "relatedProducts": { "lists": ["related"] },
            "cart": { "currency": "USD", "items": [ { "id": "1", "sku": "bag", "price": 80, "quantity": 1 } ] }
            """;
        foreach (var (client, shown, discount, related) in ((HttpClient, string, decimal, string)[])[(host.Browser, "", 0, ""), (host.Admin, "bag-banner later seen-you tenth-off", 8, "boot")])
        {
            var answer = await client.PostJsonAsync("/v1/decisions", $$"""{ "shopper": { "segments": ["seen"] }, "at": "2030-06-15", {{Parts}} }""");
            Assert.Equal(shown, string.Join(' ', Keys(answer)));
            Assert.Equal(discount, (decimal)answer["cart"]!["totals"]!["totalDiscount"]!);
            Assert.Equal(related, string.Join(' ', Related(answer)));
            var alone = await client.PostJsonAsync("/v1/decisions/dynamic-blocks", """
                { "shopper": { "segments": ["seen"] }, "at": "2030-06-15T12:00:00Z", "placements": ["header"], "product": { "sku": "bag" },
                  "cart": { "currency": "USD", "items": [ { "id": "1", "sku": "bag", "price": 80, "quantity": 1 } ] } }
                """);
            Assert.Equal(shown, string.Join(' ', alone["placements"]!["header"]!.AsArray().Select(block => (string)block!["key"]!)));
        }
    }

    [Fact]
    public async Task Audiences_in_the_body_stand_beside_those_known_or_for_an_admin_instead_of_them()
    {
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Known", "key": "known", "segment": "seen" }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Told", "key": "told" }""", HttpStatusCode.Created);
        await BlockAsync(""" "name": "For the known", "key": "for-known", "audiences": ["known"] """);
        await BlockAsync(""" "name": "For the told", "key": "for-told", "audiences": ["told"] """);
        await host.BrowseAsync(Traffic.Event("e1", Traffic.View, null, "ECID:phone"));
        var server = host.Client(await host.NewKeyAsync("secret", "decide"));
        foreach (var (client, shown) in ((HttpClient, string)[])[(host.Browser, "for-known"), (server, "for-known for-told"), (host.Admin, "for-told")])
        {
            var answer = await client.PostJsonAsync(
                "/v1/decisions", """{ "shopper": { "identities": [ { "namespace": "ECID", "id": "phone" } ], "audiences": ["told"] }, "blocks": { "placements": ["header"] } }""");
            Assert.Equal(shown, string.Join(' ', Keys(answer)));
        }
    }

    [Fact]
    public async Task A_block_tied_to_a_catalogue_rule_shows_beside_the_products_it_matches()
    {
        await host.Admin.PostJsonAsync(
            "/v1/catalog-rules",
            """
            { "name": "Bag week", "key": "bag-week", "action": "by_percent", "amount": 10,
              "condition": { "type": "compare", "field": "product.categories", "operator": "contains", "value": "bags" } }
            """, HttpStatusCode.Created);
        await BlockAsync(""" "name": "Bag week banner", "key": "bag-banner", "catalogRules": ["bag-week"] """);
        Assert.Equal(["bag-banner"], Keys(await DecideAsync(product: "bag")));
        Assert.Equal([], Keys(await DecideAsync(product: "belt")));
        Assert.Equal([], Keys(await DecideAsync(product: "nothing")));
        // A line without a price costs what the catalogue asks, its rules included.
        Assert.Equal(72m, (decimal)(await DecideAsync())["cart"]!["totals"]!["subtotal"]!);
        var alone = await host.Browser.PostJsonAsync("/v1/decisions/dynamic-blocks", """{ "placements": ["header"], "product": { "sku": "bag" } }""");
        Assert.Equal("bag-banner", (string)alone["placements"]!["header"]![0]!["key"]!);
    }

    [Fact]
    public async Task What_a_line_is_made_of_is_no_cross_sell()
    {
        using (var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/bag", """{ "name": "Bag", "price": 80, "crossSells": ["belt", "boot"] }""", headers: ("If-Match", "*")))
            await put.JsonAsync(HttpStatusCode.OK);
        const string Cart = """ "cart": { "currency": "USD", "items": [ { "id": "1", "sku": "set", "type": "bundle", "price": 5, "quantity": 1, "children": [ { "id": "2", "sku": "belt", "price": 5, "quantity": 1 } ] } ] } """;
        var together = await host.Browser.PostJsonAsync("/v1/decisions", $$"""{ "product": "bag", {{Cart}}, "relatedProducts": { "lists": ["crosssell"] } }""");
        Assert.Equal(["boot"], together["relatedProducts"]!["lists"]!["crosssell"]!["items"]!.AsArray().Select(item => (string)item!["sku"]!));
        var alone = await host.Browser.PostJsonAsync("/v1/decisions/related-products", $$"""{ "product": "bag", {{Cart}}, "list": "crosssell" }""");
        Assert.Equal(["boot"], alone["lists"]!["crosssell"]!["items"]!.AsArray().Select(item => (string)item!["sku"]!));
    }

    [Fact]
    public async Task Parts_not_asked_for_are_not_decided_and_each_part_s_errors_tell_their_place()
    {
        var only = await host.Browser.PostJsonAsync("/v1/decisions", """{ "blocks": { "placements": ["header"] } }""");
        Assert.Null(only["cart"]);
        Assert.Null(only["relatedProducts"]);
        Assert.Equal((string)only["blocks"]!["cacheableUntil"]!, (string)only["cacheableUntil"]!);
        Assert.Equal(["$ decision.nothing"], (await host.Browser.PostJsonAsync("/v1/decisions", "{}", HttpStatusCode.BadRequest)).Wrongs());
        Assert.Equal(
            ["$.blocks.placements decision.placements"],
            (await host.Browser.PostJsonAsync("/v1/decisions", """{ "blocks": { } }""", HttpStatusCode.BadRequest)).Wrongs());
        var cart = await host.Browser.PostJsonAsync(
            "/v1/decisions", """{ "cart": { "items": [ { "id": "1", "sku": "bag", "price": 1, "quantity": 0 } ] } }""", HttpStatusCode.BadRequest);
        Assert.Equal(["$.cart.items[0].quantity cart.quantity"], cart.Wrongs());
        var person = await host.Browser.PostJsonAsync(
            "/v1/decisions", """{ "shopper": { "identities": [ { "namespace": "email", "id": "a@b.c" } ] }, "blocks": { "placements": ["header"] } }""", HttpStatusCode.Forbidden);
        Assert.Equal("decision.personNeedsSecretKey", (string)person["code"]!);
    }

    private Task<JsonNode> DecideAsync(string product = "bag") => host.Browser.PostJsonAsync(
        "/v1/decisions",
        $$"""
        { "shopper": { "identities": [ { "namespace": "ECID", "id": "phone" } ] }, "product": "{{product}}",
          "blocks": { "placements": ["header"] },
          "cart": { "currency": "USD", "items": [ { "id": "1", "sku": "bag", "quantity": 1 } ] },
          "relatedProducts": { "lists": ["related"] } }
        """);

    private static IReadOnlyList<string> Keys(JsonNode answer) =>
        [.. answer["blocks"]!["placements"]!["header"]!.AsArray().Select(block => (string)block!["key"]!)];

    private static IReadOnlyList<string> Related(JsonNode answer) =>
        [.. answer["relatedProducts"]!["lists"]!["related"]!["items"]!.AsArray().Select(item => (string)item!["sku"]!)];

    private async Task BlockAsync(string members, string catalogRule)
    {
        await host.Admin.PostJsonAsync("/v1/catalog-rules", catalogRule, HttpStatusCode.Created);
        await BlockAsync(members);
    }

    private Task BlockAsync(string members) =>
        host.Admin.PostJsonAsync("/v1/dynamic-blocks", $$"""{ "locations": ["header"], "content": "<p>Hi</p>", {{members}} }""", HttpStatusCode.Created);

    private Task RelatedAsync(string members) =>
        host.Admin.PostJsonAsync("/v1/related-product-rules", $$"""{ "applyTo": "related", {{members}} }""", HttpStatusCode.Created);

    private async Task ProductAsync(string sku, string category)
    {
        using var answer = await host.Admin.SendTextAsync(
            HttpMethod.Put, $"/v1/products/{sku}", $$"""{ "name": "{{sku}}", "price": 80, "currency": "USD", "categories": ["{{category}}"] }""");
        await answer.JsonAsync(HttpStatusCode.OK);
    }
}
