using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>Browsers may call from the configured origins and from nowhere else.</summary>
public sealed class CorsTests(CorsTests.Host host) : IClassFixture<CorsTests.Host>
{
    [Theory]
    [InlineData("https://shop.example", true)]
    [InlineData("https://www.shop.example", true)]
    [InlineData("https://elsewhere.example", false)]
    public async Task An_origin_is_allowed_when_it_is_configured(string origin, bool allowed)
    {
        using var preflight = await host.Anonymous.SendTextAsync(
            HttpMethod.Options, "/v1/keys", null, headers: [("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization")]);
        Assert.Equal(allowed ? [origin] : [], preflight.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values : []);
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_the_page_that_caused_it()
    {
        using var refused = await host.Anonymous.SendTextAsync(HttpMethod.Get, "/v1/keys", null, headers: ("Origin", "https://shop.example"));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(["https://shop.example"], refused.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    public sealed class Host(PlatformServer server) : PlatformHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Cors:Origins", "https://shop.example, https://www.shop.example")];
    }
}
