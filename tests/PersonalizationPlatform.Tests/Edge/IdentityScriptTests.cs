using System.Net;
using System.Text.RegularExpressions;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>The script that gives a page its identity before the collector starts.</summary>
public sealed partial class IdentityScriptTests(EdgeHost host, PlatformServer server) : IClassFixture<EdgeHost>
{
    [Fact]
    public async Task Each_visitor_gets_an_identity_of_his_own_that_no_cache_keeps()
    {
        var scripts = new List<string>();
        for (var n = 0; n < 2; n++)
        {
            using var answer = await GetAsync("configId=" + EdgeShop.ConfigId);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("text/javascript", answer.Content.Headers.ContentType?.MediaType);
            Assert.True(answer.Headers.CacheControl?.NoStore);
            scripts.Add(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.All(scripts, script => Assert.Contains($"\"{EdgeShop.IdentityCookie}\"", script, StringComparison.Ordinal));
        Assert.Distinct(scripts.Select(script => IdentityCookie.ReadEcid(Value().Match(script).Groups[1].Value)));
        Assert.All(scripts, script => Assert.DoesNotContain("eval", script, StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_the_pages_own_domain_the_header_sets_the_same_cookie()
    {
        using var answer = await GetAsync("configId=" + EdgeShop.ConfigId, ("Referer", "https://www.shop.test/page"), ("Sec-Fetch-Site", "same-site"));
        var script = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith($"{EdgeShop.IdentityCookie}={Value().Match(script).Groups[1].Value}; Max-Age=34128000; Path=/; Domain=shop.test;", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        using var elsewhere = await GetAsync("configId=" + EdgeShop.ConfigId, ("Referer", "https://www.other.test/"), ("Sec-Fetch-Site", "cross-site"));
        Assert.False(elsewhere.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Who_has_an_identity_keeps_it_and_it_is_not_told()
    {
        var ecid = EdgeShop.NewEcid();
        using var answer = await GetAsync("configId=" + EdgeShop.ConfigId, EdgeShop.Cookies(ecid), ("Referer", "https://www.shop.test/"), ("Sec-Fetch-Site", "same-site"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("kndctr", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("configId=unknown&orgId=A@AdobeOrg", "kndctr_A_AdobeOrg_identity")]
    [InlineData("configId=unknown", EdgeShop.IdentityCookie)]
    [InlineData("configId=unknown&orgId=%22%3Balert(1)%2F%2F", EdgeShop.IdentityCookie)]
    public async Task The_organisation_may_be_in_the_address_but_no_script_can(string query, string cookie)
    {
        using var answer = await GetAsync(query);
        var script = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"\"{cookie}\"", script, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nothing_says_what_the_cookie_is_called_there_is_no_script()
    {
        await using var bare = new QuietEdgeHost(server);
        await bare.InitializeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://edge.shop.test/ee/v1/identity.js?configId=unknown");
        using var answer = await bare.SendAsync(request);
        Assert.Equal("datastream.organization", (string)(await answer.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
    }

    private async Task<HttpResponseMessage> GetAsync(string query, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://edge.shop.test/ee/v1/identity.js?" + query);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await host.SendAsync(request);
    }

    [GeneratedRegex("\"=([A-Za-z0-9_-]+); path")]
    private static partial Regex Value();
}
