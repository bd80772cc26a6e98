using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Definitions;

/// <summary>What every kind of definition may be called, and how it is addressed.</summary>
public sealed class KeyOfDefinitionTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    public static TheoryData<string, string> Kinds => new()
    {
        { "segments", "" },
        { "audiences", "" },
        { "dynamic-blocks", """, "content": "x" """ },
        { "rotators", """, "blocksToDisplay": "cartPriceRuleRelated" """ },
        { "cart-rules", """, "action": "by_fixed" """ },
        { "catalog-rules", """, "action": "by_fixed" """ },
        { "related-product-rules", """, "applyTo": "upsell" """ },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_name_may_be_used_again_and_a_key_may_not(string collection, string members)
    {
        var first = await host.CreateAsync(collection, $$"""{ "name": "Sale {{collection}}"{{members}} }""");
        Assert.Equal($"sale-{collection}", (string)(await host.GetAsync($"{collection}/{first}"))["key"]!);
        await host.SendAsync(HttpMethod.Delete, $"{collection}/{first}", null);
        var second = await host.CreateAsync(collection, $$"""{ "name": "Sale {{collection}}"{{members}} }""");
        Assert.Equal($"sale-{collection}-2", (string)(await host.GetAsync($"{collection}/{second}"))["key"]!);
        // Names without a Latin letter make no key, the id does.
        var other = await host.CreateAsync(collection, $$"""{ "name": "春"{{members}} }""");
        Assert.Equal($"{collection}-{other.Replace("-", "", StringComparison.Ordinal)}", (string)(await host.GetAsync($"{collection}/{other}"))["key"]!);
        var taken = await host.Admin.PostJsonAsync("/v1/" + collection, $$"""{ "name": "Other", "key": "sale-{{collection}}"{{members}} }""", HttpStatusCode.Conflict);
        Assert.EndsWith(".keyTaken", (string)taken["code"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dynamic-blocks", "rotators")]
    [InlineData("rotators", "dynamic-blocks")]
    public async Task A_key_that_is_made_means_nothing_else_to_a_page(string first, string second)
    {
        var name = "Hero of " + first;
        await CreateAsync(first, name);
        Assert.Equal($"hero-of-{first}-2", await CreateAsync(second, name));
        // What is given is what a page asks for, so it is refused instead.
        var members = Kinds.Single(kind => kind.Data.Item1 == second).Data.Item2;
        await host.SendAsync(HttpMethod.Post, second, $$"""{ "name": "Hero", "key": "hero-of-{{first}}"{{members}} }""", null, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_key_that_is_made_is_never_a_location()
    {
        Assert.Equal("header-2", await CreateAsync("dynamic-blocks", "Header"));
        Assert.Equal("footer-2", await CreateAsync("rotators", "Footer"));
        Assert.Equal("footer-3", await CreateAsync("dynamic-blocks", "Footer"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Wherever_an_address_holds_an_id_the_key_will_do(string collection, string members)
    {
        var (key, path) = ($"by-key-{collection}", $"{collection}/by-key-{collection}");
        var body = $$"""{ "name": "By key", "key": "{{key}}"{{members}} }""";
        var id = await host.CreateAsync(collection, body);
        Assert.Equal(id, (string)(await host.GetAsync(path))["id"]!);
        Assert.Equal(2, (int)(await host.PutAsync(path, body))["version"]!);
        Assert.Equal("paused", (string)(await host.SendAsync(HttpMethod.Post, path + "/pause", null))["status"]!);
        Assert.Equal("live", (string)(await host.SendAsync(HttpMethod.Post, path + "/publish", null))["status"]!);
        Assert.Equal(4, (await host.GetAsync(path + "/versions"))["items"]!.AsArray().Count);
        await host.RollBackAsync(path, 1);
        Assert.Equal("archived", (string)(await host.SendAsync(HttpMethod.Delete, path, null))["status"]!);
        await host.SendAsync(HttpMethod.Delete, collection + "/nobody", null, expected: HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_belongs_to_a_definition_is_found_by_its_key()
    {
        var rule = await host.CreateAsync("cart-rules", """{ "name": "Coded", "action": "by_fixed", "couponType": "auto", "usesPerCustomer": 1 }""");
        await host.Admin.PostJsonAsync("/v1/cart-rules/coded/coupons", """{ "code": "CODED" }""", HttpStatusCode.Created);
        Assert.Equal("CODED", (string)(await host.GetAsync("cart-rules/coded/coupons"))["items"]![0]!["code"]!);
        Assert.Equal(rule, (string)(await host.Admin.PostJsonAsync("/v1/cart-rules/coded/coupon-batches", """{ "quantity": 1 }""", HttpStatusCode.Accepted))["rule"]!);
        await host.Admin.PostJsonAsync("/v1/cart-rules/nobody/coupons", """{ "code": "NOBODY" }""", HttpStatusCode.NotFound);
        await host.Admin.GetJsonAsync("/v1/cart-rules/nobody/coupons", HttpStatusCode.NotFound);

        var reserved = await host.Admin.PostJsonAsync("/v1/coupons/reservations", $$"""{ "cart": "k-1", "rules": ["coded", "{{rule}}", "nobody"] }""");
        Assert.Equal([$"{rule} accepted", "nobody rejected"], reserved["rules"]!.AsArray().Select(asked => $"{asked!["rule"]} {asked["verdict"]}"));
        Assert.False((bool)reserved["reserved"]!);

        await host.CreateAsync("audiences", """{ "name": "Listed" }""");
        using var added = await host.Admin.PostTextAsync("/v1/audiences/listed/members?namespace=email", "a@example.com", "text/csv");
        Assert.Equal(1, (int)(await added.JsonAsync(HttpStatusCode.OK))["imported"]!);
        Assert.Equal("a@example.com", (string)(await host.GetAsync("audiences/listed/members"))["items"]![0]!["id"]!);
        await host.Admin.GetJsonAsync("/v1/audiences/nobody/members", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("cart-rules", "9223372036854775807", null)]
    [InlineData("cart-rules", null, "1000000000000000")]
    [InlineData("catalog-rules", "9223372036854775807", null)]
    [InlineData("catalog-rules", null, "1000000000000000")]
    public async Task However_high_a_number_is_the_next_ones_go_on_from_there(string collection, string? externalId, string? number)
    {
        var given = externalId is null ? $$""", "number": {{number}} """ : $$""", "externalId": "{{externalId}}" """;
        await host.CreateAsync(collection, $$"""{ "name": "High", "action": "by_fixed"{{given}} }""");
        var before = 0L;
        for (var i = 0; i < 3; i++)
        {
            var next = (long)(await host.GetAsync($"{collection}/{await host.CreateAsync(collection, """{ "name": "Next", "action": "by_fixed" }""")}"))["number"]!;
            Assert.True(next > before && next < 2_000_000_000_000_000, $"{next} after {before}");
            before = next;
        }

        var refused = await host.Admin.PostJsonAsync("/v1/" + collection, """{ "name": "Higher", "action": "by_fixed", "number": 1000000000000001 }""", HttpStatusCode.BadRequest);
        Assert.Equal("$.number", (string)refused["errors"]![0]!["path"]!);
    }

    private async Task<string> CreateAsync(string collection, string name)
    {
        var members = Kinds.Single(kind => kind.Data.Item1 == collection).Data.Item2;
        var id = await host.CreateAsync(collection, $$"""{ "name": "{{name}}"{{members}} }""");
        return (string)(await host.GetAsync($"{collection}/{id}"))["key"]!;
    }
}
