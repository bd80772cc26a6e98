using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Access;

/// <summary>A service that holds public keys to two requests a second, three seconds' worth at once.</summary>
public sealed class RateLimitHost(PlatformServer server) : PlatformHost(server)
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("RateLimits:PublicKey", "2"), new("RateLimits:BurstSeconds", "3")];
}

public sealed class RateLimitTests(RateLimitHost host) : IClassFixture<RateLimitHost>
{
    private const int Many = 500;

    [Fact]
    public async Task A_key_that_asks_too_often_is_told_when_to_come_back_and_then_answered()
    {
        var (refused, allowed) = (0, 0);
        for (var n = 0; n < Many && refused == 0; n++)
        {
            using var answer = await AskAsync(host.Browser);
            Assert.Equal("\"key\";q=6;w=3", answer.Headers.GetValues("RateLimit-Policy").Single());
            Assert.Matches("^\"key\";r=[0-6];t=1$", answer.Headers.GetValues("RateLimit").Single());
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                allowed++;
                continue;
            }

            refused++;
            Assert.Equal("request.tooMany", (string)(await answer.JsonAsync(HttpStatusCode.TooManyRequests))["code"]!);
            Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(1, refused);
        Assert.InRange(allowed, 6, Many);
        // Another key is not held back, nor is one without a limit, nor what has no key.
        using var other = await AskAsync(host.Client(await host.NewKeyAsync("public", "decide")));
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var secret = await AskAsync(host.Admin);
        Assert.False(secret.Headers.Contains("RateLimit"));
        using var health = await host.Anonymous.GetAsync("/health/live", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);

        // The real clock gives it the next two; asked as fast as it goes, one of the answers is good again.
        var again = false;
        for (var n = 0; n < 100_000 && !again; n++)
        {
            using var answer = await AskAsync(host.Browser);
            again = answer.StatusCode == HttpStatusCode.OK;
        }

        Assert.True(again);
    }

    [Fact]
    public async Task A_config_id_of_the_edge_is_held_to_it_as_well()
    {
        for (var n = 0; n < Many; n++)
        {
            using var answer = await host.Anonymous.PostTextAsync("/ee/v1/collect?configId=limited", "{}");
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                continue;
            Assert.NotNull(answer.Headers.RetryAfter);
            return;
        }

        Assert.Fail("Nothing was refused.");
    }

    private static Task<HttpResponseMessage> AskAsync(HttpClient client) => client.PostTextAsync("/v1/decisions/dynamic-blocks", """{ "placements": ["header"] }""");
}
