using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Websites;

/// <summary>What is for a website that nobody has described would never take effect, so it is refused where it is written.</summary>
public sealed class UnknownWebsiteTests(UnknownWebsiteTests.Host host) : IClassFixture<UnknownWebsiteTests.Host>
{
    [Theory]
    [InlineData("segments", """{ "name": "W" }""", "segment")]
    [InlineData("dynamic-blocks", """{ "name": "W", "content": "x" }""", "block")]
    [InlineData("rotators", """{ "name": "W rotates", "blocksToDisplay": "cartPriceRuleRelated" }""", "rotator")]
    [InlineData("datastreams", """{ "name": "W", "organization": "W@AdobeOrg" }""", "datastream")]
    [InlineData("keys", """{ "name": "W", "kind": "public", "scopes": ["collect"] }""", "key")]
    [InlineData("cart-rules/rehearse", """{ "rule": { "name": "W", "action": "by_fixed" }, "from": "2026-06-01", "to": "2026-06-02" }""", "rehearsal")]
    [InlineData("dynamic-blocks/rehearse", """{ "block": { "name": "W", "content": "x" }, "from": "2026-06-01", "to": "2026-06-02" }""", "rehearsal")]
    public async Task A_definition_is_for_a_website_that_there_is(string path, string body, string kind)
    {
        string With(string website) => body[..^1] + $", \"website\": \"{website}\" }}";
        var refused = await host.Admin.PostJsonAsync("/v1/" + path, With("typo"), HttpStatusCode.BadRequest);
        Assert.Equal([$"$.website {kind}.unknownWebsite"], refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}"));
        foreach (var known in new[] { "BASE", "configured" })
        {
            using var taken = await host.Admin.PostTextAsync("/v1/" + path, With(known));
            var json = await taken.JsonAsync(taken.IsSuccessStatusCode ? taken.StatusCode : HttpStatusCode.OK);
            if ((json["details"] ?? json)["website"] is { } website)
                Assert.Equal(known == "BASE" ? "base" : known, (string)website!);
        }
    }

    [Theory]
    [InlineData("cart-rules")]
    [InlineData("catalog-rules")]
    public async Task A_rule_is_for_websites_that_there_are(string collection)
    {
        var rule = await host.Admin.PostJsonAsync(
            "/v1/" + collection, """{ "name": "W", "action": "by_fixed", "websites": ["BASE", "Configured", "base"] }""", HttpStatusCode.Created);
        Assert.Equal("""["base","configured"]""", rule["websites"]!.ToJsonString());
        var refused = await host.Admin.PostJsonAsync("/v1/" + collection, """{ "name": "W", "action": "by_fixed", "websites": ["base", "typo"] }""", HttpStatusCode.BadRequest);
        Assert.Equal("$.websites[1]", (string)Assert.Single(refused["errors"]!.AsArray())!["path"]!);
    }

    public sealed class Host(PlatformServer server) : PlatformHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Shop:Websites:configured:Currency", "EUR")];
    }
}
