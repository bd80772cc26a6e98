using Microsoft.Playwright;
using PersonalizationPlatform.Edge;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>The script in a browser: pages of a shop with a strict policy, answered by the service.</summary>
public sealed class IdentityScriptBrowserTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    private const string Page = """<!doctype html><script src="https://edge.shop.test/ee/v1/identity.js?configId=869fcdfe-abda-4bd5-b948-d9c1595c42e9"></script>""";

    [Fact]
    public async Task The_page_has_an_identity_for_the_whole_domain_before_its_next_script_and_keeps_it()
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.Console += (_, message) => errors.Add(message.Text);
        await page.RouteAsync("**/*", AnswerAsync);

        await page.GotoAsync("https://www.shop.test/");
        var cookie = Assert.Single(await context.CookiesAsync());
        Assert.Equal((EdgeShop.IdentityCookie, ".shop.test", true, SameSiteAttribute.None), (cookie.Name, cookie.Domain, cookie.Secure, cookie.SameSite));
        Assert.True(Ecid.IsValid(IdentityCookie.ReadEcid(cookie.Value)));
        Assert.Contains(cookie.Value, await page.EvaluateAsync<string>("document.cookie"), StringComparison.Ordinal);

        await page.GotoAsync("https://m.shop.test/");
        Assert.Equal(cookie.Value, Assert.Single(await context.CookiesAsync()).Value);
        Assert.Empty(errors);
    }

    /// <summary>The page itself is the shop's; the script is the service's, to a request that brings no cookies along.</summary>
    private async Task AnswerAsync(IRoute route)
    {
        if (!route.Request.Url.Contains("identity.js", StringComparison.Ordinal))
        {
            await route.FulfillAsync(new()
            {
                ContentType = "text/html",
                Body = Page,
                Headers = new Dictionary<string, string> { ["Content-Security-Policy"] = "default-src 'none'; script-src https://edge.shop.test", ["Content-Type"] = "text/html" },
            });
            return;
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, route.Request.Url);
        using var answer = await host.SendAsync(request);
        await route.FulfillAsync(new() { ContentType = "text/javascript", Body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) });
    }
}
