namespace PersonalizationPlatform.Tests.Browser;

/// <summary>What the tests in a browser stand on: pages, names, the service over TLS, and what is seen of them.</summary>
public sealed class BrowserHarnessTests(BrowserHost host) : IClassFixture<BrowserHost>
{
    private const string Post = """
        async ([url, event]) => {
            const answer = await fetch(url + '/v1/events/storefront?key=pk_test_collect', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: event });
            return [answer.status, (await answer.json()).accepted];
        }
        """;

    [Theory]
    [InlineData(BrowserHost.FirstParty, "first")]
    [InlineData(BrowserHost.ThirdParty, "third")]
    public async Task A_page_of_the_shop_reaches_the_service_over_tls(string service, string device)
    {
        host.Site.Page(BrowserHost.Shop + "/", "<!doctype html><title>Shop</title>");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(BrowserHost.Shop + "/");
        Assert.True(await visitor.RunAsync<bool>("isSecureContext"));
        var at = DateTimeOffset.UtcNow;
        var answer = await visitor.RunAsync<int[]>(Post, new[]
        {
            service,
            $$$"""{"_id":"{{{device}}}","eventType":"web.webpagedetails.pageViews","timestamp":"{{{at:O}}}","identityMap":{"ECID":[{"id":"{{{device}}}"}]}}""",
        });
        Assert.Equal([202, 1], answer);
        var ev = Assert.Single(await host.EventsAsync("ECID", device, 1));
        Assert.Equal(("pageView", device, $"ECID:{device}"), (ev.Kind, ev.Id, Assert.Single(ev.Identities)));
        // The service has the real clock, as the browser has.
        Assert.InRange(ev.CountsAt, at.AddSeconds(-1), DateTimeOffset.UtcNow);
        Assert.Empty(visitor.Errors);
        Assert.Contains(visitor.Requests, request => request.Url.StartsWith(service, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_nobody_has_is_not_reached()
    {
        host.Site.Page(BrowserHost.Shop + "/", "<!doctype html><title>Shop</title>");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(BrowserHost.Shop + "/");
        Assert.Equal("TypeError", await visitor.RunAsync<string>("fetch('https://adobedc.demdex.net/').then(() => 'reached', error => error.name)"));
        Assert.Contains(visitor.Errors, error => error.Contains("ERR_TUNNEL_CONNECTION_FAILED", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_visitor_has_cookies_of_their_own_and_errors_are_seen()
    {
        host.Site.Page(BrowserHost.Shop + "/set", "<script src=/set.js></script>").Script(BrowserHost.Shop + "/set.js", "document.cookie = 'a=1; Domain=shop.test; Secure'; throw new Error('meant');");
        await using var visitor = await host.VisitorAsync();
        await using var other = await host.VisitorAsync();
        await visitor.GoToAsync(BrowserHost.Shop + "/set");
        Assert.Equal("1", await visitor.CookieAsync("a"));
        Assert.Equal(".shop.test", (await visitor.CookieWithAttributesAsync("a"))!.Domain);
        await Eventually.TrueAsync("The error", () => Task.FromResult(visitor.Errors.Any(error => error.Contains("meant", StringComparison.Ordinal))));
        host.Site.Page(BrowserHost.Shop + "/", "<!doctype html><title>Shop</title>");
        await other.GoToAsync(BrowserHost.Shop + "/");
        Assert.Null(await other.CookieAsync("a"));
        Assert.Empty(other.Errors);
    }

    [Fact]
    public async Task A_page_that_was_left_comes_back_as_it_was()
    {
        host.Site.Page(BrowserHost.Shop + "/one", "<script>addEventListener('pageshow', event => window.shown = event.persisted)</script>");
        host.Site.Page(BrowserHost.Shop + "/two", "<!doctype html><title>Two</title>");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(BrowserHost.Shop + "/one");
        await visitor.GoToAsync(BrowserHost.Shop + "/two");
        await visitor.Page.GoBackAsync(new() { WaitUntil = Microsoft.Playwright.WaitUntilState.Commit });
        await visitor.UntilAsync("window.shown === true");
        Assert.EndsWith("/one", visitor.Page.Url, StringComparison.Ordinal);
    }
}
