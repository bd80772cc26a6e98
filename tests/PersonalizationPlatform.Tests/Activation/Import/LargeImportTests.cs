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
