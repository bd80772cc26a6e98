using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>Text that PostgreSQL or .NET cannot hold, and names in addresses, whoever sends them.</summary>
public sealed class UnusableTextTests(ListeningPlatformHost host) : IClassFixture<ListeningPlatformHost>
{
    [Theory]
    [InlineData("decisions/related-products", """{ "product": "\ud800" }""", "$.product")]
    [InlineData("decisions/related-products", """{ "product": { "sku": "a", "attributes": { "\ud800": 1 } } }""", "$.product.attributes")]
    [InlineData("decisions/related-products", """{ "product": "a", "lists": ["\ud800"] }""", "$.lists[0]")]
    [InlineData("decisions/prices", """{ "products": [ { "sku": "a", "categories": ["\ud800"] } ] }""", "$.products[0].categories[0]")]
    [InlineData("decisions", """{ "product": { "sku": "\u0000" }, "relatedProducts": {} }""", "$.product.sku")]
    [InlineData("segments/estimate", """{ "condition": { "type": "compare", "field": "profile.firstName", "operator": "equals", "value": "\ud800" } }""", "$.condition.value")]
    [InlineData("keys", """{ "name": "a\u0000", "kind": "secret", "scopes": ["collect"] }""", "$.name")]
    [InlineData("keys", """{ "name": "a", "kind": "secret", "scopes": ["collect"], "website": "\u0000" }""", "$.website")]
    public async Task Text_that_cannot_be_kept_is_told_with_its_path(string path, string body, string where)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/" + path, body, HttpStatusCode.BadRequest);
        Assert.Equal([$"{where} json.text"], Wrongs(problem));
    }

    [Theory]
    [InlineData("/v1/products/bulk", "/v1/products/line", """{"sku":"line","name":"Line"}""")]
    [InlineData("/v1/categories/bulk", "/v1/categories/line", """{"id":"line","name":"Line"}""")]
    public async Task A_bad_name_in_one_line_loses_none_of_the_others(string path, string kept, string line)
    {
        using var answer = await host.Admin.PostTextAsync(path, """{"\ud800":"x"}""" + "\n" + line, "application/x-ndjson");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(["1 json.text"], json["refused"]!.AsArray().Select(refused => $"{refused!["line"]} {refused["code"]}"));
        await host.Admin.GetJsonAsync(kept);
    }

    [Fact]
    public async Task A_list_names_no_namespace_with_a_nul()
    {
        var list = (string)(await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Nul" }""", HttpStatusCode.Created))["id"]!;
        using var answer = await host.Admin.PostTextAsync(
            $"/v1/audiences/{list}/members", """{"namespace":"lo\u0000yal","id":"1"}""" + "\n" + """{"namespace":"loyal","id":"1"}""", "application/x-ndjson");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal((1, 1), ((int)json["imported"]!, (int)json["refusedCount"]!));
    }

    [Theory]
    [InlineData("cart-rules?externalId=%00", "externalId")]
    [InlineData("catalog-rules?externalId=a%00", "externalId")]
    [InlineData("related-product-rules?externalId=%00", "externalId")]
    [InlineData("categories?parent=%00", "parent")]
    [InlineData("refused-events?code=%00", "code")]
    [InlineData("segments?%00=1", "")]
    public async Task A_query_with_a_nul_is_refused(string path, string name)
    {
        var problem = await host.Admin.GetJsonAsync("/v1/" + path, HttpStatusCode.BadRequest);
        Assert.Equal([$"{name} request.text"], Wrongs(problem));
    }

    [Theory]
    [InlineData("GET", "websites/%20", null)]
    [InlineData("PUT", "websites/%20", "{}")]
    [InlineData("GET", "segments/%0A/members", null)]
    [InlineData("GET", "datastreams/%20", null)]
    [InlineData("GET", "%20/x/versions", null)]
    [InlineData("DELETE", "categories/%20%09", null)]
    [InlineData("DELETE", "products/attributes/%20", null)]
    [InlineData("PUT", "products/%20", """{ "name": "Blank" }""")]
    [InlineData("POST", "coupons/reservations/%20/redeem", """{ "order": "1" }""")]
    public async Task A_blank_name_in_an_address_names_nothing(string method, string path, string? body)
    {
        using var answer = await host.Admin.SendTextAsync(new(method), "/v1/" + path, body, headers: ("If-Match", "*"));
        Assert.Equal("notFound", (string)(await answer.JsonAsync(HttpStatusCode.NotFound))["code"]!);
    }

    [Theory]
    [InlineData("sl/ash", "sl%2Fash")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("a%2fb/c", "a%252fb%2Fc")]
    [InlineData("100% ü/1", "100%25%20%C3%BC%2F1")]
    public async Task A_name_with_a_slash_is_addressed_by_escaping_it(string sku, string escaped)
    {
        await host.Admin.PostJsonAsync("/v1/products", new JsonObject { ["sku"] = sku, ["name"] = "Posted" }.ToJsonString());
        Assert.Equal("Posted", (string)(await host.Admin.GetJsonAsync("/v1/products/" + escaped))["name"]!);
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/" + escaped, """{ "name": "Put" }""");
        Assert.Equal(sku, (string)(await put.JsonAsync(HttpStatusCode.OK))["sku"]!);
        Assert.Equal(sku, (string)(await host.Admin.GetJsonAsync($"/v1/products/{escaped}/prices"))["sku"]!);
        using var deleted = await host.Admin.DeleteAsync("/v1/products/" + escaped, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.DoesNotContain(sku, (await host.Admin.GetJsonAsync("/v1/products?limit=200"))["items"]!.AsArray().Select(product => (string)product!["sku"]!));
    }

    [Fact]
    public async Task Codes_and_carts_with_a_slash_are_addressed_alike_and_a_category_has_none()
    {
        await host.Admin.PostJsonAsync("/v1/cart-rules", """{ "name": "Slash", "action": "by_fixed", "couponType": "specific", "couponCodes": ["A/B"] }""", HttpStatusCode.Created);
        Assert.Equal("A/B", (string)(await host.Admin.GetJsonAsync("/v1/coupons/A%2FB"))["code"]!);
        await host.Admin.PostJsonAsync("/v1/coupons/reservations", """{ "cart": "q/1", "codes": ["a/b"] }""");
        Assert.Equal("redeemed", (string)(await host.Admin.PostJsonAsync("/v1/coupons/reservations/q%2F1/redeem", """{ "order": "o/1" }"""))["state"]!);
        Assert.Equal("released", (string)(await host.Admin.PostJsonAsync("/v1/coupons/reservations/o%2F1/release", "{}"))["state"]!);
        using var category = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/categories/a%2Fb", """{ "name": "A" }""");
        Assert.Equal("$.id", (string)(await category.JsonAsync(HttpStatusCode.BadRequest))["errors"]![0]!["path"]!);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_packed_body_is_refused_as_such_where_none_is_taken(string encoding)
    {
        foreach (var path in new[] { "/v1/segments", "/v1/decisions/cart" })
        {
            using var content = new ByteArrayContent([31, 139, 8]) { Headers = { { "Content-Type", "application/json" }, { "Content-Encoding", encoding } } };
            using var answer = await host.Admin.PostAsync(path, content, TestContext.Current.CancellationToken);
            Assert.Equal("http.contentEncoding", (string)(await answer.JsonAsync(HttpStatusCode.UnsupportedMediaType))["code"]!);
        }
    }

    [Fact]
    public async Task A_refusal_stays_short_however_much_is_wrong()
    {
        var many = string.Join(',', Enumerable.Range(0, 50_000).Select(n => $"\"member{n}\":1"));
        var problem = await host.Admin.PostJsonAsync("/v1/cart-rules", $"{{{many}}}", HttpStatusCode.BadRequest);
        Assert.Equal(100, problem["errors"]!.AsArray().Count);
        var strange = string.Join(',', Enumerable.Range(0, 500).Select(n => $"\"{n}\""));
        var names = await host.Admin.PostJsonAsync("/v1/cart-rules", $$"""{ "name": "W", "action": "by_fixed", "websites": [{{strange}}] }""", HttpStatusCode.BadRequest);
        Assert.Equal(100, names["errors"]!.AsArray().Count);
    }

    private static IEnumerable<string> Wrongs(JsonNode problem) => problem["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}");
}
