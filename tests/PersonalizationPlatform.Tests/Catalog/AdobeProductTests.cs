using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Catalog;

/// <summary>Products in the shape of Adobe Commerce's REST API, as recorded answers have it.</summary>
public sealed class AdobeProductTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Bag = """
        { "id": 6, "sku": "24-MB02", "name": "Fusion Backpack", "attribute_set_id": 15, "price": 59, "status": 1, "visibility": 4, "type_id": "simple",
          "created_at": "2026-01-12 08:11:05", "updated_at": "2026-05-02 16:40:00", "weight": 1.5,
          "extension_attributes": {
            "website_ids": [1, 7],
            "category_links": [ { "position": 0, "category_id": "3" }, { "position": 1, "category_id": "4" } ],
            "stock_item": { "item_id": 6, "product_id": 6, "stock_id": 1, "qty": 100, "is_in_stock": true, "is_qty_decimal": false, "manage_stock": true } },
          "product_links": [
            { "sku": "24-MB02", "link_type": "upsell", "linked_product_sku": "24-MB05", "linked_product_type": "simple", "position": 1 },
            { "sku": "24-MB02", "link_type": "related", "linked_product_sku": "24-WG02", "linked_product_type": "simple", "position": 2 },
            { "sku": "24-MB02", "link_type": "related", "linked_product_sku": "24-UG06", "linked_product_type": "simple", "position": 1 },
            { "sku": "24-MB02", "link_type": "crosssell", "linked_product_sku": "24-UG01", "linked_product_type": "simple", "position": 1 } ],
          "options": [], "media_gallery_entries": [ { "id": 6, "media_type": "image", "file": "/m/b/mb02-gray-0.jpg" } ],
          "tier_prices": [
            { "customer_group_id": 32000, "qty": 5, "value": 50, "extension_attributes": { "website_id": 0 } },
            { "customer_group_id": 2, "qty": 10, "value": 41.3, "extension_attributes": { "percentage_value": 30, "website_id": 1 } } ],
          "custom_attributes": [
            { "attribute_code": "image", "value": "/m/b/mb02-gray-0.jpg" },
            { "attribute_code": "special_price", "value": "49.000000" },
            { "attribute_code": "special_from_date", "value": "2026-06-01 00:00:00" },
            { "attribute_code": "special_to_date", "value": "2026-06-30 00:00:00" },
            { "attribute_code": "tax_class_id", "value": "2" },
            { "attribute_code": "category_ids", "value": ["3", "4", "8"] },
            { "attribute_code": "activity", "value": "8,18,20" },
            { "attribute_code": "gift_message_available", "value": [] } ] }
        """;

    [Fact]
    public async Task A_bare_product_is_understood_whole()
    {
        var read = await host.Admin.PostJsonAsync("/v1/products", Bag);
        Assert.Equal(
            ("24-MB02", "Fusion Backpack", "simple", "enabled", "both", "6", 6L),
            ((string)read["sku"]!, (string)read["name"]!, (string)read["type"]!, (string)read["status"]!, (string)read["visibility"]!, (string)read["externalId"]!, (long)read["number"]!));
        Assert.Equal(["base", "7"], Texts("websites"));
        Assert.Equal((59m, 49m, "2026-06-01", "2026-06-30"), ((decimal)read["price"]!, (decimal)read["specialPrice"]!, (string)read["specialFrom"]!, (string)read["specialTo"]!));
        Assert.Equal(["3", "4", "8"], Texts("categories"));
        Assert.Equal(["24-UG06", "24-WG02"], Texts("related"));
        Assert.Equal(["24-MB05"], Texts("upSells"));
        Assert.Equal(["24-UG01"], Texts("crossSells"));
        Assert.Equal(
            """[{"quantity":5,"price":50},{"website":"base","customerGroup":2,"quantity":10,"percentage":30}]""", read["tierPrices"]!.ToJsonString());
        Assert.Equal("""{"inStock":true,"quantity":100}""", read["stock"]!.ToJsonString());
        Assert.Equal((1.5m, "2"), ((decimal)read["weight"]!, (string)read["taxClass"]!));
        Assert.Equal(
            ["activity", "attribute_set_id", "gift_message_available", "image"], read["attributes"]!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal));
        var live = (await host.Services.GetRequiredService<LiveCatalog>().CurrentAsync(TestContext.Current.CancellationToken)).Find("24-mb02")!;
        Assert.Equal((49m, (decimal?)null), (live.SpecialPriceOn(new(2026, 6, 30))!.Value, live.SpecialPriceOn(new(2026, 7, 1))));
        Assert.Equal(new FieldValue.Number(15), live.Attributes["attribute_set_id"]);

        string[] Texts(string member) => [.. read[member]!.AsArray().Select(text => (string)text!)];
    }

    [Fact]
    public async Task Products_made_of_others_name_them()
    {
        var page = """
            { "items": [
              { "id": 67, "sku": "MH01", "name": "Chaz Hoodie", "attribute_set_id": 9, "status": 1, "visibility": 4, "type_id": "configurable",
                "extension_attributes": { "configurable_product_options": [ { "id": 1, "attribute_id": "93", "label": "Color" } ], "configurable_product_links": [52, 53] } },
              { "id": 52, "sku": "MH01-XS-Black", "name": "Chaz Hoodie-XS-Black", "attribute_set_id": 9, "price": "52.00", "status": 1, "visibility": 1, "type_id": "simple" },
              { "id": 53, "sku": "MH01-S-Black", "name": "Chaz Hoodie-S-Black", "attribute_set_id": 9, "price": 52, "status": 2, "visibility": 1, "type_id": "simple" },
              { "id": 45, "sku": "24-WG080", "name": "Yoga Companion Kit", "price": 0, "status": 1, "visibility": 4, "type_id": "bundle",
                "extension_attributes": { "bundle_product_options": [
                  { "option_id": 1, "title": "Stability Ball", "required": true, "type": "radio", "product_links": [ { "id": "1", "sku": "24-WG081-blue", "qty": 1 }, { "id": "2", "sku": "24-WG082-blue", "qty": 1 } ] },
                  { "option_id": 2, "title": "Foam Brick", "product_links": [ { "id": "4", "sku": "24-WG084", "qty": 1 } ] } ] } },
              { "id": 46, "sku": "24-WG085_Group", "name": "Set of Straps", "status": 1, "visibility": 2, "type_id": "grouped",
                "product_links": [ { "sku": "24-WG085_Group", "link_type": "associated", "linked_product_sku": "24-WG086", "position": 1 },
                                   { "sku": "24-WG085_Group", "link_type": "associated", "linked_product_sku": "24-WG085", "position": 0 } ] },
              { "id": 47, "sku": "gc", "name": "Gift Card", "status": 1, "visibility": 3, "type_id": "giftcard" } ],
              "search_criteria": { "filter_groups": [], "page_size": 6 }, "total_count": 6 }
            """;
        var answer = await host.Admin.PostJsonAsync("/v1/products/bulk", page);
        Assert.Equal((6, 0), ((int)answer["stored"]!, (int)answer["refusedCount"]!));
        var catalogue = await host.Services.GetRequiredService<LiveCatalog>().CurrentAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["MH01-XS-Black", "MH01-S-Black"], catalogue.Find("MH01")!.Children);
        Assert.Equal(["24-WG081-blue", "24-WG082-blue", "24-WG084"], catalogue.Find("24-WG080")!.Children);
        Assert.Equal(["24-WG085", "24-WG086"], catalogue.Find("24-WG085_Group")!.Children);
        Assert.Equal(("giftCard", false, true), (catalogue.Find("gc")!.Type, catalogue.Find("gc")!.Visible, catalogue.Find("gc")!.Enabled));
        Assert.Equal((52m, false, false), (catalogue.Find("MH01-S-Black")!.Price!.Value, catalogue.Find("MH01-S-Black")!.Enabled, catalogue.Find("MH01-S-Black")!.Visible));
        Assert.True(catalogue.Find("24-WG085_Group")!.Visible);
    }

    [Fact]
    public async Task Every_shape_may_stand_on_a_line_and_what_is_wrong_is_told_with_its_place()
    {
        var lines = $$"""
            { "product": {{Bag.ReplaceLineEndings(" ").Replace("24-MB02", "wrapped", StringComparison.Ordinal)}} }
            {"items":[{"sku":"page-1","name":"One","type_id":"simple"},{"sku":"page-2","type_id":"simple"},{"sku":"page-3","name":"Three"}]}
            {"sku":"bare","name":"Bare","price":1}
            {"sku":"wrong","name":"Wrong","price":"a lot","type_id":"simple"}
            {"sku":"nul","name":"N\u0000ul","type_id":"simple"}
            {"sku":"half","name":"half","type_id":"simple","custom_attributes":[{"attribute_code":"x","value":"\ud800"}]}
            {"sku":"late","name":"Late","type_id":"simple","custom_attributes":[{"attribute_code":"special_from_date","value":"someday"}]}
            """;
        using var answer = await host.Admin.PostTextAsync("/v1/products/bulk", lines, "application/x-ndjson");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(4, (int)json["stored"]!);
        Assert.Equal(
            ["2/1 json.missingMember", "4/ json.type", "5/ json.text", "6/ json.text", "7/ product.date"],
            json["refused"]!.AsArray().Select(line => $"{line!["line"]}/{line["item"]} {line["code"]}"));
        Assert.Equal("wrapped", (string)(await host.Admin.GetJsonAsync("/v1/products/wrapped"))["sku"]!);
    }

    [Fact]
    public async Task A_put_takes_it_too_and_the_sku_must_be_that_of_the_address()
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/24-MB02", $$"""{ "product": {{Bag}}, "saveOptions": true }""");
        await put.JsonAsync(HttpStatusCode.OK);
        using var other = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/other", Bag);
        Assert.Equal("product.sku", (string)(await other.JsonAsync(HttpStatusCode.BadRequest))["errors"]![0]!["code"]!);
    }

    [Fact]
    public async Task A_dry_run_of_the_import_tells_and_stores_nothing()
    {
        using var items = JsonDocument.Parse("""[{ "sku": "dry", "name": "Dry", "type_id": "simple" }, { "sku": "", "name": "None", "type_id": "simple" }]""");
        var import = host.Services.GetRequiredService<ProductImport>();
        var answer = await import.ReadAsync(items.RootElement.EnumerateArray(), dryRun: true, TestContext.Current.CancellationToken);
        Assert.Equal((1, 1, 2), (answer.Stored, answer.RefusedCount, answer.Refused.Single().Line));
        await host.Admin.GetJsonAsync("/v1/products/dry", HttpStatusCode.NotFound);
        await import.ReadAsync(items.RootElement.EnumerateArray(), dryRun: false, TestContext.Current.CancellationToken);
        await host.Admin.GetJsonAsync("/v1/products/dry");
    }

    [Fact]
    public async Task A_product_known_by_its_id_takes_its_new_sku_and_the_old_one_is_gone()
    {
        await host.Admin.PostJsonAsync("/v1/products", Simple(9001, "old"));
        await host.Admin.PostJsonAsync("/v1/products", Simple(9002, "kit", "\"configurable_product_links\": [9001]"));
        await host.Admin.PostJsonAsync("/v1/products/bulk", $"{{ \"items\": [ {Simple(9001, "new")} ] }}");
        await host.Admin.GetJsonAsync("/v1/products/old", HttpStatusCode.NotFound);
        Assert.Equal(9001L, (long)(await host.Admin.GetJsonAsync("/v1/products/new"))["number"]!);
        var catalogue = await host.Services.GetRequiredService<LiveCatalog>().CurrentAsync(TestContext.Current.CancellationToken);
        Assert.Null(catalogue.Find("old"));
        Assert.Equal(["new"], catalogue.Find("kit")!.Children);

        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/newer", Simple(9001, "newer"));
        await put.JsonAsync(HttpStatusCode.OK);
        await host.Admin.GetJsonAsync("/v1/products/new", HttpStatusCode.NotFound);
        // A product in our own shape is known by its SKU, whatever else it is called.
        await host.Admin.PostJsonAsync("/v1/products", """{ "sku": "own", "name": "Own", "externalId": "9001" }""");
        await host.Admin.GetJsonAsync("/v1/products/newer");
    }

    [Fact]
    public async Task Products_may_swap_their_skus_and_of_one_id_sent_twice_the_last_counts()
    {
        await host.Admin.PostJsonAsync("/v1/products/bulk", $"{{ \"items\": [ {Simple(9011, "left")}, {Simple(9012, "right")} ] }}");
        await host.Admin.PostJsonAsync("/v1/products/bulk", $"{{ \"items\": [ {Simple(9011, "right")}, {Simple(9012, "left")} ] }}");
        Assert.Equal(("9012", "9011"), ((string)(await host.Admin.GetJsonAsync("/v1/products/left"))["externalId"]!, (string)(await host.Admin.GetJsonAsync("/v1/products/right"))["externalId"]!));
        var catalogue = await host.Services.GetRequiredService<LiveCatalog>().CurrentAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("9012", "9011"), (catalogue.Find("left")!.ExternalId, catalogue.Find("right")!.ExternalId));
        await host.Admin.PostJsonAsync("/v1/products/bulk", $"{{ \"items\": [ {Simple(9013, "first")}, {Simple(9013, "second")} ] }}");
        await host.Admin.GetJsonAsync("/v1/products/first", HttpStatusCode.NotFound);
        await host.Admin.GetJsonAsync("/v1/products/second");
    }

    [Theory]
    [InlineData("\"visibility\": 9", "$.visibility product.visibility")]
    [InlineData("\"visibility\": \"0\"", "$.visibility product.visibility")]
    [InlineData("\"status\": 3", "$.status product.status")]
    public async Task What_adobe_has_no_word_for_is_refused(string member, string expected)
    {
        var refused = await host.Admin.PostJsonAsync("/v1/products", $$"""{ "id": 9021, "sku": "odd", "name": "Odd", "type_id": "simple", {{member}} }""", HttpStatusCode.BadRequest);
        Assert.Equal([expected], refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}"));
    }

    [Theory]
    [InlineData("\"website_ids\": []", "disabled")]
    [InlineData("\"website_ids\": [1]", "enabled")]
    [InlineData("\"stock_item\": { \"qty\": 1 }", "enabled")]
    public async Task A_product_on_no_website_is_shown_nowhere(string extension, string status) =>
        Assert.Equal(status, (string)(await host.Admin.PostJsonAsync("/v1/products", Simple(9031, "site", extension)))["status"]!);

    private static string Simple(int id, string sku, string extension = "") =>
        $$"""{ "id": {{id}}, "sku": "{{sku}}", "name": "{{sku}}", "price": 1, "status": 1, "visibility": 4, "type_id": "simple", "extension_attributes": { {{extension}} } }""";
}
