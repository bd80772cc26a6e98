using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Definitions;

/// <summary>What was archived may not be named anew, and holds nobody up who named it before.</summary>
public sealed class ArchivedReferenceTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private static readonly (string Collection, string Key, string Body)[] Named =
    [
        ("segments", "the-segment", """ "name": "x" """),
        ("audiences", "the-audience", """ "name": "x" """),
        ("dynamic-blocks", "the-block", """ "name": "x", "content": "x" """),
        ("cart-rules", "the-cart-rule", """ "name": "x", "action": "by_fixed" """),
        ("catalog-rules", "the-catalog-rule", """ "name": "x", "action": "by_fixed" """),
    ];

    /// <summary>A collection, a body without its name, and where the reference stands in it.</summary>
    public static TheoryData<string, string, string> References => new()
    {
        { "dynamic-blocks", """ "content": "x", "segments": ["the-segment"] """, "$.segments[0]" },
        { "dynamic-blocks", """ "content": "x", "audiences": ["the-audience"] """, "$.audiences[0]" },
        { "dynamic-blocks", """ "content": "x", "cartRules": ["the-cart-rule"] """, "$.cartRules[0]" },
        { "dynamic-blocks", """ "content": "x", "catalogRules": ["the-catalog-rule"] """, "$.catalogRules[0]" },
        { "rotators", """ "blocks": ["the-block"] """, "$.blocks[0]" },
        { "segments", """ "condition": { "type": "inSegment", "segment": "the-segment" } """, "$.condition.segment" },
        { "segments", """ "condition": { "type": "inAudience", "audience": "the-audience" } """, "$.condition.audience" },
        { "cart-rules", """ "action": "by_fixed", "condition": { "type": "inSegment", "segment": "the-segment" } """, "$.condition.segment" },
        { "cart-rules", """ "action": "by_fixed", "dynamicBlocks": ["the-block"] """, "$.dynamicBlocks[0]" },
        { "catalog-rules", """ "action": "by_fixed", "dynamicBlocks": ["the-block"] """, "$.dynamicBlocks[0]" },
        { "related-product-rules", """ "applyTo": "upsell", "segments": ["the-segment"] """, "$.segments[0]" },
        { "related-product-rules", """ "applyTo": "upsell", "audiences": ["the-audience"] """, "$.audiences[0]" },
    };

    [Theory]
    [MemberData(nameof(References))]
    public async Task It_is_named_by_whoever_named_it_before_and_by_nobody_else(string collection, string members, string place)
    {
        var (target, key, body) = Named.Single(named => members.Contains(named.Key, StringComparison.Ordinal));
        var named = await host.CreateAsync(target, $"{{ {body} }}");
        // The key stays with what is archived, so each case names its own by id.
        var naming = members.Replace(key, named, StringComparison.Ordinal);
        var before = await host.CreateAsync(collection, $$"""{ "name": "Before", {{naming}} }""");
        var plain = collection == "rotators" ? $"\"blocks\": [\"{await host.CreateBlockAsync("plain-" + named)}\"]"
            : members.Contains("\"content\"", StringComparison.Ordinal) ? "\"content\": \"x\""
            : members.Contains("by_fixed", StringComparison.Ordinal) ? "\"action\": \"by_fixed\""
            : members.Contains("upsell", StringComparison.Ordinal) ? "\"applyTo\": \"upsell\"" : "\"condition\": null";
        var without = await host.CreateAsync(collection, $$"""{ "name": "Without", {{plain}} }""");
        var left = await host.CreateAsync(collection, $$"""{ "name": "Left", {{naming}} }""");
        await host.PutAsync($"{collection}/{left}", $$"""{ "name": "Left", {{plain}} }""");
        var publication = await host.CreateAsync(collection, $$"""{ "name": "Published", {{naming}} }""");
        var sale = await host.PublishAsync($"\"until\": \"{host.In(10)}\",",
            $$"""{ "collection": "{{collection}}", "id": "{{publication}}", "action": "replace", "body": { "name": "Sale", {{plain}} } }""");
        await host.SendAsync(HttpMethod.Delete, $"{target}/{named}", null);

        Assert.Equal("Renamed", (string)(await host.PutAsync($"{collection}/{before}", $$"""{ "name": "Renamed", {{naming}} }"""))["name"]!);
        await host.RollBackAsync($"{collection}/{before}", 1);
        await RefusedAsync(HttpMethod.Post, collection, $$"""{ "name": "New", {{naming}} }""");
        await RefusedAsync(HttpMethod.Put, $"{collection}/{without}", $$"""{ "name": "Without", {{naming}} }""");
        await RefusedAsync(HttpMethod.Post, $"{collection}/{left}/rollback", """{ "version": 1 }""");
        await host.PassAsync(10);
        Assert.Equal("ended", await host.StandsAsync(sale));
        Assert.Equal("Published", (string)(await host.GetAsync($"{collection}/{publication}"))["name"]!);

        async Task RefusedAsync(HttpMethod method, string path, string refused) =>
            Assert.Equal(place, (string)(await host.SendAsync(method, path, refused, expected: HttpStatusCode.BadRequest))["errors"]![0]!["path"]!);
    }
}
