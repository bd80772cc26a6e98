using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class BlockTemplateTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Attack = "<img src=x onerror=alert(1)>";

    [Fact]
    public async Task A_block_speaks_to_the_shopper_and_of_the_product_and_escapes_both()
    {
        await RecordAsync("greeted@x.y", $$"""{ "firstName": "{{Attack}}" }""", """{ "city": "Köln", "country": "DE" }""", """{ "shoeSize": 42, "loyalty": { "tier": "gold" } }""");
        using (var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/GREET-1", $$"""{ "name": "{{Attack}}", "price": 34.5, "attributes": { "colour": "black" } }"""))
            Assert.True(put.IsSuccessStatusCode);
        await CreateAsync("Greeting", "<b>Hi {{ shopper.firstName }} from {{ shopper.city }}, {{ shopper.attributes.shoeSize }}, {{ shopper.attributes.loyalty.tier }}</b>: {{ product.name }} {{ product.price }} {{ store.currency }} {{ product.attributes.colour }}");
        var content = await ContentAsync(host.Admin, "greeting", "email", "greeted@x.y", "GREET-1");
        Assert.Equal(
            "<b>Hi &lt;img src=x onerror=alert(1)&gt; from Köln, 42, gold</b>: &lt;img src=x onerror=alert(1)&gt; 34.5 USD black", content);
    }

    [Fact]
    public async Task A_public_key_is_told_nothing_of_the_shopper()
    {
        const string ecid = "32345678901234567890123456789012345678";
        await host.BackOffice.PostJsonAsync("/v1/profiles", $$"""[ { "identityMap": { "ECID": [ { "id": "{{ecid}}" } ] }, "person": { "name": { "firstName": "Hidden" } } } ]""", HttpStatusCode.Accepted);
        await CreateAsync("Public greeting", "Hi {{ shopper.firstName | default: 'you' }}");
        Assert.Equal("Hi Hidden", await ContentAsync(host.Admin, "public-greeting", "ECID", ecid));
        Assert.Equal("Hi you", await ContentAsync(host.Browser, "public-greeting", "ECID", ecid));
    }

    [Fact]
    public async Task A_shopper_who_refuses_personalisation_is_not_spoken_of()
    {
        await RecordAsync("shy@x.y", """{ "firstName": "Shy" }""", "{}", "{}");
        await CreateAsync("Shy greeting", "Hi {{ shopper.firstName | default: 'you' }}");
        Assert.Equal("Hi Shy", await ContentAsync(host.Admin, "shy-greeting", "email", "shy@x.y"));
        using var decided = await host.Admin.SendTextAsync(
            HttpMethod.Post, "/v1/decisions/dynamic-blocks", """{ "shopper": { "identities": [ { "namespace": "email", "id": "shy@x.y" } ] }, "placements": ["shy-greeting"] }""",
            headers: ("Sec-GPC", "1"));
        Assert.Equal("Hi you", (string)(await decided.JsonAsync(HttpStatusCode.OK))["placements"]!["shy-greeting"]![0]!["content"]!);
    }

    [Fact]
    public async Task An_unknown_product_and_an_unknown_shopper_are_empty()
    {
        await CreateAsync("Unknown", "[{{ product.name }}{{ product.sku }}{{ shopper.firstName }}]");
        Assert.Equal("[]", await ContentAsync(host.Admin, "unknown", "email", "never@seen.xy", "NO-SUCH"));
    }

    [Fact]
    public async Task A_block_shows_whatever_its_filters_are_given_and_what_is_unknown_is_empty()
    {
        using (var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/FILTER-1", """{ "name": "Filtered", "price": 1.125, "attributes": { "colours": ["red", "blue"] } }"""))
            Assert.True(put.IsSuccessStatusCode);
        await CreateAsync("Filtered", "[{{ product.attributes.size }}{{ product.size }}{{ product.attributes.width | ceil }}] {{ product.attributes.colours | default: 'none' | escape }} {{ product.price | round: 2 }} {{ shopper.attributes.size | default: 'M' }}");
        Assert.Equal("[] redblue 1.13 M", await ContentAsync(host.Admin, "filtered", "email", "never@seen.xy", "FILTER-1"));
    }

    [Fact]
    public async Task A_faulty_template_is_refused_with_its_line_and_html_is_not_looked_at()
    {
        var refused = await host.Admin.PostJsonAsync(
            "/v1/dynamic-blocks", """{ "name": "Faulty", "template": "liquid", "contents": { "default": "a\n{% if x %}", "de": "{{ x | raw }}" } }""", HttpStatusCode.BadRequest);
        Assert.Equal(
            ["$.contents.de block.template", "$.contents.default block.template"],
            refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}").Order(StringComparer.Ordinal));
        Assert.Contains(refused["errors"]!.AsArray(), error => ((string)error!["detail"]!).StartsWith("Line 2:", StringComparison.Ordinal));
        var html = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Braces", "content": "{% if x %}" }""", HttpStatusCode.Created);
        Assert.Equal("html", (string)html["template"]!);
        Assert.Equal("{% if x %}", await ContentAsync(host.Browser, "braces", "ECID", "42345678901234567890123456789012345678"));
    }

    [Fact]
    public async Task A_runaway_template_hides_its_block_and_nothing_else()
    {
        await CreateAsync("Runaway", "{% for a in (1..1000) %}{% for b in (1..1000) %}{{ b }}aaaaaaaaaaaaaaaaaaaaaaaaaaaa{% endfor %}{% endfor %}");
        await CreateAsync("Well", "well");
        var answer = await host.Browser.PostJsonAsync("/v1/decisions/dynamic-blocks", """{ "placements": ["runaway", "well"] }""");
        Assert.Empty(answer["placements"]!["runaway"]!.AsArray());
        Assert.Equal("well", (string)answer["placements"]!["well"]![0]!["content"]!);
    }

    [Fact]
    public async Task Null_or_empty_content_hides_a_block_in_a_store_view()
    {
        var block = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Not in German", "content": "x", "contents": { "de": null, "at": "" } }""", HttpStatusCode.Created);
        Assert.Equal("", (string)block["contents"]!["de"]!);
        foreach (var (storeView, shown) in new[] { ("de", 0), ("at", 0), ("fr", 1) })
        {
            var answer = await host.Browser.PostJsonAsync("/v1/decisions/dynamic-blocks", $$"""{ "shopper": { "storeView": "{{storeView}}" }, "placements": ["not-in-german"] }""");
            Assert.Equal(shown, answer["placements"]!["not-in-german"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task An_audience_named_by_the_request_counts_for_that_request_only()
    {
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "From the platform", "externalId": "aud:1/x" }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Named", "content": "named", "audiences": ["from-the-platform"] }""", HttpStatusCode.Created);
        Assert.Equal(0, await ShownAsync(host.Browser, "", null));
        Assert.Equal(1, await ShownAsync(host.Browser, "", "other,aud%3A1%2Fx"));
        Assert.Equal(1, await ShownAsync(host.Admin, """ "audiences": ["aud:1/x"] """, null));
        Assert.Equal(0, await ShownAsync(host.Browser, """ "audiences": ["aud:1/x"] """, null));
        Assert.Equal(0, await ShownAsync(host.Browser, "", "aud%3A1%2Fx", ("Sec-GPC", "1")));

        async Task<int> ShownAsync(HttpClient client, string shopper, string? header, params (string, string)[] more)
        {
            using var decided = await client.SendTextAsync(
                HttpMethod.Post, "/v1/decisions/dynamic-blocks", $$"""{ "shopper": { {{shopper}} }, "placements": ["named"] }""",
                headers: header is null ? more : [("aep-segments-membership", header), .. more]);
            return (await decided.JsonAsync(HttpStatusCode.OK))["placements"]!["named"]!.AsArray().Count;
        }
    }

    private Task<JsonNode> CreateAsync(string name, string template) => host.Admin.PostJsonAsync(
        "/v1/dynamic-blocks", new JsonObject { ["name"] = name, ["template"] = "liquid", ["content"] = template }.ToJsonString(), HttpStatusCode.Created);

    private async Task RecordAsync(string email, string name, string address, string attributes)
    {
        var answer = await host.BackOffice.PostJsonAsync(
            "/v1/profiles",
            $$"""[ { "identityMap": { "email": [ { "id": "{{email}}" } ] }, "person": { "name": {{name}} }, "shippingAddress": {{address}}, "profileAttributes": {{attributes}} } ]""",
            HttpStatusCode.Accepted);
        Assert.Equal(1, (int)answer["accepted"]!);
    }

    private static async Task<string?> ContentAsync(HttpClient client, string block, string space, string id, string? sku = null)
    {
        var answer = await client.PostJsonAsync(
            "/v1/decisions/dynamic-blocks",
            $$"""{ "shopper": { "identities": [ { "namespace": "{{space}}", "id": "{{id}}" } ] }, "placements": ["{{block}}"], "product": { "sku": "{{sku}}" } }""");
        return (string?)answer["placements"]![block]!.AsArray().SingleOrDefault()?["content"];
    }
}
