using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.CatalogRules;

/// <summary>Catalogue price rules as a shop uses them.</summary>
public sealed class CatalogRuleTests(PlatformServer server) : IAsyncLifetime
{
    private readonly PlatformHost host = new(server);

    public async ValueTask InitializeAsync()
    {
        await host.InitializeAsync();
        await host.ProductsAsync(
            """{ "sku": "BAG", "name": "Bag", "price": 100, "categories": ["Gear/Bags"], "attributes": { "brand": "Nordsund" } }""",
            """{ "sku": "CAP", "name": "Cap", "price": 20, "specialPrice": 15, "specialFrom": "2026-06-10", "specialTo": "2026-06-15", "categories": ["Gear/Caps"] }""",
            """{ "sku": "SET", "name": "Set", "type": "bundle", "price": 110, "categories": ["Gear/Bags"], "children": ["BAG", "CAP"] }""",
            """{ "sku": "TWO", "name": "Two bags", "type": "bundle", "price": 180, "categories": ["Gear/Bags"], "children": ["BAG"] }""",
            """{ "sku": "MANY", "name": "Many", "price": 10, "tierPrices": [ { "quantity": 1, "customerGroup": 2, "price": 8 }, { "quantity": 5, "percentage": 30 } ] }""",
            """{ "sku": "OFF", "name": "Off", "price": 10, "status": "disabled" }""");
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_rule_changes_prices_at_once_and_until_it_is_paused_or_archived()
    {
        Assert.Null((await PriceAsync("BAG"))["rulePrice"]);
        var id = await RuleAsync("""{ "name": "Tenth off", "action": "by_percent", "amount": 10, "externalId": "7" }""");
        var price = await PriceAsync("BAG");
        Assert.Equal(90m, (decimal)price["rulePrice"]!);
        Assert.Equal(90m, (decimal)price["finalPrice"]!);
        Assert.Equal("7", (string)price["appliedRules"]![0]!["externalId"]!);
        Assert.Equal("USD", (string)price["currency"]!);

        Assert.Equal("paused", (string)(await host.Admin.PostJsonAsync($"/v1/catalog-rules/{id}/pause", ""))["status"]!);
        Assert.Null((await PriceAsync("BAG"))["rulePrice"]);
        Assert.Equal("live", (string)(await host.Admin.PostJsonAsync("/v1/catalog-rules/tenth-off/publish", ""))["status"]!);
        Assert.Equal(90m, (decimal)(await PriceAsync("BAG"))["finalPrice"]!);
        await host.ArchiveAsync("catalog-rules", id);
        Assert.Null((await PriceAsync("BAG"))["rulePrice"]);
        Assert.Empty((await host.Admin.GetJsonAsync("/v1/catalog-rules"))["items"]!.AsArray());
        Assert.Equal("archived", (string)(await host.Admin.GetJsonAsync("/v1/catalog-rules/tenth-off"))["status"]!);
    }

    [Fact]
    public async Task What_is_written_comes_back_and_can_be_written_again()
    {
        var id = await RuleAsync(
            """
            { "name": "Bags", "description": "For June", "websites": ["base"], "customerGroups": [0, 1], "fromDate": "2026-06-01", "toDate": "2026-06-30", "priority": 3,
              "action": "to_fixed", "amount": 59.99, "stop": true, "condition": { "type": "compare", "field": "product.categories", "operator": "contains", "value": "Bags" } }
            """);
        var rule = await host.Admin.GetJsonAsync("/v1/catalog-rules/" + id);
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/catalog-rules/" + id, rule.ToJsonString(), headers: ("If-Match", "\"1\""));
        var again = await put.JsonAsync(HttpStatusCode.OK);
        foreach (var member in new[] { "version", "updatedAt" })
        {
            rule.AsObject().Remove(member);
            again.AsObject().Remove(member);
        }

        Assert.Equal(rule.ToJsonString(), again.ToJsonString());
        Assert.Equal(59.99m, (decimal)(await PriceAsync("BAG"))["finalPrice"]!);
        using var late = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/catalog-rules/" + id, again.ToJsonString(), headers: ("If-Match", "\"1\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
    }

    [Theory]
    [InlineData("""{ "action": "by_percent", "amount": 10 }""", "json.missingMember", "$.name")]
    [InlineData("""{ "name": "R", "action": "by_magic", "amount": 10 }""", "json.type", "$.action")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "amount": -1 }""", "catalogRule.amount", "$.amount")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "amount": 1e20 }""", "catalogRule.amount", "$.amount")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "fromDate": "2026-07-01", "toDate": "2026-06-01" }""", "catalogRule.dates", "$.toDate")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "websites": ["nowhere"] }""", "catalogRule.unknownWebsite", "$.websites[0]")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "customerGroups": [-1] }""", "catalogRule.customerGroups", "$.customerGroups")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "dynamicBlocks": ["none"] }""", "catalogRule.unknownBlock", "$.dynamicBlocks[0]")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "condition": { "type": "inSegment", "segment": "x" } }""", "condition.notHere", "$.condition.type")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "condition": { "type": "compare", "field": "cart.subtotal", "operator": "atLeast", "value": 1 } }""", "condition.notHere", "$.condition.field")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "condition": { "type": "compareWithViewed", "field": "product.price", "operator": "atLeast" } }""", "condition.notHere", "$.condition.type")]
    [InlineData("""{ "name": "R", "action": "by_fixed", "segments": [] }""", "json.unknownMember", "$.segments")]
    public async Task A_rule_that_is_not_right_is_refused_where_it_is_wrong(string rule, string code, string path)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/catalog-rules", rule, HttpStatusCode.BadRequest);
        Assert.Contains(problem["errors"]!.AsArray(), error => (string)error!["code"]! == code && (string)error["path"]! == path);
    }

    [Fact]
    public async Task Websites_groups_and_days_of_the_website_decide_whether_a_rule_applies()
    {
        await RuleAsync("""{ "name": "Wholesale in June", "action": "by_fixed", "amount": 1, "customerGroups": [2], "websites": ["base"], "fromDate": "2026-06-01", "toDate": "2026-06-30" }""");
        Assert.Null((await PriceAsync("BAG"))["rulePrice"]);
        Assert.Equal(99m, (decimal)(await PriceAsync("BAG", 2))["rulePrice"]!);
        Assert.Equal(99m, (decimal)(await PriceAsync("BAG", 2, at: "2026-06-30T23:59:59Z"))["rulePrice"]!);
        Assert.Null((await PriceAsync("BAG", 2, at: "2026-07-01T00:00:00Z"))["rulePrice"]);
        Assert.Equal(99m, (decimal)(await PriceAsync("BAG", 2, at: "2026-06-01"))["rulePrice"]!);
        Assert.Null((await PriceAsync("BAG", 2, at: "2026-05-31"))["rulePrice"]);
        Assert.Null((await PriceAsync("BAG", 2, website: "elsewhere"))["rulePrice"]);
    }

    [Fact]
    public async Task A_missing_attribute_fails_every_operator_and_bundles_need_all_their_children_in_the_category()
    {
        await RuleAsync("""{ "name": "Not ours", "action": "by_fixed", "amount": 1, "condition": { "type": "compare", "field": "product.attributes.brand", "operator": "notEquals", "value": "Ours" } }""");
        Assert.Equal(99m, (decimal)(await PriceAsync("BAG"))["rulePrice"]!);
        Assert.Null((await PriceAsync("CAP"))["rulePrice"]);
        await RuleAsync("""{ "name": "Bags", "action": "by_fixed", "amount": 2, "condition": { "type": "compare", "field": "product.categories", "operator": "contains", "value": "Bags" } }""");
        Assert.Null((await PriceAsync("SET"))["rulePrice"]);
        Assert.Equal(178m, (decimal)(await PriceAsync("TWO"))["rulePrice"]!);
    }

    [Fact]
    public async Task Special_and_tier_prices_hold_for_their_days_groups_and_quantities()
    {
        Assert.Equal(15m, (decimal)(await PriceAsync("CAP"))["finalPrice"]!);
        Assert.Equal(20m, (decimal)(await PriceAsync("CAP", at: "2026-06-16"))["finalPrice"]!);
        Assert.Equal(10m, (decimal)(await PriceAsync("MANY"))["finalPrice"]!);
        Assert.Equal(8m, (decimal)(await PriceAsync("MANY", 2))["finalPrice"]!);
        Assert.Equal(7m, (decimal)(await PriceAsync("MANY", 2, quantity: 5))["finalPrice"]!);
    }

    [Fact]
    public async Task Unknown_products_are_listed_as_such_and_only_admins_may_describe_one()
    {
        const string Asked = """{ "products": ["NONE", { "sku": "BAG", "price": 1 }, "bag"] }""";
        var told = (await host.Browser.PostJsonAsync("/v1/decisions/prices?explain=true", Asked))["products"]!.AsArray();
        Assert.False((bool)told[0]!["known"]!);
        Assert.Equal(100m, (decimal)told[1]!["finalPrice"]!);
        Assert.Equal(100m, (decimal)told[2]!["finalPrice"]!);
        Assert.Null(told[1]!["explanation"]);
        Assert.Equal(1m, (decimal)(await host.Admin.PostJsonAsync("/v1/decisions/prices", Asked))["products"]![1]!["finalPrice"]!);
    }

    [Theory]
    [InlineData("""{ "products": [] }""", "$.products")]
    [InlineData("""{ "products": [5] }""", "$.products[0]")]
    [InlineData("""{ "products": [{ "sku": "BAG", "quantity": 0 }] }""", "$.products[0].quantity")]
    [InlineData("""{ "products": [{ "sku": "BAG", "price": -1 }] }""", "$.products[0].price")]
    [InlineData("""{ "products": [{ "sku": "BAG", "price": "NaN" }] }""", "$.products[0].price")]
    [InlineData("""{ "products": [{ "sku": "BAG", "price": 1e30 }] }""", "$.products[0].price")]
    [InlineData("""{ "products": ["BAG"], "shopper": { "customerGroup": -4 } }""", "$.shopper.customerGroup")]
    [InlineData("""{ "products": ["BAG"], "shopper": { "website": {} } }""", "$.shopper.website")]
    [InlineData("""{ "products": ["BAG"], "at": "soon" }""", "$.at")]
    public async Task What_cannot_be_meant_is_told_with_its_path(string asked, string path)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/decisions/prices", asked, HttpStatusCode.BadRequest);
        Assert.Equal(path, (string)problem["errors"]![0]!["path"]!);
    }

    [Fact]
    public async Task An_explanation_names_every_rule_and_why_it_did_not_apply()
    {
        await RuleAsync("""{ "name": "One", "priority": 1, "action": "by_fixed", "amount": 1, "stop": true }""");
        await RuleAsync("""{ "name": "Two", "priority": 2, "action": "by_fixed", "amount": 1 }""");
        await RuleAsync("""{ "name": "Three", "priority": 0, "action": "by_fixed", "amount": 1, "condition": { "type": "compare", "field": "product.sku", "operator": "equals", "value": "CAP" } }""");
        await RuleAsync("""{ "name": "Four", "priority": 0, "action": "by_fixed", "amount": 1, "customerGroups": [3] }""");
        var answer = await host.Admin.PostJsonAsync("/v1/decisions/prices?explain=true", """{ "products": ["BAG"] }""");
        var reasons = answer["products"]![0]!["explanation"]!.AsArray().ToDictionary(rule => (string)rule!["key"]!, rule => (string)rule!["reason"]!);
        Assert.Equal(new() { ["one"] = "applied", ["two"] = "stopped", ["three"] = "condition", ["four"] = "customerGroup" }, reasons);
    }

    [Fact]
    public async Task The_export_has_a_line_for_every_product_sold_and_says_what_the_decision_says()
    {
        await RuleAsync("""{ "name": "Half", "action": "by_percent", "amount": 50 }""");
        using var export = await host.Admin.GetAsync("/v1/catalog-prices?website=base&customerGroup=0&day=2026-06-15", TestContext.Current.CancellationToken);
        Assert.Equal("application/x-ndjson", export.Content.Headers.ContentType!.MediaType);
        var lines = (await export.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["BAG", "CAP", "SET", "TWO", "MANY"], lines.Select(line => (string)line["sku"]!));
        Assert.Equal([50m, 10m, 55m, 90m, 5m], lines.Select(line => (decimal)line["finalPrice"]!));
        Assert.Equal(lines[0].ToJsonString(), (await host.Admin.GetJsonAsync("/v1/products/BAG/prices")).ToJsonString());
        await host.Admin.GetJsonAsync("/v1/products/NONE/prices", HttpStatusCode.NotFound);
        using var browser = await host.Browser.GetAsync("/v1/catalog-prices", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, browser.StatusCode);
    }

    [Fact]
    public async Task The_export_for_a_website_by_its_number_has_what_is_sold_there()
    {
        await host.WebsiteAsync("numbered", """{ "number": 4711 }""");
        await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/ONLY-NUMBERED", """{ "name": "Only", "price": 5, "websites": ["numbered"] }""");
        try
        {
            foreach (var website in new[] { "numbered", "4711", "NUMBERED" })
                Assert.Contains("ONLY-NUMBERED", await host.Admin.GetStringAsync("/v1/catalog-prices?website=" + website, TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.DoesNotContain("ONLY-NUMBERED", await host.Admin.GetStringAsync("/v1/catalog-prices", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            await host.Admin.DeleteAsync("/v1/products/ONLY-NUMBERED", TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("day=2026-13-01", "day")]
    [InlineData("customerGroup=abc", "customerGroup")]
    public async Task A_value_the_export_cannot_use_is_told(string query, string path)
    {
        var problem = await host.Admin.GetJsonAsync("/v1/catalog-prices?" + query, HttpStatusCode.BadRequest);
        Assert.Equal(("request.invalid", path), ((string)problem["code"]!, (string)problem["errors"]![0]!["path"]!));
    }

    private Task<string> RuleAsync(string rule) => host.RuleAsync("catalog-rules", rule);

    private async Task<JsonNode> PriceAsync(string sku, int group = 0, string? at = null, string website = "base", int quantity = 1)
    {
        var asked = new JsonObject
        {
            ["shopper"] = new JsonObject { ["customerGroup"] = group, ["website"] = website },
            ["products"] = new JsonArray(new JsonObject { ["sku"] = sku, ["quantity"] = quantity }),
            ["at"] = at,
        };
        return (await host.Admin.PostJsonAsync("/v1/decisions/prices", asked.ToJsonString()))["products"]![0]!;
    }
}
