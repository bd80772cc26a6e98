using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>Moving a shop's products and categories over.</summary>
public sealed class ImportCatalogueTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Products_that_a_body_names_twice_are_counted_alike_by_a_trial_and_the_real_run()
    {
        static string Product(int id, string sku) => $$"""{ "id": {{id}}, "sku": "{{sku}}", "name": "P", "attribute_set_id": 4, "price": 10, "status": 1, "visibility": 4, "type_id": "simple" }""";
        var many = Enumerable.Range(0, 150).Select(n => Product(77000 + n, $"twice-{n}")).ToList();
        // Known again in the same hundred, in a later one, and by another SKU, whose old one is then free.
        List<string> again = [Product(77149, "twice-149"), Product(77000, "twice-0"), Product(77001, "twice-new"), Product(77999, "twice-1"), """{ "sku": 7 }"""];
        var body = $$"""{ "products": { "items": [ {{string.Join(',', many.Concat(again))}} ] } }""";
        var trial = await ImportAsync(body, "?dryRun=true");
        var real = await ImportAsync(body);
        Assert.Equal((151, 3, 1), (Total(real, "products", "created"), Total(real, "products", "updated"), Total(real, "products", "refused")));
        Assert.Equal(real["totals"]!.ToJsonString(), trial["totals"]!.ToJsonString());
        Assert.Equal(real["items"]!.ToJsonString(), trial["items"]!.ToJsonString());
    }

    [Fact]
    public async Task A_product_whose_sku_was_changed_is_updated_and_what_is_taken_otherwise_is_told()
    {
        static string Body(string product) => $$"""{ "products": { "items": [ { "id": 2033832, "name": "Moved", {{product}} } ] } }""";
        var first = await ImportAsync(Body(""" "sku": "OLD-SKU", "type_id": "simple" """));
        Assert.Equal((1, "2033832"), (Total(first, "products", "created"), (string)first["items"]![0]!["externalId"]!));
        const string Renamed = """ "sku": "NEW-SKU", "type_id": "rental", "extension_attributes": { "website_ids": [] } """;
        var again = await ImportAsync(Body(Renamed));
        Assert.Equal((0, 1), (Total(again, "products", "created"), Total(again, "products", "updated")));
        Assert.Equal(
            ["$.products.items[0].sku product.renamed", "$.products.items[0].type_id product.unknownType", "$.products.items[0].extension_attributes.website_ids product.noWebsite"],
            again["items"]![0]!["notes"]!.AsArray().Select(note => $"{note!["path"]} {note["code"]}"));
        Assert.Equal("SKU changed from OLD-SKU.", (string)again["items"]![0]!["notes"]![0]!["detail"]!);
        await host.Admin.GetJsonAsync("/v1/products/OLD-SKU", HttpStatusCode.NotFound);
        var moved = await host.Admin.GetJsonAsync("/v1/products/NEW-SKU");
        Assert.Equal(("simple", "disabled", 2033832L), ((string)moved["type"]!, (string)moved["status"]!, (long)moved["number"]!));
        var refused = await ImportAsync(Body(""" "sku": "NEW-SKU", "type_id": "simple", "visibility": 9 """));
        Assert.Equal(1, Total(refused, "products", "refused"));
        Assert.Contains("$.visibility", (string)refused["items"]![0]!["notes"]![0]!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Categories_and_products_are_taken_as_the_catalogue_takes_them()
    {
        const string Catalogue = """
            { "categories": { "id": 2, "parent_id": 1, "name": "Shop", "is_active": true, "position": 1, "children_data": [ { "id": 20, "parent_id": 2, "name": "Bags", "is_active": true, "position": 1, "children_data": [] } ] },
              "products": { "items": [
                { "id": 1, "sku": "24-MB01", "name": "Joust Duffle Bag", "attribute_set_id": 15, "price": 34, "status": 1, "visibility": 4, "type_id": "simple",
                  "extension_attributes": { "website_ids": [1], "category_links": [ { "position": 0, "category_id": "20" } ] }, "custom_attributes": [ { "attribute_code": "colour", "value": "49" } ] },
                { "id": 2, "sku": "", "name": "No SKU", "type_id": "simple", "custom_attributes": [] } ] } }
            """;
        var trial = await ImportAsync(Catalogue, "?dryRun=true");
        Assert.Equal((1, 1), (Total(trial, "products", "created"), Total(trial, "products", "refused")));
        Assert.Equal((2, 0), (Total(trial, "categories", "created"), Total(trial, "categories", "updated")));
        using (var none = await host.Admin.GetAsync("/v1/products/24-MB01", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        var report = await ImportAsync(Catalogue);
        Assert.Equal((2, 1, 1), (Total(report, "categories", "created"), Total(report, "products", "created"), Total(report, "products", "refused")));
        Assert.Equal("Joust Duffle Bag", (string)(await host.Admin.GetJsonAsync("/v1/products/24-MB01"))["name"]!);
        var kept = (string)(await host.Admin.GetJsonAsync("/v1/categories/20"))["updatedAt"]!;
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var again = await ImportAsync(Catalogue);
        Assert.Equal((0, 2, 1), (Total(again, "categories", "updated"), Total(again, "categories", "unchanged"), Total(again, "products", "updated")));
        Assert.Equal(kept, (string)(await host.Admin.GetJsonAsync("/v1/categories/20"))["updatedAt"]!);
        var renamed = await ImportAsync(Catalogue.Replace("Bags", "Sacks", StringComparison.Ordinal));
        Assert.Equal((1, 1), (Total(renamed, "categories", "updated"), Total(renamed, "categories", "unchanged")));
    }

    [Fact]
    public async Task A_product_for_a_website_by_number_is_sold_there_however_the_website_is_described_later()
    {
        await host.WebsiteAsync("190", """{ "number": 191 }""");
        static string Product(string sku, int website) => $$"""{ "products": [ { "sku": "{{sku}}", "name": "N", "price": 5, "type_id": "simple", "extension_attributes": { "website_ids": [{{website}}] } } ] }""";
        await ImportAsync(Product("ON-190", 190));
        await ImportAsync(Product("ON-96", 96));
        Assert.Equal("website-190", (string)(await host.Admin.GetJsonAsync("/v1/products/ON-190"))["websites"]![0]!);
        await host.WebsiteAsync("de", """{ "number": 96 }""");
        async Task<bool> SoldAsync(string website, string sku) =>
            (await host.Admin.GetStringAsync("/v1/catalog-prices?website=" + website, TestContext.Current.CancellationToken)).Contains($"\"{sku}\"", StringComparison.Ordinal);
        Assert.Equal((true, true, false), (await SoldAsync("de", "ON-96"), await SoldAsync("96", "ON-96"), await SoldAsync("190", "ON-190")));
        await host.WebsiteAsync("fr", """{ "number": 190 }""");
        Assert.Equal((true, false), (await SoldAsync("fr", "ON-190"), await SoldAsync("190", "ON-190")));
    }

    private Task<JsonNode> ImportAsync(string body, string query = "") => host.Admin.PostJsonAsync("/v1/import/adobe-commerce" + query, body);

    private static int Total(JsonNode report, string part, string outcome) => (int)report["totals"]![part]![outcome]!;
}
