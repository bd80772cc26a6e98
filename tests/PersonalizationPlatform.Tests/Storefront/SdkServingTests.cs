using System.IO.Compression;
using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Storefront;

/// <summary>The SDK's files over the wire, and that a page may ask the platform without a preflight.</summary>
public sealed class SdkServingTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private static readonly string Dist = Path.Combine(Snapshot.Root, "src", "storefront-sdk", "dist");

    [Theory]
    [InlineData("storefront.js", "text/javascript")]
    [InlineData("storefront.mjs", "text/javascript")]
    [InlineData("data-layer.js", "text/javascript")]
    [InlineData("data-layer.mjs", "text/javascript")]
    [InlineData("storefront.d.ts", "text/plain")]
    [InlineData("data-layer.d.ts", "text/plain")]
    public async Task Every_file_is_there_for_every_page(string name, string type)
    {
        using var answer = await AskAsync("/sdk/" + name, ("Origin", "https://any.test"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("*", "nosniff", "cross-origin"), (Header(answer, "Access-Control-Allow-Origin"), Header(answer, "X-Content-Type-Options"), Header(answer, "Cross-Origin-Resource-Policy")));
        Assert.Equal(TimeSpan.FromMinutes(5), answer.Headers.CacheControl!.MaxAge);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(Dist, name), TestContext.Current.CancellationToken), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task It_travels_compressed_and_only_when_it_has_changed()
    {
        foreach (var (accepted, encoding) in new[] { ("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip") })
        {
            using var answer = await AskAsync("/sdk/storefront.js", ("Accept-Encoding", accepted));
            Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
            Assert.Equal("Accept-Encoding", Header(answer, "Vary"));
            var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            await using Stream plain = encoding == "br" ? new BrotliStream(stream, CompressionMode.Decompress) : new GZipStream(stream, CompressionMode.Decompress);
            using var reader = new StreamReader(plain);
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Dist, "storefront.js"), TestContext.Current.CancellationToken), await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
            using var again = await AskAsync("/sdk/storefront.js", ("Accept-Encoding", accepted), ("If-None-Match", answer.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task A_version_never_changes_and_others_are_not_there()
    {
        var version = (await File.ReadAllTextAsync(Path.Combine(Dist, "version"), TestContext.Current.CancellationToken)).Trim();
        using var pinned = await AskAsync($"/sdk/{version}/storefront.js");
        Assert.Equal("public, max-age=31536000, immutable", Header(pinned, "Cache-Control"));
        Assert.Equal("sdk.version", (string)(await host.Anonymous.GetJsonAsync("/sdk/0.0.1/storefront.js", HttpStatusCode.NotFound))["code"]!);
        Assert.Equal("sdk.file", (string)(await host.Anonymous.GetJsonAsync("/sdk/version", HttpStatusCode.NotFound))["code"]!);
        Assert.Equal("sdk.file", (string)(await host.Anonymous.GetJsonAsync("/sdk/..%2Fappsettings.json", HttpStatusCode.NotFound))["code"]!);
    }

    [Theory]
    [InlineData("/v1/decisions", """{ "blocks": { "placements": ["header"] } }""")]
    [InlineData("/v1/decisions/dynamic-blocks", """{ "placements": ["header"] }""")]
    public async Task Decisions_need_no_preflight(string path, string body)
    {
        using var answer = await host.Anonymous.PostTextAsync($"{path}?key={PlatformHost.CollectKey}", body, "text/plain");
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;

    private Task<HttpResponseMessage> AskAsync(string path, params (string Name, string Value)[] headers) =>
        host.Anonymous.SendTextAsync(HttpMethod.Get, path, null, headers: headers);
}
