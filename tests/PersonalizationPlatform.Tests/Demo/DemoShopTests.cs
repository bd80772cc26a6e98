using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PersonalizationPlatform.Demo;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Demo;

/// <summary>What somebody finds who starts the service for the first time.</summary>
public sealed class DemoShopTests(DemoHost host, PlatformServer server) : IClassFixture<DemoHost>
{
    [Fact]
    public async Task Every_segment_has_some_members_and_not_all_shoppers()
    {
        var population = (int)(await host.Admin.PostJsonAsync("/v1/segments/estimate", """{ "condition": { "type": "group", "match": "all", "of": [] } }"""))["population"]!;
        Assert.InRange(population, 140, 170);
        var segments = (await host.Admin.GetJsonAsync("/v1/segments"))["items"]!.AsArray();
        Assert.True(segments.Count >= 6, $"Only {segments.Count} segments.");
        foreach (var segment in segments)
        {
            var members = await host.Admin.GetJsonAsync($"/v1/segments/{segment!["key"]}/members?limit=200");
            Assert.True((bool)members["filled"]!, $"{segment["key"]} is not filled.");
            Assert.InRange((int)members["count"]!, 5, population / 2);
            Assert.Equal((int)members["count"]!, members["items"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task The_example_customer_sees_blocks_of_their_own_and_the_explanation_says_why()
    {
        var shopper = DemoShop.ExampleCustomer;
        var segments = await host.Admin.GetJsonAsync($"/v1/shoppers/email/{shopper}/segments?explain=true");
        Assert.Contains("hot-bag-lovers", segments["items"]!.AsArray().Select(item => (string)item!["key"]!));
        Assert.Contains(segments["verdicts"]!.AsArray(), verdict => (string)verdict!["key"]! == "hot-bag-lovers" && (bool)verdict["matches"]! && verdict["condition"] is not null);

        var decision = await host.Admin.PostJsonAsync(
            "/v1/decisions/dynamic-blocks",
            $$"""{ "shopper": { "identities": [ { "namespace": "email", "id": "{{shopper}}" } ] }, "placements": ["header", "content", "footer"] }""");
        Assert.Equal("bags-are-waiting", (string)decision["placements"]!["content"]![0]!["key"]!);
        Assert.NotEmpty(decision["placements"]!["header"]!.AsArray());
        Assert.NotEmpty(decision["placements"]!["footer"]!.AsArray());
    }

    [Fact]
    public async Task A_rule_can_be_rehearsed_on_its_orders()
    {
        var today = DateOnly.FromDateTime(host.Clock.GetUtcNow().UtcDateTime);
        var answer = await host.Admin.PostJsonAsync(
            "/v1/cart-rules/rehearse",
            $$"""
            { "rule": { "name": "Ten off bags", "action": "by_percent", "amount": 10,
                "actionCondition": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "Bags" } },
              "from": "{{today.AddDays(-90):yyyy-MM-dd}}", "to": "{{today:yyyy-MM-dd}}" }
            """);
        var report = answer["report"]!;
        Assert.Equal("EUR", (string)report["currency"]!);
        Assert.InRange((int)report["matched"]!, 1, (int)report["looked"]! - 1);
        Assert.True((decimal)report["discount"]! > 0, report.ToJsonString());
    }

    [Fact]
    public async Task The_example_visitor_is_a_window_shopper()
    {
        var segments = await host.Admin.GetJsonAsync($"/v1/shoppers/ECID/{DemoShop.ExampleVisitor}/segments");
        Assert.Contains("window-shoppers", segments["items"]!.AsArray().Select(item => (string)item!["key"]!));
    }

    [Fact]
    public async Task Nothing_of_it_is_refused_and_orders_have_lived()
    {
        Assert.Empty((await host.Admin.GetJsonAsync("/v1/refused-events"))["items"]!.AsArray());
        var statuses = new HashSet<string>();
        foreach (var customer in (await host.Admin.GetJsonAsync("/v1/segments/newsletter-de-at/members?limit=200"))["items"]!.AsArray())
        {
            var email = customer!["identities"]!.AsArray().First(identity => (string)identity!["namespace"]! == "email")!["id"];
            var orders = await host.Admin.GetJsonAsync($"/v1/profiles/email/{email}/orders");
            statuses.UnionWith(orders["items"]!.AsArray().Select(order => (string)order!["status"]!));
        }

        Assert.Superset(new HashSet<string> { "complete", "canceled", "closed" }, statuses);
    }

    [Fact]
    public async Task It_is_not_loaded_twice()
    {
        var before = await CountAsync(host.ConnectionString);
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.Services.GetRequiredService<DemoShop>().EnsureAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, await CountAsync(host.ConnectionString));
    }

    [Fact]
    public async Task It_is_not_loaded_into_a_database_that_is_in_use()
    {
        var connection = await server.CloneAsync();
        await using (var service = await RealService.StartAsync(new Dictionary<string, string?> { ["ConnectionStrings__Platform"] = connection }, "--empty"))
        {
            using var put = await service.Admin.PutAsync(
                "/v1/products/A-1", new StringContent("""{ "name": "Of somebody's own" }""", null, "application/json"), TestContext.Current.CancellationToken);
            put.EnsureSuccessStatusCode();
        }

        await using (var service = await RealService.StartAsync(Loading(connection)))
        {
            Assert.Empty((await service.Admin.GetJsonAsync("/v1/segments"))["items"]!.AsArray());
            Assert.DoesNotContain("demo shop is open", service.Output, StringComparison.Ordinal);
        }

        Assert.Equal(new Counts(0, 1, 0, 0, 0), await CountAsync(connection));
    }

    [Fact]
    public async Task A_start_after_a_killed_one_completes_it()
    {
        var connection = await server.CloneAsync();
        await using (var killed = RealService.Launch(Loading(connection)))
        {
            while (!killed.HasExited && await CountAsync(connection) is not { Events: > 200 })
                await Task.Delay(20, TestContext.Current.CancellationToken);
            await killed.KillAsync();
        }

        var whole = await CountAsync(host.ConnectionString);
        var half = await CountAsync(connection);
        Assert.InRange(half.Events, 200, whole.Events - 1);
        await using var service = await RealService.StartAsync(Loading(connection));
        Assert.Equal(whole, await CountAsync(connection));
    }

    private static Dictionary<string, string?> Loading(string connection) => new() { ["ConnectionStrings__Platform"] = connection, ["Demo__Load"] = "true" };

    private static async Task<Counts> CountAsync(string connectionString)
    {
        await using var database = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await using var counts = database.CreateCommand("""
            select (select count(*) from event), (select count(*) from product), (select count(*) from segment),
                   (select count(*) from dynamic_block), (select count(*) from list_entry e join audience a on a.id = e.audience_id and a.list_version = e.version)
            """);
        await using var reader = await counts.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
    }

    private sealed record Counts(long Events, long Products, long Segments, long Blocks, long ListEntries);
}
