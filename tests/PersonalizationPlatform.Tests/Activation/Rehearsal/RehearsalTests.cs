using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Rehearsal;
using PersonalizationPlatform.Tests.Activation.CartDecisions;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Rehearsal;

/// <summary>What a rule or block would have done. The clock stands at noon of 15 June 2026.</summary>
public sealed class RehearsalTests(PlatformServer server) : IAsyncLifetime
{
    private const string TenOffBags = """
        "name": "Ten off bags", "action": "by_percent", "amount": 10,
        "actionCondition": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "bags" }
        """;

    private readonly PlatformHost host = new(server);

    public async ValueTask InitializeAsync() => await host.InitializeAsync();

    public async ValueTask DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task A_cart_rule_is_run_over_past_orders_by_day_segment_and_product()
    {
        await host.Admin.PostJsonAsync(
            "/v1/segments", """{ "name": "Regulars", "key": "regulars", "condition": { "type": "happened", "event": "orderPlaced", "atLeast": 1 } }""", HttpStatusCode.Created);
        await OrderAsync("o1", "ann", 3, ("bag", 2, 80m, "bags"), ("mug", 1, 10m, "home"));
        await OrderAsync("o2", "ann", 2, ("bag", 1, 40m, "bags"));
        await OrderAsync("o3", "ben", 2, ("mug", 4, 40m, "home"));
        await OrderAsync("before", "ben", 40, ("bag", 1, 40m, "bags"));
        await OrderAsync("cancelled", "ben", 1, ("bag", 1, 40m, "bags"));
        await PostAsync("backoffice-cancel", "commerce.backofficeOrderCancelled", "ben", 0.5, """ "order": { "purchaseID": "cancelled" } """, "[]");

        var answer = await RehearseAsync($$"""{ "rule": { {{TenOffBags}} }, "from": "2026-06-01", "to": "2026-06-15" }""");
        var report = answer["report"]!;
        Assert.Equal("done", (string)answer["status"]!);
        Assert.Equal((3, 2, 1), ((int)report["looked"]!, (int)report["matched"]!, (int)report["shoppers"]!));
        Assert.Equal((12m, 130m), ((decimal)report["discount"]!, (decimal)report["revenue"]!));
        Assert.Equal("""{"canceled":1}""", report["leftOut"]!.ToJsonString());
        Assert.Equal(
            ["2026-06-12 1 1 8.0", "2026-06-13 2 1 4.0"],
            report["byDay"]!.AsArray().Select(day => Line(day!, "day")));
        // Ann's second order and Ben's were placed by regulars; Ann was none when she placed her first.
        Assert.Equal(["regulars 2 1 4.0"], report["bySegment"]!.AsArray().Select(segment => Line(segment!, "key")));
        var bag = report["byProduct"]!.AsArray().Single(product => (string)product!["sku"]! == "bag")!;
        Assert.Equal((2, 3m, 12m), ((int)bag["matched"]!, (decimal)bag["quantity"]!, (decimal)bag["discount"]!));
        Assert.Equal(["o1", "o2"], report["examples"]!.AsArray().Select(example => (string)example!["reference"]!).Order());
    }

    [Fact]
    public async Task Beside_the_live_rules_only_what_it_adds_counts_and_nothing_goes_live()
    {
        await host.RuleAsync("""
            "name": "Half", "amount": 50, "priority": 1
            """);
        await OrderAsync("o1", "ann", 1, ("bag", 1, 100m, "bags"));
        var alone = await RehearseAsync($$"""{ "rule": { {{TenOffBags}}, "priority": 2 }, "from": "2026-06-01", "to": "2026-06-15" }""");
        Assert.Equal(10m, (decimal)alone["report"]!["discount"]!);
        var beside = await RehearseAsync($$"""{ "rule": { {{TenOffBags}}, "priority": 2 }, "beside": "live", "from": "2026-06-01", "to": "2026-06-15" }""");
        Assert.Equal(5m, (decimal)beside["report"]!["discount"]!);
        Assert.Single((await host.Admin.GetJsonAsync("/v1/cart-rules"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_coupon_rule_is_run_over_orders_with_its_code_or_over_all_when_a_code_is_assumed()
    {
        await OrderAsync("o1", "ann", 1, "SAVE", ("bag", 1, 100m, "bags"));
        await OrderAsync("o2", "ben", 1, null, ("bag", 1, 100m, "bags"));
        var rule = $$"""{ {{TenOffBags}}, "couponType": "specific", "couponCodes": ["save"] }""";
        var coded = await RehearseAsync($$"""{ "rule": {{rule}}, "from": "2026-06-01", "to": "2026-06-15" }""");
        Assert.Equal((2, 1), ((int)coded["report"]!["looked"]!, (int)coded["report"]!["matched"]!));
        var assumed = await RehearseAsync($$"""{ "rule": {{rule}}, "assumeCoupon": true, "from": "2026-06-01", "to": "2026-06-15" }""");
        Assert.Equal(2, (int)assumed["report"]!["matched"]!);
    }

    [Theory]
    [InlineData("Cancelled")]
    [InlineData("failed")]
    [InlineData("payment_failed")]
    public async Task An_order_that_never_came_to_be_is_left_out_however_its_shop_says_so(string status)
    {
        await OrderAsync("o1", "ann", 2, ("bag", 1, 100m, "bags"));
        await PostAsync("o1-now", "Order Updated", "ann", 1, $$""" "order": { "purchaseID": "o1", "status": "{{status}}" } """, "[]");
        var report = (await RehearseAsync($$"""{ "rule": { {{TenOffBags}} }, "from": "2026-06-01", "to": "2026-06-15" }"""))["report"]!;
        Assert.Equal((0, """{"canceled":1}"""), ((int)report["looked"]!, report["leftOut"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_rule_is_rehearsed_only_on_a_website_it_is_for()
    {
        await host.WebsiteAsync("man");
        await host.WebsiteAsync("woman");
        var request = $$"""{ "rule": { {{TenOffBags}}, "websites": ["man", "woman"] }, "from": "2026-06-01", "to": "2026-06-15" }""";
        Assert.Equal(["$.website rehearsal.otherWebsite"], (await host.Admin.PostJsonAsync("/v1/cart-rules/rehearse", request, HttpStatusCode.BadRequest)).Wrongs());
        var kept = await host.RuleAsync("\"websites\": [\"MAN\"]");
        var rehearsed = $$"""{ "ruleId": "{{kept["id"]}}", "website": "base", "from": "2026-06-01", "to": "2026-06-15" }""";
        Assert.Equal(["$.website rehearsal.otherWebsite"], (await host.Admin.PostJsonAsync("/v1/cart-rules/rehearse", rehearsed, HttpStatusCode.BadRequest)).Wrongs());
        Assert.Equal("done", (string)(await RehearseAsync(request.Replace("\"from\"", "\"website\": \"Man\", \"from\"", StringComparison.Ordinal)))["status"]!);
        // For one website it can only be meant for that.
        Assert.Equal("man", (string)(await RehearseAsync(rehearsed.Replace("\"website\": \"base\", ", "", StringComparison.Ordinal)))["website"]!);
    }

    [Fact]
    public async Task A_block_is_run_over_past_visits()
    {
        await host.Admin.PostJsonAsync(
            "/v1/segments", """{ "name": "Keen", "key": "keen", "condition": { "type": "happened", "event": "pageView", "atLeast": 2 } }""", HttpStatusCode.Created);
        await ViewAsync("v1", "phone", 48);
        await ViewAsync("v2", "phone", 48 - 0.2);
        await ViewAsync("v3", "phone", 24);
        await ViewAsync("v4", "tablet", 24);
        var answer = await host.Admin.PostJsonAsync(
            "/v1/dynamic-blocks/rehearse",
            """{ "block": { "name": "For the keen", "content": "<p>Hi</p>", "segments": ["keen"] }, "from": "2026-06-10", "to": "2026-06-15" }""");
        var report = answer["report"]!;
        Assert.Equal((3, 2, 1, 2), ((int)report["looked"]!, (int)report["matched"]!, (int)report["shoppers"]!, (int)report["views"]!));
        Assert.Equal(["2026-06-13 1 1 ", "2026-06-14 2 1 "], report["byDay"]!.AsArray().Select(day => Line(day!, "day")));
        Assert.Null(report["discount"]);
    }

    [Fact]
    public async Task A_block_shows_in_a_rehearsal_to_those_it_shows_to_in_a_decision()
    {
        await host.Admin.PostJsonAsync(
            "/v1/segments", """{ "name": "Keen", "key": "keen", "condition": { "type": "happened", "event": "pageView", "atLeast": 2 } }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Listed", "key": "listed" }""", HttpStatusCode.Created);
        using var list = await host.Admin.PostTextAsync("/v1/audiences/listed/members", "namespace,id\nECID,listed\nECID,both", "text/csv");
        await list.JsonAsync(HttpStatusCode.OK);
        foreach (var device in new[] { "listed", "keen", "both" })
        {
            await ViewAsync("v1-" + device, device, 24);
            if (device != "listed")
                await ViewAsync("v2-" + device, device, 24 - 0.2);
        }

        foreach (var (members, expected) in new[]
        {
            (""" "segments": ["keen"], "audiences": ["listed"] """, "both"), (""" "segments": ["keen"] """, "keen both"), (""" "audiences": ["listed"] """, "listed both"),
        })
        {
            var block = $$"""{ "name": "x", "content": "x", "key": "x-{{expected.Replace(' ', '-')}}", {{members}} }""";
            Assert.Equal(expected.Split(' ').Length, (int)(await RehearseBlockAsync(block))["report"]!["matched"]!);
            await host.Admin.PostJsonAsync("/v1/dynamic-blocks", block, HttpStatusCode.Created);
            var shown = new List<string>();
            foreach (var device in new[] { "listed", "keen", "both" })
            {
                var decided = await host.Admin.PostJsonAsync("/v1/decisions/dynamic-blocks",
                    $$"""{ "shopper": { "identities": [ { "namespace": "ECID", "id": "{{device}}" } ] }, "placements": ["x-{{expected.Replace(' ', '-')}}"] }""");
                if (decided["placements"]!.AsObject().Single().Value!.AsArray().Count > 0)
                    shown.Add(device);
            }

            Assert.Equal(expected, string.Join(' ', shown));
        }
    }

    [Fact]
    public async Task Product_views_alone_make_a_visit_whatever_else_the_shopper_did_elsewhere()
    {
        await host.WebsiteAsync("eu");
        await ProductViewAsync("p1", "alone", 24);
        await ProductViewAsync("p2", "elsewhere", 24);
        await ViewAsync("v1", "elsewhere", 20);
        await ProductViewAsync("p3", "page", 24);
        await host.BrowseAsync(OnWebsite(Traffic.Event("v2", "web.webpagedetails.pageViews", host.Clock.GetUtcNow().AddHours(-24), "ECID:page")));
        var report = (await RehearseBlockAsync("""{ "name": "x", "content": "x" }""", ", \"website\": \"eu\""))["report"]!;
        // The page of a product that is told of twice is one view.
        Assert.Equal((3, 3, 3, 3), ((int)report["looked"]!, (int)report["matched"]!, (int)report["shoppers"]!, (int)report["views"]!));
        Assert.Equal(3, (int)report["byProduct"]!.AsArray().Single()!["matched"]!);
    }

    [Theory]
    [InlineData("""{ "name": "x" }""", "$.block.content block.content")]
    [InlineData("""{ "name": "", "content": "x" }""", "$.block.name block.name")]
    [InlineData("""{ "name": "x", "template": "liquid", "content": "{% nope %}" }""", "$.block.content block.template")]
    [InlineData("""{ "name": "x", "content": "x", "cartRules": ["nope"] }""", "$.block.cartRules[0] block.unknownCartRule")]
    [InlineData("""{ "name": "x", "content": "x", "segments": ["nope"] }""", "$.block.segments[0] block.unknownSegment")]
    [InlineData("""{ "name": "x", "content": "x", "website": "nowhere" }""", "$.block.website block.unknownWebsite")]
    [InlineData("""{ "name": "x", "content": "x", "key": "header" }""", "$.block.key block.keyIsLocation")]
    [InlineData("""{ "name": "x", "content": "x", "colour": 1 }""", "$.block.colour json.unknownMember")]
    public async Task What_is_wrong_with_a_draft_of_a_block_is_told_with_its_place(string block, string expected)
    {
        var problem = await host.Admin.PostJsonAsync(
            "/v1/dynamic-blocks/rehearse", $$"""{ "block": {{block}}, "from": "2026-06-10", "to": "2026-06-15" }""", HttpStatusCode.BadRequest);
        Assert.Equal([expected], problem.Wrongs());
    }

    [Fact]
    public async Task A_block_is_rehearsed_on_the_website_it_shows_on_and_on_no_other()
    {
        await host.WebsiteAsync("eu");
        await ViewAsync("v1", "phone", 24);
        await ProductViewAsync("p1", "phone", 24);
        const string Block = """{ "name": "x", "content": "x", "website": "eu" }""";
        var answer = await RehearseBlockAsync(Block);
        Assert.Equal(("eu", 1), ((string)answer["website"]!, (int)answer["report"]!["looked"]!));
        Assert.Equal(1, (int)(await RehearseBlockAsync(Block, ", \"website\": \"EU\""))["report"]!["looked"]!);
        var refused = await host.Admin.PostJsonAsync(
            "/v1/dynamic-blocks/rehearse", $$"""{ "block": {{Block}}, "website": "base", "from": "2026-06-10", "to": "2026-06-15" }""", HttpStatusCode.BadRequest);
        Assert.Equal(["$.website rehearsal.otherWebsite"], refused.Wrongs());
    }

    [Fact]
    public async Task A_long_period_is_run_in_the_background_and_tells_its_progress()
    {
        var run = new RehearsalRun
        {
            Id = Guid.CreateVersion7(),
            Kind = RehearsalKind.DynamicBlock,
            From = new(2026, 6, 1),
            To = new(2026, 6, 15),
            Website = "base",
            Request = """{ "segments": [], "audiences": [], "examples": 1 }""",
            CreatedAt = host.Clock.GetUtcNow(),
            // Whoever ran it has died: its lease has run out.
            Status = RehearsalStatus.Running,
            Lease = host.Clock.GetUtcNow().AddMinutes(-1),
        };
        using (var scope = host.Services.CreateScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<PersonalizationPlatform.Database.PlatformDb>();
            db.Add(run);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        await ViewAsync("v1", "phone", 1);
        Assert.Equal("running", (string)(await host.Admin.GetJsonAsync($"/v1/rehearsals/{run.Id}"))["status"]!);
        var rehearsals = host.Services.GetRequiredService<Rehearsals>();
        Assert.True(await rehearsals.RunOnceAsync(TestContext.Current.CancellationToken));
        Assert.False(await rehearsals.RunOnceAsync(TestContext.Current.CancellationToken));
        var done = await host.Admin.GetJsonAsync($"/v1/rehearsals/{run.Id}");
        Assert.Equal(("done", 1m, 1), ((string)done["status"]!, (decimal)done["progress"]!, (int)done["report"]!["matched"]!));
    }

    [Theory]
    [InlineData("""{ "from": "2026-06-01", "to": "2026-06-15" }""", "$.rule rehearsal.what")]
    [InlineData("""{ "rule": { "name": "x", "action": "by_percent", "amount": -1 }, "from": "2026-06-01", "to": "2026-06-15" }""", "$.rule.amount cartRule.amount")]
    [InlineData("""{ "rule": { "name": "x", "action": "by_percent", "colour": 1 }, "from": "2026-06-01", "to": "2026-06-15" }""", "$.rule.colour json.unknownMember")]
    [InlineData("""{ "rule": { "name": "x", "action": "by_percent" }, "from": "2026-06-15", "to": "2026-06-01" }""", "$.to rehearsal.period")]
    [InlineData("""{ "rule": { "name": "x", "action": "by_percent" }, "from": "1950-01-01", "to": "2026-06-01" }""", "$.from rehearsal.period")]
    public async Task What_is_wrong_is_told_with_its_place(string request, string expected)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/cart-rules/rehearse", request, HttpStatusCode.BadRequest);
        Assert.Equal([expected], problem.Wrongs());
    }

    private static string Line(JsonNode row, string name) =>
        FormattableString.Invariant($"{(string)row[name]!} {row["looked"]} {row["matched"]} {(row["discount"] is { } discount ? ((decimal)discount).ToString("0.0", CultureInfo.InvariantCulture) : "")}");

    private Task<JsonNode> RehearseAsync(string request) => host.Admin.PostJsonAsync("/v1/cart-rules/rehearse", request);

    private Task OrderAsync(string number, string customer, double daysAgo, params (string Sku, int Quantity, decimal Total, string Category)[] lines) =>
        OrderAsync(number, customer, daysAgo, null, lines);

    private Task OrderAsync(string number, string customer, double daysAgo, string? coupon, params (string Sku, int Quantity, decimal Total, string Category)[] lines)
    {
        var items = new JsonArray([.. lines.Select(line => (JsonNode)new JsonObject
        {
            ["SKU"] = line.Sku,
            ["quantity"] = line.Quantity,
            ["priceTotal"] = line.Total,
            ["categories"] = new JsonArray(new JsonObject { ["name"] = line.Category }),
        })]);
        var order = new JsonObject { ["purchaseID"] = number, ["currencyCode"] = "USD", ["priceTotal"] = lines.Sum(line => line.Total) };
        var promotion = coupon is null ? "" : $$""", "cart": { "couponCode": "{{coupon}}" }, "promotionID": "{{coupon}}" """;
        if (coupon is not null)
            order["promotionID"] = coupon;
        return PostAsync(number, "commerce.backofficeOrderPlaced", customer, daysAgo, $""" "order": {order.ToJsonString()}{promotion} """, items.ToJsonString());
    }

    private async Task PostAsync(string id, string type, string customer, double daysAgo, string commerce, string items)
    {
        var e = $$"""
            { "_id": "{{id}}", "eventType": "{{type}}", "timestamp": "{{Ago(TimeSpan.FromDays(daysAgo))}}",
              "identityMap": { "CustomerId": [ { "id": "{{customer}}", "primary": true } ] },
              "commerce": { {{commerce}}, "commerceScope": { "websiteCode": "base" } }, "productListItems": {{items}} }
            """;
        await Traffic.PostAsync(host.BackOffice, "back-office", Traffic.Batch(e));
    }

    private Task<JsonNode> RehearseBlockAsync(string block, string more = "") =>
        host.Admin.PostJsonAsync("/v1/dynamic-blocks/rehearse", $$"""{ "block": {{block}}, "from": "2026-06-10", "to": "2026-06-15"{{more}} }""");

    private Task ProductViewAsync(string id, string device, double hoursAgo) =>
        host.BrowseAsync(OnWebsite(Traffic.Event(id, Traffic.View, host.Clock.GetUtcNow() - TimeSpan.FromHours(hoursAgo), "ECID:" + device)));

    private static string OnWebsite(string sent)
    {
        var e = JsonNode.Parse(sent)!;
        e["commerce"] = new JsonObject { ["commerceScope"] = new JsonObject { ["websiteCode"] = "eu" } };
        if ((string)e["eventType"]! == Traffic.View)
            e["productListItems"] = new JsonArray(new JsonObject { ["SKU"] = "bag" });
        return e.ToJsonString();
    }

    private Task ViewAsync(string id, string device, double hoursAgo) =>
        host.BrowseAsync(Traffic.Event(id, "web.webpagedetails.pageViews", host.Clock.GetUtcNow() - TimeSpan.FromHours(hoursAgo), "ECID:" + device));

    private string Ago(TimeSpan ago) => (host.Clock.GetUtcNow() - ago).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
