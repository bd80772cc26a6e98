using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Import;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>A thousand rules at once, more of them in the background.</summary>
public sealed class LargeImportTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private ImportWork Work => host.Services.GetRequiredService<ImportWork>();

    [Fact]
    public async Task A_thousand_rules_are_live_when_the_answer_arrives()
    {
        var report = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", Rules(1, 1_000));
        Assert.Equal(1_000, (int)report["totals"]!["salesRules"]!["created"]!);
        Assert.Equal(1_000, report["items"]!.AsArray().Count);
        Assert.Equal("1000", await AppliedAsync("sku-1000"));
        var again = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", Rules(1, 1_000));
        Assert.Equal(1_000, (int)again["totals"]!["salesRules"]!["unchanged"]!);
    }

    [Fact]
    public async Task More_are_worked_off_in_the_background_with_progress()
    {
        using var answer = await host.Admin.PostTextAsync("/v1/import/adobe-commerce", Rules(5_001, 1_500));
        var accepted = await answer.JsonAsync(HttpStatusCode.Accepted);
        var location = answer.Headers.Location!.ToString();
        Assert.Equal("/v1/imports/" + accepted["id"], location);
        Assert.Equal(("queued", 1_500, 0), State(accepted));

        Assert.Equal(ImportWork.PieceSize, await Work.OnceAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("running", 1_500, 500), State(await host.Admin.GetJsonAsync(location)));
        Assert.Equal("5500", await AppliedAsync("sku-5500"));
        Assert.Equal("", await AppliedAsync("sku-6500"));

        while (await Work.OnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }

        var done = await host.Admin.GetJsonAsync(location);
        Assert.Equal(("done", 1_500, 1_500), State(done));
        Assert.Equal(1_500, (int)done["report"]!["totals"]!["salesRules"]!["created"]!);
        Assert.Equal("6500", await AppliedAsync("sku-6500"));
    }

    [Fact]
    public async Task A_node_that_dies_leaves_its_piece_to_another_and_nothing_is_done_twice()
    {
        var accepted = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", Rules(20_001, 1_001), HttpStatusCode.Accepted);
        var imports = host.Services.GetRequiredService<StoredImports>();
        // Taken by somebody who is never heard of again.
        Assert.NotNull(await imports.ClaimAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken));
        Assert.Equal(0, await Work.OnceAsync(TestContext.Current.CancellationToken));
        host.Clock.Advance(TimeSpan.FromMinutes(6));
        var before = await host.Admin.GetJsonAsync("/v1/imports/" + accepted["id"]);
        Assert.Equal(0, (int)before["done"]!);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ =>
        {
            while (await Work.OnceAsync(TestContext.Current.CancellationToken) > 0)
            {
            }
        }));
        var done = await host.Admin.GetJsonAsync("/v1/imports/" + accepted["id"]);
        Assert.Equal(("done", 1_001, 1_001), State(done));
        Assert.Equal(1_001, (int)done["report"]!["totals"]!["salesRules"]!["created"]!);
    }

    [Fact]
    public async Task A_large_trial_reports_and_changes_nothing()
    {
        var accepted = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce?dryRun=true", Rules(40_001, 1_200), HttpStatusCode.Accepted);
        while (await Work.OnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }

        var done = await host.Admin.GetJsonAsync("/v1/imports/" + accepted["id"]);
        Assert.Equal(1_200, (int)done["report"]!["totals"]!["salesRules"]!["created"]!);
        Assert.Equal("", await AppliedAsync("sku-40001"));
    }

    [Fact]
    public async Task Lines_without_an_id_here_are_reported_as_they_are_at_once()
    {
        const string Groups = """{ "id": 1, "code": "General" }""";
        var small = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce?dryRun=true", Body(50_001, 3, "", Groups));
        var large = await WorkedOffAsync(Body(50_001, 1_001, "", Groups));
        Assert.Equal(Totals(small, "customerGroups"), Totals(large, "customerGroups"));
        Assert.Equal(small["items"]![0]!.ToJsonString(), large["items"]![0]!.ToJsonString());
        Assert.Equal(1_001, (int)large["totals"]!["salesRules"]!["created"]!);
    }

    [Fact]
    public async Task A_rule_that_is_refused_holds_up_none_of_the_pieces_after_it()
    {
        static string Broken(int first, int count) => Body(first, count, "", "").Replace(
            "{\"rule_id\":" + (first + 3) + ",", "{\"sort_order\":\"x\",\"rule_id\":" + (first + 3) + ",", StringComparison.Ordinal);
        var large = await WorkedOffAsync(Broken(52_001, 1_001));
        Assert.Equal((1_000, 1), ((int)large["totals"]!["salesRules"]!["created"]!, (int)large["totals"]!["salesRules"]!["refused"]!));
        var small = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", Broken(52_001, 4));
        Assert.Equal(small["items"]![3]!.ToJsonString(), large["items"]![3]!.ToJsonString());
    }

    [Fact]
    public async Task Coupons_in_the_background_are_reported_piece_by_piece()
    {
        var coupons = string.Join(',', Enumerable.Range(1, 5_001).Select(id => $$"""{ "coupon_id": {{id}}, "rule_id": 54001, "code": "BG-{{id}}", "type": 1 }"""));
        var large = await WorkedOffAsync(Body(54_001, 1_001, coupons, ""));
        Assert.Equal(5_001, large["totals"]!["coupons"]!.AsObject().Sum(total => (int)total.Value!));
        Assert.Equal(6_002, large["items"]!.AsArray().Count + (int)large["moreItems"]!);
    }

    [Fact]
    public async Task A_large_trial_that_names_an_unknown_website_can_be_read()
    {
        var report = await WorkedOffAsync(Elsewhere(Body(56_001, 1_200, "", "")), "?dryRun=true");
        Assert.Equal((1_200, 1), ((int)report["totals"]!["salesRules"]!["created"]!, (int)report["totals"]!["websites"]!["created"]!));
        await host.Admin.GetJsonAsync("/v1/websites/5601", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_import_whose_piece_never_ends_fails_and_still_tells_what_was_done()
    {
        var accepted = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", Body(58_001, 1_001, "", """{ "id": 1, "code": "General" }"""), HttpStatusCode.Accepted);
        Assert.Equal(1, await Work.OnceAsync(TestContext.Current.CancellationToken));
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.NotNull(await host.Services.GetRequiredService<StoredImports>().ClaimAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken));
            host.Clock.Advance(TimeSpan.FromMinutes(6));
        }

        Assert.Equal(1, await Work.OnceAsync(TestContext.Current.CancellationToken));
        var failed = await host.Admin.GetJsonAsync("/v1/imports/" + accepted["id"]);
        Assert.Equal(("failed", 1_002, 1), State(failed));
        Assert.Equal(("import.failed", 1), ((string)failed["failure"]!, (int)failed["report"]!["totals"]!["customerGroups"]!["unchanged"]!));
    }

    /// <summary>The last of the rules, on a website nobody has described.</summary>
    private static string Elsewhere(string body) => body.Insert(body.LastIndexOf("[1]}", StringComparison.Ordinal) + 1, "560");

    private static string Body(int first, int count, string coupons, string groups) => $$"""
        { "customerGroups": [ {{groups}} ], "salesRules": [ {{string.Join(',', Enumerable.Range(first, count).Select(Plain))}} ], "coupons": [ {{coupons}} ] }
        """;

    private static string Plain(int id) => "{\"rule_id\":" + id + """
        ,"name":"R","is_active":false,"simple_action":"by_percent","discount_amount":10,"coupon_type":"NO_COUPON","customer_group_ids":[0],"website_ids":[1]}
        """;

    private static string Totals(JsonNode report, string part) => report["totals"]![part]!.ToJsonString();

    private async Task<JsonNode> WorkedOffAsync(string body, string query = "")
    {
        var accepted = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce" + query, body, HttpStatusCode.Accepted);
        while (await Work.OnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }

        var done = await host.Admin.GetJsonAsync("/v1/imports/" + accepted["id"]);
        Assert.Equal(("done", (int)accepted["total"]!, (int)accepted["total"]!), State(done));
        return done["report"]!;
    }

    private static (string, int, int) State(JsonNode import) => ((string)import["status"]!, (int)import["total"]!, (int)import["done"]!);

    /// <summary>Rules that each discount one SKU; the coupons of two of them beside.</summary>
    private static string Rules(int first, int count) => new JsonObject
    {
        ["salesRules"] = new JsonObject
        {
            ["items"] = new JsonArray([.. Enumerable.Range(first, count).Select(id =>
                AdobeCase.Rule(JsonNode.Parse($$"""
                    { "id": {{id}}, "action": "by_percent", "amount": 10,
                      "actionConditions": { "type": "combine", "aggregator": "all", "value": true, "conditions": [ { "type": "product", "attribute": "sku", "operator": "==", "value": "sku-{{id}}" } ] } }
                    """)!))]),
        },
    }.ToJsonString();

    private async Task<string> AppliedAsync(string sku)
    {
        var answer = await host.Admin.PostJsonAsync("/v1/decisions/cart", $$"""
            { "shopper": {}, "cart": { "currency": "USD", "items": [ { "id": "a", "sku": "{{sku}}", "price": 10, "quantity": 1 } ] } }
            """);
        return string.Join(',', answer["appliedRules"]!.AsArray().Select(rule => (string)rule!["externalId"]!));
    }
}
