using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Catalog;

public sealed class ProductTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private ProductCatalogue Catalogue => host.Services.GetRequiredService<ProductCatalogue>();

    [Fact]
    public async Task A_product_is_read_as_it_was_put_and_gone_when_deleted()
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/24-MB01",
            """{ "name": "Duffle Bag", "price": 34.50, "currency": "USD", "categories": ["3", "Gear/Bags"], "attributes": { "color": "Blue", "sizes": ["S", "M"], "weight": 1.2, "eco": true } }""");
        await put.JsonAsync(HttpStatusCode.OK);
        var read = await host.Admin.GetJsonAsync("/v1/products/24-MB01");
        Assert.Equal(34.50m, (decimal)read["price"]!);
        Assert.Equal("Blue", (string)read["attributes"]!["color"]!);
        Assert.Equal("Gear/Bags", (string)read["categories"]![1]!);

        using var deleted = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/products/24-MB01", null);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await host.Admin.GetJsonAsync("/v1/products/24-MB01", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Everything_wrong_with_a_product_is_told_at_once_with_its_path()
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/x", """{ "price": "12", "catgories": [], "currency": "EUR" }""");
        var errors = (await put.JsonAsync(HttpStatusCode.BadRequest))["errors"]!.AsArray().ToDictionary(error => (string)error!["path"]!, error => (string)error!["code"]!);
        Assert.Equal("json.type", errors["$.price"]);
        Assert.Equal("json.unknownMember", errors["$.catgories"]);
        Assert.Equal("json.missingMember", errors["$.name"]);
    }

    [Fact]
    public async Task Good_lines_of_a_bulk_are_kept_and_bad_ones_are_listed()
    {
        var body = """
            {"sku":"b-1","name":"One"}
            {"sku":"b-2"}

            not json
            {"sku":"b-1","name":"One again","categories":["Gear"]}
            {"sku":"b-3","name":"Three","attributes":{"deep":{}}}
            """;
        using var answer = await host.Admin.PostTextAsync("/v1/products/bulk", body, "application/x-ndjson");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(1, (int)json["stored"]!);
        Assert.Equal(3, (int)json["refusedCount"]!);
        Assert.Equal(["2 json.missingMember", "4 json.syntax", "6 product.attribute"], json["refused"]!.AsArray().Select(line => $"{line!["line"]} {line["code"]}"));
        Assert.Equal("One again", (string)(await host.Admin.GetJsonAsync("/v1/products/b-1"))["name"]!);
    }

    [Fact]
    public async Task A_bulk_longer_than_a_batch_is_stored_whole_and_paged_without_gaps()
    {
        using var answer = await host.Admin.PostTextAsync(
            "/v1/products/bulk", string.Join('\n', Enumerable.Range(0, 1201).Select(i => $$"""{"sku":"page-{{i:0000}}","name":"P"}""")), "application/x-ndjson");
        Assert.Equal(1201, (int)(await answer.JsonAsync(HttpStatusCode.OK))["stored"]!);
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await host.Admin.GetJsonAsync("/v1/products?limit=200" + (cursor is null ? "" : "&cursor=" + cursor));
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["sku"]!));
            if ((cursor = (string?)page["nextCursor"]) is null)
                break;
        }

        Assert.Equal(1201, seen.Count(sku => sku.StartsWith("page-", StringComparison.Ordinal)));
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task The_event_road_sees_a_change_made_here_at_once()
    {
        await PutAsync("road", """{ "name": "A", "categories": ["Gear/Bags"], "attributes": { "Color": "Blue" } }""");
        Assert.Equal(["Gear/Bags", "Gear", "Bags"], (await Catalogue.CategoriesAsync(["road", "nothing"], TestContext.Current.CancellationToken)).Single().Value);
        Assert.Equal(new FieldValue.Text("Blue"), (await Catalogue.AttributesAsync(["road"], TestContext.Current.CancellationToken))["road"]["color"]);

        await PutAsync("road", """{ "name": "A", "categories": ["Sale"] }""");
        Assert.Equal(["Sale"], (await Catalogue.CategoriesAsync(["road"], TestContext.Current.CancellationToken))["road"]);
    }

    [Fact]
    public async Task Everything_a_product_says_is_read_as_it_was_put()
    {
        const string Body = """
            { "sku": "full", "name": "Full", "type": "bundle", "status": "disabled", "visibility": "catalog", "websites": ["base", "eu"], "price": 100.10, "specialPrice": 80,
              "specialFrom": "2026-06-01", "specialTo": "2026-06-30",
              "tierPrices": [ { "quantity": 10, "price": 70 }, { "website": "eu", "customerGroup": 2, "quantity": 2.5, "percentage": 12.5 } ],
              "stock": { "inStock": false, "quantity": 3 }, "weight": 1.25, "taxClass": "2", "children": ["a", "b"], "related": ["z", "y"], "upSells": ["x"],
              "crossSells": ["w"], "externalId": "907" }
            """;
        await PutAsync("full", Body);
        var read = await host.Admin.GetJsonAsync("/v1/products/full");
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(Body)!.AsObject())
            Assert.True(System.Text.Json.Nodes.JsonNode.DeepEquals(value, read[name]), $"{name} is {read[name]?.ToJsonString()}");
        Assert.Equal(907, (long)read["number"]!);
        read.AsObject().Remove("sku");
        await PutAsync("full", read.ToJsonString());
    }

    [Fact]
    public async Task A_number_is_that_of_arrival_and_stays_over_updates()
    {
        await PutAsync("arrival-1", """{ "name": "A" }""");
        await PutAsync("arrival-2", """{ "name": "B" }""");
        var first = (long)(await host.Admin.GetJsonAsync("/v1/products/arrival-1"))["number"]!;
        Assert.True((long)(await host.Admin.GetJsonAsync("/v1/products/arrival-2"))["number"]! > first);
        await PutAsync("arrival-1", """{ "name": "A again" }""");
        Assert.Equal(first, (long)(await host.Admin.GetJsonAsync("/v1/products/arrival-1"))["number"]!);
        await PutAsync("arrival-1", """{ "name": "A", "number": 5000000 }""");
        await PutAsync("arrival-1", """{ "name": "A" }""");
        Assert.Equal(5000000, (long)(await host.Admin.GetJsonAsync("/v1/products/arrival-1"))["number"]!);
    }

    [Theory]
    [InlineData("""{ "name": "A", "specialPrice": -1 }""", "$.specialPrice", "product.specialPrice")]
    [InlineData("""{ "name": "A", "price": 10000000000000 }""", "$.price", "product.price")]
    [InlineData("""{ "name": "A", "specialFrom": "2026-06-02", "specialTo": "2026-06-01" }""", "$.specialTo", "product.specialTo")]
    [InlineData("""{ "name": "A", "tierPrices": [ { "quantity": 1, "price": 1, "percentage": 1 } ] }""", "$.tierPrices[0]", "product.tierPrice")]
    [InlineData("""{ "name": "A", "tierPrices": [ { "quantity": 0, "price": 1 } ] }""", "$.tierPrices[0].quantity", "product.tierQuantity")]
    [InlineData("""{ "name": "A", "children": ["x"] }""", "$.children", "product.circle")]
    [InlineData("""{ "name": "A", "related": [""] }""", "$.related[0]", "product.link")]
    [InlineData("""{ "name": "A", "type": "chair" }""", "$.type", "json.type")]
    [InlineData("""{ "name": "A", "specialFrom": "June" }""", "$.specialFrom", "json.type")]
    [InlineData("""{ "name": "A", "stock": { "quantity": "many" } }""", "$.stock.quantity", "json.type")]
    public async Task What_is_wrong_with_a_product_is_told_with_its_path(string body, string path, string code)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/x", body);
        var errors = (await put.JsonAsync(HttpStatusCode.BadRequest))["errors"]!.AsArray();
        Assert.Equal([(path, code)], errors.Select(error => ((string)error!["path"]!, (string)error["code"]!)));
    }

    private async Task PutAsync(string sku, string body)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/" + sku, body);
        await put.JsonAsync(HttpStatusCode.OK);
    }
}
