using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Http;

/// <summary>Bodies that were cut off on their way: what had arrived of them is never taken for the whole.</summary>
public sealed class CutBodyTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(-40)]
    [InlineData(-4)]
    public async Task A_cut_list_replaces_nothing(int length)
    {
        var key = $"cut-{length + 40}";
        await host.Admin.PostJsonAsync("/v1/audiences", $$"""{ "name": "Cut", "key": "{{key}}" }""", HttpStatusCode.Created);
        var lines = "namespace,id\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"email,m{i}@x.y\n"));
        await SendAsync(HttpMethod.Put, $"/v1/audiences/{key}/members", "text/csv", lines, null, HttpStatusCode.OK);
        await RefusedAsync(HttpMethod.Put, $"/v1/audiences/{key}/members", "text/csv", lines, length);
        Assert.Equal(40, (int)(await host.Admin.GetJsonAsync("/v1/audiences/" + key))["size"]!);
    }

    [Fact]
    public async Task A_cut_bulk_of_products_keeps_whole_batches_only_and_is_not_called_done()
    {
        var lines = string.Concat(Enumerable.Range(0, 700).Select(i => $$"""{"sku":"cut-{{i:000}}","name":"{{i * 7919 % 1013}}"}""" + "\n"));
        await RefusedAsync(HttpMethod.Post, "/v1/products/bulk", "application/x-ndjson", lines, -12);
        await host.Admin.GetJsonAsync("/v1/products/cut-499");
        await host.Admin.GetJsonAsync("/v1/products/cut-500", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_cut_bulk_of_categories_writes_nothing()
    {
        var lines = string.Concat(Enumerable.Range(0, 50).Select(i => $$"""{"id":"cut-{{i}}","name":"{{i}}"}""" + "\n"));
        await RefusedAsync(HttpMethod.Post, "/v1/categories/bulk", "application/x-ndjson", lines, -8);
        await host.Admin.GetJsonAsync("/v1/categories/cut-0", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_cut_import_imports_nothing()
    {
        await RefusedAsync(
            HttpMethod.Post, "/v1/import/adobe-commerce", "application/json", """{ "products": { "items": [ { "sku": "cut-import", "name": "Cut" } ] } }""", -6);
        await host.Admin.GetJsonAsync("/v1/products/cut-import", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/v1/events/storefront")]
    [InlineData("/v1/events/back-office")]
    [InlineData("/v1/profiles")]
    [InlineData("/v1/b")]
    [InlineData("/ee/v2/interact?dataStreamId=cut")]
    [InlineData("/collection/cut")]
    public async Task A_cut_batch_of_events_is_told_from_one_that_is_not_json(string door)
    {
        foreach (var length in new[] { 5, -10, -1 })
            await RefusedAsync(HttpMethod.Post, door, "application/json", """{ "events": [ { "xdm": { "_id": "cut", "eventType": "web.webpagedetails.pageViews" } } ] }""", length);
    }

    /// <param name="length">Bytes that arrive; below zero: so many are missing.</param>
    private async Task RefusedAsync(HttpMethod method, string path, string mediaType, string body, int length)
    {
        var problem = await SendAsync(method, path, mediaType, body, length, HttpStatusCode.BadRequest);
        Assert.Equal("request.incomplete", (string?)problem["code"] ?? problem.ToJsonString());
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string mediaType, string body, int? length, HttpStatusCode expected)
    {
        var packed = GunzipStreamTests.Zip(Encoding.UTF8.GetBytes(body));
        using var request = new HttpRequestMessage(method, path);
        request.Content = new ByteArrayContent(length switch { null => packed, < 0 => packed[..(packed.Length + length.Value)], _ => packed[..length.Value] });
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        request.Content.Headers.ContentEncoding.Add("gzip");
        using var answer = await host.Admin.SendAsync(request, TestContext.Current.CancellationToken);
        return await answer.JsonAsync(expected);
    }
}
