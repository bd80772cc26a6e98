using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Catalog;

public sealed class ProductAttributeTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_definition_is_listed_as_it_was_put_and_gone_when_deleted()
    {
        using var put = await host.Admin.SendTextAsync(
            HttpMethod.Put, "/v1/products/attributes/colour", """{ "type": "select", "label": "Colour", "options": [ { "value": "52", "label": "Grey" } ], "usableInRules": false }""");
        await put.JsonAsync(HttpStatusCode.OK);
        var item = (await host.Admin.GetJsonAsync("/v1/products/attributes"))["items"]!.AsArray().Single()!;
        Assert.Equal("""{"code":"colour","type":"select","label":"Colour","options":[{"value":"52","label":"Grey"}],"usableInRules":false}""", item.ToJsonString());
        foreach (var status in new[] { HttpStatusCode.NoContent, HttpStatusCode.NotFound })
        {
            using var deleted = await host.Admin.DeleteAsync("/v1/products/attributes/colour", TestContext.Current.CancellationToken);
            Assert.Equal(status, deleted.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{ "type": "colour" }""", "json.type")]
    [InlineData("""{ "label": "X" }""", "json.missingMember")]
    [InlineData("""{ "type": "text", "options": [ { "value": "1", "label": "One" } ] }""", "attribute.options")]
    [InlineData("""{ "type": "select", "options": [ { "value": "1", "label": "One" }, { "value": "1", "label": "Uno" } ] }""", "attribute.optionTwice")]
    [InlineData("""{ "type": "select", "options": [ { "value": "", "label": "One" } ] }""", "attribute.option")]
    public async Task What_is_wrong_is_told(string body, string code)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/products/attributes/x", body);
        Assert.Equal([code], (await put.JsonAsync(HttpStatusCode.BadRequest))["errors"]!.AsArray().Select(error => (string)error!["code"]!));
    }
}
