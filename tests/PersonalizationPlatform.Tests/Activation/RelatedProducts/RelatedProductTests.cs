using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.RelatedProducts;

/// <summary>Related products, up-sells and cross-sells as a shop uses them.</summary>
public sealed class RelatedProductTests(PlatformServer server) : IAsyncLifetime
{
    private readonly PlatformHost host = new(server);

    public async ValueTask InitializeAsync()
    {
        await host.InitializeAsync();
        await host.ProductsAsync(
            """{ "sku": "A", "name": "A", "price": 10, "attributes": { "brand": "x" }, "related": ["D", "OFF", "A", "NONE", "C"], "crossSells": ["E", "B"] }""",
            """{ "sku": "B", "name": "B", "price": 20, "attributes": { "brand": "x" }, "crossSells": ["F", "A"] }""",
            """{ "sku": "C", "name": "C", "price": 30, "attributes": { "brand": "y" } }""",
            """{ "sku": "D", "name": "D", "price": 40, "attributes": { "brand": "y" } }""",
            """{ "sku": "E", "name": "E", "price": 50 }""",
            """{ "sku": "F", "name": "F", "price": 60 }""",
            """{ "sku": "OFF", "name": "Off", "price": 10, "status": "disabled" }""",
            """{ "sku": "HIDDEN", "name": "Hidden", "price": 10, "visibility": "none" }""",
            """{ "sku": "SOLD", "name": "Sold out", "price": 10, "stock": { "inStock": false } }""",
            """{ "sku": "AWAY", "name": "Away", "price": 10, "websites": ["elsewhere"] }""");
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Selected_products_come_first_and_nothing_that_cannot_be_shown_comes_at_all()
    {
        await RuleAsync("""{ "name": "All", "applyTo": "related" }""");
        var list = await ListAsync("""{ "product": "A" }""");
        Assert.Equal("D C B E F", Skus(list));
        Assert.Equal("selected selected rule rule rule", string.Join(' ', list["items"]!.AsArray().Select(item => (string)item!["source"]!)));
        Assert.Equal("D C B E F AWAY", Skus(await ListAsync("""{ "product": "A", "shopper": { "website": "elsewhere" } }""")));
        Assert.Equal("D C", Skus(await ListAsync("""{ "product": "A", "limit": 2 }""")));
        Assert.Equal("B C", Skus(await ListAsync("""{ "product": "A", "config": { "show": "rule_based", "maxPositions": 2 } }""")));
        Assert.Equal("D C", Skus(await ListAsync("""{ "product": "a", "config": { "show": "selected" } }""")));
    }

    [Fact]
    public async Task Cross_sells_go_with_the_whole_cart_and_never_show_what_is_in_it()
    {
        Assert.Equal("E F", Skus(await ListAsync("""{ "list": "crosssell", "cart": { "items": [ { "sku": "A" }, { "sku": "B" } ] } }""", "crosssell")));
        await RuleAsync("""{ "name": "Brand", "applyTo": "crosssell", "display": { "type": "compareWithViewed", "field": "product.attributes.brand", "operator": "equals" } }""");
        Assert.Equal("E B D", Skus(await ListAsync("""{ "list": "crosssell", "cart": { "items": [ { "sku": "A" }, { "sku": "C" } ] } }""", "crosssell")));
        Assert.Equal("E", Skus(await ListAsync("""{ "list": "crosssell", "product": "A", "cart": { "items": [ { "sku": "B" } ] } }""", "crosssell")));
        Assert.Equal("", Skus(await ListAsync("""{ "list": "crosssell" }""", "crosssell")));
    }

    [Fact]
    public async Task The_product_viewed_decides_by_match_and_may_be_described_by_the_caller()
    {
        await RuleAsync(
            """
            { "name": "Beside x", "applyTo": "upsell", "match": { "type": "compare", "field": "product.attributes.brand", "operator": "equals", "value": "X" },
              "display": { "type": "compareWithViewed", "field": "product.price", "operator": "atLeast", "percent": 200 } }
            """);
        Assert.Equal("C D E F", Skus(await ListAsync("""{ "list": "upsell", "product": { "sku": "NEW", "price": 15, "attributes": { "brand": "x" } } }""", "upsell")));
        Assert.Equal("D E F", Skus(await ListAsync("""{ "list": "up-sells", "product": "B" }""", "upsell")));
        Assert.Equal("", Skus(await ListAsync("""{ "list": "upsell", "product": "C" }""", "upsell")));
        Assert.Equal("", Skus(await ListAsync("""{ "list": "upsell", "product": "NOBODY-KNOWS" }""", "upsell")));
    }

    [Fact]
    public async Task A_rule_for_a_segment_shows_after_the_event_that_brings_the_shopper_into_it()
    {
        await host.Admin.PostJsonAsync(
            "/v1/segments", """{ "name": "Viewers", "condition": { "type": "happened", "event": "productPageView", "atLeast": 1, "within": "P7D" } }""", HttpStatusCode.Created);
        var rule = await RuleAsync("""{ "name": "For viewers", "applyTo": "related", "segments": ["viewers"], "display": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "F" } }""");
        const string Asked = """{ "product": "B", "shopper": { "identities": [ { "namespace": "ECID", "id": "device-1" } ] } }""";
        Assert.Equal("", Skus(await ListAsync(Asked, client: host.Browser)));
        var seen = new JsonArray(new JsonObject
        {
            ["eventType"] = "commerce.productViews",
            ["timestamp"] = "2026-06-15T11:59:00Z",
            ["identityMap"] = new JsonObject { ["ECID"] = new JsonArray(new JsonObject { ["id"] = "device-1" }) },
        });
        await host.Browser.PostJsonAsync("/v1/events/storefront", seen.ToJsonString(), HttpStatusCode.Accepted);
        Assert.Equal("F", Skus(await ListAsync(Asked, client: host.Browser)));

        using var optedOut = await host.Browser.SendTextAsync(HttpMethod.Post, "/v1/decisions/related-products", Asked, headers: ("Sec-GPC", "1"));
        Assert.Equal("", Skus((await optedOut.JsonAsync(HttpStatusCode.OK))["lists"]!["related"]!));
        Assert.Equal("", Skus(await ListAsync("""{ "product": "B", "shopper": { "segments": ["viewers"] } }""", client: host.Browser)));
        Assert.Equal("F", Skus(await ListAsync("""{ "product": "B", "shopper": { "segments": ["viewers"] } }""")));
        Assert.Equal("", Skus(await ListAsync("""{ "product": "B", "shopper": { "segments": [] , "identities": [ { "namespace": "ECID", "id": "device-1" } ] } }""")));

        // Where segments and audiences are named, one of each is wanted.
        await RuleAsync("""{ "name": "For both", "applyTo": "upsell", "segments": ["viewers"], "audiences": [ { "external": "A" } ], "display": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "F" } }""");
        foreach (var (named, shown) in ((string, string)[])[(""" "segments": ["viewers"] """, ""), (""" "segments": [], "audiences": ["A"] """, ""), (""" "segments": ["viewers"], "audiences": ["A"] """, "F")])
            Assert.Equal(shown, Skus(await ListAsync($$"""{ "product": "B", "shopper": { {{named}} }, "lists": ["upsell"] }""", "upsell")));

        var segment = await host.Admin.GetJsonAsync("/v1/segments/viewers");
        using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/segments/" + segment["id"], null, headers: ("If-Match", "*"));
        Assert.Contains(rule, (await archived.JsonAsync(HttpStatusCode.OK)).ToJsonString());
        Assert.Equal("", Skus(await ListAsync(Asked, client: host.Browser)));
    }

    [Fact]
    public async Task Seeded_draws_repeat_others_reach_every_match_and_chance_is_not_cached()
    {
        await host.ProductsAsync(Enumerable.Range(0, 60).Select(i => $$"""{ "sku": "R{{i}}", "name": "R", "price": 1, "attributes": { "brand": "many" } }"""));
        await RuleAsync("""{ "name": "Many", "applyTo": "related", "resultLimit": 5, "display": { "type": "compare", "field": "product.attributes.brand", "operator": "equals", "value": "many" } }""");
        foreach (var rotation in new[] { "priorityThenRandom", "weighted_random" })
        {
            var seen = new HashSet<string>();
            for (var seed = 0; seed < 150; seed++)
                seen.UnionWith(Skus(await ListAsync($$"""{ "product": "B", "seed": {{seed}}, "config": { "rotation": "{{rotation}}" } }""")).Split(' '));
            Assert.Equal(60, seen.Count);
            var asked = $$"""{ "product": "B", "seed": 5, "config": { "rotation": "{{rotation}}" } }""";
            Assert.Equal(Skus(await ListAsync(asked)), Skus(await ListAsync(asked)));
            Assert.Equal("2026-06-15T12:00:00+00:00", (string)(await host.Admin.PostJsonAsync("/v1/decisions/related-products", asked))["cacheableUntil"]!);
        }
    }

    [Fact]
    public async Task Changed_products_and_rules_show_in_the_next_answer()
    {
        var id = await RuleAsync("""{ "name": "Y", "applyTo": "related", "display": { "type": "compare", "field": "product.attributes.brand", "operator": "equals", "value": "y" } }""");
        Assert.Equal("C D", Skus(await ListAsync("""{ "product": "B" }""")));
        await host.ProductsAsync("""{ "sku": "E", "name": "E", "price": 50, "attributes": { "brand": "Y" } }""", """{ "sku": "C", "name": "C", "price": 1 }""");
        Assert.Equal("D E", Skus(await ListAsync("""{ "product": "B" }""")));
        await host.DeleteProductAsync("D");
        Assert.Equal("E", Skus(await ListAsync("""{ "product": "B" }""")));
        await host.ArchiveAsync("related-product-rules", id);
        Assert.Equal("", Skus(await ListAsync("""{ "product": "B" }""")));
    }

    [Fact]
    public async Task An_explanation_says_of_every_rule_what_became_of_it()
    {
        await RuleAsync("""{ "name": "Full", "applyTo": "related", "priority": 9 }""");
        await RuleAsync("""{ "name": "Shown", "applyTo": "related", "priority": 1 }""");
        await RuleAsync("""{ "name": "Later", "applyTo": "related", "priority": 0, "fromDate": "2027-01-01" }""");
        await RuleAsync("""{ "name": "Others", "applyTo": "related", "priority": 0, "segments": [ { "external": "5" } ] }""");
        await RuleAsync("""{ "name": "No match", "applyTo": "related", "priority": 0, "match": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "F" } }""");
        await RuleAsync("""{ "name": "Nothing", "applyTo": "related", "priority": 0, "display": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "OFF" } }""");
        const string Asked = """{ "product": "B", "limit": 2 }""";
        var answer = await host.Admin.PostJsonAsync("/v1/decisions/related-products?explain=true", Asked);
        var reasons = answer["lists"]!["related"]!["explanation"]!.AsArray().ToDictionary(rule => (string)rule!["key"]!, rule => (string)rule!["reason"]!);
        Assert.Equal(
            new() { ["full"] = "full", ["shown"] = "shown", ["later"] = "date", ["others"] = "segment", ["no-match"] = "match", ["nothing"] = "nothing" }, reasons);
        var told = await host.Browser.PostJsonAsync("/v1/decisions/related-products?explain=true", Asked);
        Assert.Null(told["lists"]!["related"]!["explanation"]);
    }

    [Theory]
    [InlineData("""{ "name": "R" }""", "json.missingMember", "$.applyTo")]
    [InlineData("""{ "name": "R", "applyTo": "sideways" }""", "json.type", "$.applyTo")]
    [InlineData("""{ "name": "R", "applyTo": "related", "resultLimit": 21 }""", "relatedProductRule.resultLimit", "$.resultLimit")]
    [InlineData("""{ "name": "R", "applyTo": "related", "resultLimit": 0 }""", "relatedProductRule.resultLimit", "$.resultLimit")]
    [InlineData("""{ "name": "R", "applyTo": "related", "segments": ["none"] }""", "relatedProductRule.unknownSegment", "$.segments[0]")]
    [InlineData("""{ "name": "R", "applyTo": "related", "audiences": [5] }""", "relatedProductRule.audiences", "$.audiences[0]")]
    [InlineData("""{ "name": "R", "applyTo": "related", "match": { "type": "compareWithViewed", "field": "product.sku", "operator": "equals" } }""", "condition.notHere", "$.match.type")]
    [InlineData("""{ "name": "R", "applyTo": "related", "display": { "type": "compareWithViewed", "field": "product.sku", "operator": "equals", "percent": 5 } }""", "condition.contradictory", "$.display.percent")]
    [InlineData("""{ "name": "R", "applyTo": "related", "display": { "type": "compareWithViewed", "field": "product.sku", "operator": "equals", "of": "childCategories" } }""", "condition.contradictory", "$.display.of")]
    [InlineData("""{ "name": "R", "applyTo": "related", "display": { "type": "compareWithViewed", "field": "product.price", "operator": "contains" } }""", "condition.unknownWord", "$.display.operator")]
    public async Task A_rule_that_is_not_right_is_refused_where_it_is_wrong(string rule, string code, string path)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/related-product-rules", rule, HttpStatusCode.BadRequest);
        Assert.Contains(problem["errors"]!.AsArray(), error => (string)error!["code"]! == code && (string)error["path"]! == path);
    }

    [Theory]
    [InlineData("""{ "list": "related" }""", "$.product")]
    [InlineData("""{ "product": 5 }""", "$.product")]
    [InlineData("""{ "product": { "sku": "A", "price": "NaN" } }""", "$.product.price")]
    [InlineData("""{ "product": "A", "list": "sideways" }""", "$.list")]
    [InlineData("""{ "product": "A", "limit": -1 }""", "$.limit")]
    [InlineData("""{ "product": "A", "cart": { "items": [ {} ] } }""", "$.cart.items")]
    [InlineData("""{ "product": "A", "config": { "rotation": "round" } }""", "$.config.rotation")]
    public async Task What_cannot_be_meant_is_told_with_its_path(string asked, string path)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/decisions/related-products", asked, HttpStatusCode.BadRequest);
        Assert.Equal(path, (string)problem["errors"]![0]!["path"]!);
    }

    private Task<string> RuleAsync(string rule) => host.RuleAsync("related-product-rules", rule);

    private async Task<JsonNode> ListAsync(string asked, string list = "related", HttpClient? client = null) =>
        (await (client ?? host.Admin).PostJsonAsync("/v1/decisions/related-products", asked))["lists"]![list]!;

    private static string Skus(JsonNode list) => string.Join(' ', list["items"]!.AsArray().Select(item => (string)item!["sku"]!));
}
