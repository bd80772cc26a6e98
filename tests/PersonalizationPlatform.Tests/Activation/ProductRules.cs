using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

/// <summary>Writes rules, products and categories through the doors.</summary>
internal static class ProductRules
{
    public static JsonObject Object(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>Creates a rule and gives its id.</summary>
    public static async Task<string> RuleAsync(this PlatformHost host, string collection, string json) =>
        (string)(await host.Admin.PostJsonAsync("/v1/" + collection, json, HttpStatusCode.Created))["id"]!;

    public static async Task ArchiveAsync(this PlatformHost host, string collection, string id)
    {
        using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, $"/v1/{collection}/{id}", null, headers: ("If-Match", "*"));
        await archived.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>Writes products, none of which may be refused.</summary>
    public static async Task ProductsAsync(this PlatformHost host, params IEnumerable<string> products)
    {
        using var answer = await host.Admin.PostTextAsync("/v1/products/bulk", string.Join('\n', products.Select(product => Object(product).ToJsonString())), "application/x-ndjson");
        var bulk = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.True((long)bulk["refusedCount"]! == 0, bulk.ToJsonString());
    }

    public static async Task DeleteProductAsync(this PlatformHost host, string sku)
    {
        using var deleted = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/products/" + sku, null);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
    }

    public static async Task CategoryAsync(this PlatformHost host, string id, string? parent)
    {
        var category = new JsonObject { ["name"] = "category " + id };
        if (parent is not null)
            category["parentId"] = parent;
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/categories/" + id, category.ToJsonString());
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
