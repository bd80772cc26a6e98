using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Access;

/// <summary>A client that does not know whether its request arrived sends it again, and nothing is there twice.</summary>
public sealed class IdempotentCreationTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Theory]
    [InlineData("segments", """{ "name": "Again" }""")]
    [InlineData("audiences", """{ "name": "Again" }""")]
    [InlineData("dynamic-blocks", """{ "name": "Again", "content": "x" }""")]
    [InlineData("rotators", """{ "name": "Again at a place", "blocksToDisplay": "cartPriceRuleRelated" }""")]
    [InlineData("cart-rules", """{ "name": "Again", "action": "by_fixed", "status": "draft" }""")]
    [InlineData("catalog-rules", """{ "name": "Again", "action": "by_fixed", "status": "draft" }""")]
    [InlineData("related-product-rules", """{ "name": "Again", "applyTo": "upsell" }""")]
    [InlineData("datastreams", """{ "name": "Again", "organization": "A@AdobeOrg" }""")]
    public async Task A_repeat_creates_nothing_and_is_answered_as_the_first_one(string collection, string body)
    {
        using var first = await SendAsync(collection, body, "again");
        var created = await first.JsonAsync(HttpStatusCode.Created);
        var before = await CountAsync(collection);
        using var again = await SendAsync(collection, body, "again");
        Assert.True(JsonNode.DeepEquals(created, await again.JsonAsync(HttpStatusCode.Created)));
        Assert.Equal((first.Headers.Location, first.Headers.ETag, first.Content.Headers.ContentType), (again.Headers.Location, again.Headers.ETag, again.Content.Headers.ContentType));
        Assert.Equal(before, await CountAsync(collection));

        using var other = await SendAsync(collection, body.Replace("Again", "Other", StringComparison.Ordinal), "again");
        Assert.Equal("idempotency.otherBody", (string)(await other.JsonAsync(HttpStatusCode.UnprocessableEntity))["code"]!);
        Assert.Equal(before, await CountAsync(collection));
    }

    [Fact]
    public async Task What_was_refused_may_be_sent_again_mended_and_a_key_is_free_again_after_a_day()
    {
        const string Good = """{ "name": "Mended", "key": "mended" }""";
        using var refused = await SendAsync("segments", """{ "nme": "Mended" }""", "mended");
        await refused.JsonAsync(HttpStatusCode.BadRequest);
        using var mended = await SendAsync("segments", Good, "mended");
        await mended.JsonAsync(HttpStatusCode.Created);
        host.Clock.Advance(TimeSpan.FromHours(25));
        using var late = await SendAsync("segments", Good, "mended");
        Assert.Equal("segment.keyTaken", (string)(await late.JsonAsync(HttpStatusCode.Conflict))["code"]!);
    }

    [Fact]
    public async Task The_same_key_of_somebody_else_or_for_another_address_is_another_request()
    {
        const string Body = """{ "name": "Shared" }""";
        async Task<HttpResponseMessage> Send(HttpClient client, string path) =>
            await client.SendTextAsync(HttpMethod.Post, path, Body, headers: ("Idempotency-Key", "shared"));
        using var first = await Send(host.Admin, "/v1/segments");
        using var other = await Send(host.Client(await host.NewKeyAsync("secret", "admin")), "/v1/segments");
        Assert.NotEqual((string)(await first.JsonAsync(HttpStatusCode.Created))["id"]!, (string)(await other.JsonAsync(HttpStatusCode.Created))["id"]!);
        using var elsewhere = await Send(host.Admin, "/v1/audiences");
        Assert.Equal("idempotency.otherBody", (string)(await elsewhere.JsonAsync(HttpStatusCode.UnprocessableEntity))["code"]!);
    }

    [Fact]
    public async Task A_publication_an_import_and_codes_are_made_once()
    {
        var rule = (string)(await host.Admin.PostJsonAsync("/v1/cart-rules", """{ "name": "Codes", "action": "by_fixed", "couponType": "auto" }""", HttpStatusCode.Created))["id"]!;
        foreach (var (path, body, status) in new[]
        {
            ("publications", $$"""{ "name": "p", "changes": [ { "collection": "cart-rules", "id": "{{rule}}", "action": "pause" } ] }""", HttpStatusCode.Created),
            ($"cart-rules/{rule}/coupons", """{ "code": "ONCE" }""", HttpStatusCode.Created),
            ($"cart-rules/{rule}/coupon-batches", """{ "quantity": 2 }""", HttpStatusCode.Accepted),
            ("import/adobe-commerce", """{ "customerGroups": [ { "id": 91, "code": "Once" } ] }""", HttpStatusCode.OK),
            ("cart-rules/rehearse", $$"""{ "ruleId": "{{rule}}", "from": "2026-06-01", "to": "2026-06-15" }""", HttpStatusCode.OK),
        })
        {
            using var first = await SendAsync(path, body, "once");
            using var again = await SendAsync(path, body, "once");
            Assert.True(JsonNode.DeepEquals(await first.JsonAsync(status), await again.JsonAsync(status)), path);
        }
    }

    [Fact]
    public async Task Nothing_of_a_new_key_is_kept()
    {
        const string Body = """{ "name": "a", "kind": "secret", "scopes": ["decide"] }""";
        using var first = await SendAsync("keys", Body, "k");
        using var again = await SendAsync("keys", Body, "k");
        Assert.NotEqual((string)(await first.JsonAsync(HttpStatusCode.Created))["key"]!, (string)(await again.JsonAsync(HttpStatusCode.Created))["key"]!);
        await using var kept = host.Database.CreateCommand("select count(*) from idempotency where idempotency_key like 'keys-%'");
        Assert.Equal(0L, await kept.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Whatever_is_documented_to_create_takes_a_key()
    {
        var paths = JsonNode.Parse(File.ReadAllText(Path.Combine(Snapshot.Root, "docs/openapi.json")))!["paths"]!.AsObject();
        var without = paths
            .Where(path => path.Value!["post"]?["responses"]?.AsObject() is { } responses && (responses.ContainsKey("201") || responses.ContainsKey("202")))
            .Where(path => path.Value!["post"]!["parameters"]?.AsArray().Any(parameter => (string)parameter!["name"]! == "Idempotency-Key") != true)
            .Select(path => path.Key);
        // Keys are told once; the doors for events answer their own way.
        Assert.Equal(["/v1/events/back-office", "/v1/events/orders", "/v1/events/storefront", "/v1/keys", "/v1/profiles"], without.Order(StringComparer.Ordinal));
    }

    private async Task<int> CountAsync(string collection) => (await host.Admin.GetJsonAsync($"/v1/{collection}?limit=200"))["items"]!.AsArray().Count;

    private Task<HttpResponseMessage> SendAsync(string path, string body, string key) =>
        host.Admin.SendTextAsync(HttpMethod.Post, "/v1/" + path, body, headers: ("Idempotency-Key", $"{path}-{key}"));
}
