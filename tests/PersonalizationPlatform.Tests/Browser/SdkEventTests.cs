using Microsoft.Playwright;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Our own SDK: that events arrive, once each, whatever happens to the page and the network.</summary>
public sealed class SdkEventTests(BrowserHost host) : IClassFixture<BrowserHost>
{
    private const string Track = "name => storefront.track(name)";

    [Theory]
    [InlineData(BrowserHost.FirstParty)]
    [InlineData(BrowserHost.ThirdParty)]
    public async Task Page_and_commerce_events_arrive_as_xdm(string service)
    {
        var page = host.SdkPage("/" + new Uri(service).Host, """data-website="base" data-store-view="de" """, service: service);
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        await visitor.RunAsync("""
            () => {
                const items = [{ sku: 'BG-104', name: 'Duffel', quantity: 2, price: 54.5, currency: 'EUR', categories: ['Bags/Duffels'], options: { Color: 'Green' } }];
                storefront.track('addToCart', { items, cart: { id: 'c-1' } });
                storefront.track('completeCheckout', { items, cart: { id: 'c-1' }, order: { id: 'o-1', total: 109, currency: 'EUR', email: 'ann@example.com' } });
                storefront.track('searchRequestSent', { search: { id: 's-1', query: 'duffel' } });
                storefront.track('newsletterOpened', { data: { campaign: { id: 7 } } });
            }
            """);
        var events = await host.EventsAsync("FPID", await visitor.DeviceAsync(), 5);
        Assert.Equal(["pageView", "addToCart", "completeCheckout", "searchRequestSent", "newsletterOpened"], events.OrderBy(e => e.OccurredAt).Kinds().OrderBy(Order));
        Assert.All(events, e => Assert.Equal(("base", "de"), (e.Website, e.Content.StoreView)));
        var added = events.Single(e => e.Kind == "addToCart");
        Assert.Equal(("c-1", page), (added.Content.Cart!.Id, added.Content.Page!.Url));
        var line = Assert.Single(added.Content.Items);
        Assert.Equal(("BG-104", 2m, 109m, "EUR"), (line.Sku, line.Quantity, line.Total, line.Currency));
        Assert.Equal(["Bags", "Duffels"], line.Categories);
        Assert.Equal("Green", line.Attributes["Color"]);
        var ordered = events.Single(e => e.Kind == "completeCheckout");
        Assert.Equal(("o-1", 109m), (ordered.Content.Order!.PurchaseId, ordered.Content.Order.PriceTotal));
        Assert.Contains("email:ann@example.com", ordered.Identities);
        var searched = events.Single(e => e.Kind == "searchRequestSent");
        Assert.Equal(("s-1", "duffel"), (searched.Content.Search!.Id, searched.Content.Search.Query));
        Assert.Equal(7, (int)events.Single(e => e.Kind == "newsletterOpened").Body["campaign"]!["id"]!);
        Assert.Empty(visitor.Errors);
        Assert.True(visitor.EventRequests() < 5, "Events share requests.");

        static int Order(string kind) => Array.IndexOf(["pageView", "addToCart", "completeCheckout", "searchRequestSent", "newsletterOpened"], kind);
    }

    [Fact]
    public async Task Who_signs_in_is_known_by_the_device_from_then_on()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(host.SdkPage("/sign-in"));
        await visitor.RunAsync("() => { storefront.signIn({ email: 'bo@example.com', customerId: '77' }); storefront.signOut(); }");
        var events = await host.EventsAsync("FPID", await visitor.DeviceAsync(), 3);
        var signIn = events.Single(e => e.Kind == "signIn");
        Assert.Superset(new HashSet<string> { "CustomerId:77", "email:bo@example.com" }, signIn.Identities.ToHashSet());
        Assert.Single(events, e => e.Kind == "signOut");
    }

    [Fact]
    public async Task The_device_stays_the_same_over_pages_in_a_first_party_cookie()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(host.SdkPage("/device-1"));
        var device = await visitor.DeviceAsync();
        Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", device);
        var cookie = (await visitor.CookieWithAttributesAsync("pp_device"))!;
        Assert.Equal((device, SameSiteAttribute.Lax, true), (cookie.Value, cookie.SameSite, cookie.Secure));
        Assert.InRange(DateTimeOffset.FromUnixTimeSeconds((long)cookie.Expires), DateTimeOffset.UtcNow.AddDays(394), DateTimeOffset.UtcNow.AddDays(396));
        await visitor.GoToAsync(host.SdkPage("/device-2"));
        Assert.Equal(device, await visitor.DeviceAsync());
        await visitor.Context.ClearCookiesAsync();
        await visitor.GoToAsync(host.SdkPage("/device-1"));
        Assert.Equal(device, await visitor.DeviceAsync());
    }

    [Fact]
    public async Task What_happens_as_the_page_is_left_arrives_by_beacon()
    {
        host.Site.Page(BrowserHost.Shop + "/elsewhere", "<!doctype html><title>Elsewhere</title>");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(host.SdkPage("/leaving", "", """<a href="/elsewhere">Leave</a>"""));
        await visitor.FlushAsync();
        var device = await visitor.DeviceAsync();
        await visitor.RunAsync("() => { document.querySelector('a').onclick = () => storefront.track('addToCart', { items: [{ sku: 'A' }] }); }");
        await visitor.Page.ClickAsync("a");
        Assert.Equal(["pageView", "addToCart"], (await host.EventsAsync("FPID", device, 2)).Kinds());
        // The next page cannot know and says it again; it counts once all the same.
        await visitor.GoToAsync(host.SdkPage("/back-again"));
        await visitor.FlushAsync();
        Assert.Equal(["pageView", "addToCart", "pageView"], (await host.EventsAsync("FPID", device, 3)).Kinds());
    }

    [Fact]
    public async Task What_happens_offline_arrives_when_the_network_is_back()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(host.SdkPage("/offline"));
        await visitor.FlushAsync();
        var requests = visitor.EventRequests();
        await visitor.Context.SetOfflineAsync(true);
        await visitor.RunAsync(Track, "addToCart");
        await visitor.FlushAsync();
        Assert.Equal(requests, visitor.EventRequests());
        var device = await visitor.DeviceAsync();
        Assert.Single(await host.EventsAsync("FPID", device, 1));
        await visitor.Context.SetOfflineAsync(false);
        Assert.Equal(["pageView", "addToCart"], (await host.EventsAsync("FPID", device, 2)).Kinds());
    }

    [Fact]
    public async Task What_a_page_left_behind_offline_is_sent_by_the_next_one()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(host.SdkPage("/left-behind"));
        await visitor.FlushAsync();
        var device = await visitor.DeviceAsync();
        await visitor.Context.SetOfflineAsync(true);
        await visitor.RunAsync(Track, "addToCart");
        await visitor.GoToAsync("about:blank");
        await visitor.Context.SetOfflineAsync(false);
        await visitor.GoToAsync(host.SdkPage("/left-behind-2"));
        Assert.Equal(["addToCart", "pageView", "pageView"], (await host.EventsAsync("FPID", device, 3)).Kinds().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_platform_that_is_busy_is_asked_again_when_it_says_so()
    {
        await using var visitor = await host.VisitorAsync();
        var refused = new List<DateTimeOffset>();
        await visitor.Context.RouteAsync(SdkPages.EventsDoor, route =>
        {
            lock (refused)
            {
                if (refused.Count == 2)
                    return route.ContinueAsync();
                refused.Add(DateTimeOffset.UtcNow);
            }

            return route.FulfillAsync(new() { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "1", ["Access-Control-Allow-Origin"] = "*", ["Access-Control-Expose-Headers"] = "Retry-After" } });
        });
        await visitor.GoToAsync(host.SdkPage("/busy"));
        Assert.Single(await host.EventsAsync("FPID", await visitor.DeviceAsync(), 1));
        Assert.True(refused[1] - refused[0] >= TimeSpan.FromSeconds(0.95), $"Asked again after {refused[1] - refused[0]}.");
    }

    [Fact]
    public async Task A_page_that_comes_back_from_the_cache_is_viewed_again()
    {
        var one = host.SdkPage("/cached");
        host.Site.Page(BrowserHost.Shop + "/away", "<!doctype html><title>Away</title>");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(one);
        await visitor.RunAsync("() => { window.kept = true; return storefront.flush(); }");
        var device = await visitor.DeviceAsync();
        await visitor.GoToAsync(BrowserHost.Shop + "/away");
        await visitor.Page.GoBackAsync(new() { WaitUntil = WaitUntilState.Commit });
        var events = await host.EventsAsync("FPID", device, 2);
        Assert.True(await visitor.RunAsync<bool>("() => window.kept === true"), "The page was loaded anew, so this shows nothing.");
        Assert.All(events, e => Assert.Equal(("pageView", one), (e.Kind, e.Content.Page!.Url)));
        // And it works on.
        await visitor.RunAsync(Track, "addToCart");
        Assert.Equal(["pageView", "pageView", "addToCart"], (await host.EventsAsync("FPID", device, 3)).Kinds());
    }

    [Theory]
    [InlineData("0;")]
    [InlineData("delete window.navigation; Object.defineProperty(window, 'navigation', { value: undefined });")]
    public async Task A_single_page_shop_counts_a_view_for_each_address(string before)
    {
        var path = before == "0;" ? "/spa" : "/old-spa";
        var start = host.SdkPage(path);
        await using var visitor = await host.VisitorAsync();
        await visitor.Context.AddInitScriptAsync(before);
        await visitor.GoToAsync(start);
        await visitor.RunAsync("""
            async () => {
                const soon = () => new Promise((done) => setTimeout(done, 20));
                history.pushState({}, '', '/spa/bags');
                await soon();
                history.replaceState({ scrolled: 1 }, '', '/spa/bags');
                await soon();
                history.pushState({}, '', '/spa/bags#reviews');
                await soon();
                history.pushState({}, '', '/spa/bags/1');
                storefront.page({ type: 'Product', name: 'Duffel' });
                await soon();
                await storefront.flush();
            }
            """);
        var device = await visitor.DeviceAsync();
        var events = (await host.EventsAsync("FPID", device, 3)).OrderBy(e => e.OccurredAt).ToList();
        Assert.Equal([start, BrowserHost.Shop + "/spa/bags", BrowserHost.Shop + "/spa/bags/1"], events.Select(e => e.Content.Page!.Url));
        Assert.Equal([start, BrowserHost.Shop + "/spa/bags"], events.Skip(1).Select(e => e.Content.Page!.Referrer));
        Assert.Equal(("Product", "Duffel"), (events[2].Content.Page!.SiteSection, events[2].Content.Page!.Name));
        await visitor.RunAsync("() => { history.go(-3); }");
        Assert.Equal(start, (await host.EventsAsync("FPID", device, 4)).MaxBy(e => e.OccurredAt)!.Content.Page!.Url);
    }

    [Fact]
    public async Task A_second_tab_neither_sends_nor_loses_what_the_first_has_to_send()
    {
        var page = host.SdkPage("/tabs");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        await visitor.FlushAsync();
        var device = await visitor.DeviceAsync();
        await visitor.Page.RouteAsync(SdkPages.EventsDoor, route => route.FulfillAsync(
            new() { Status = 503, Headers = new Dictionary<string, string> { ["Retry-After"] = "2", ["Access-Control-Allow-Origin"] = "*", ["Access-Control-Expose-Headers"] = "Retry-After" } }));
        await visitor.RunAsync("() => { storefront.track('fromTheFirst'); return storefront.flush(); }");

        // A tab opened from a page starts with a copy of its session storage, as a duplicate does.
        var second = await visitor.Context.RunAndWaitForPageAsync(() => visitor.RunAsync("() => { window.open(location.href); }"));
        await second.WaitForLoadStateAsync();
        List<string> sent = [];
        second.Request += (_, request) => sent.Add(request.PostData ?? "");
        await second.EvaluateAsync("() => { storefront.track('fromTheSecond'); return storefront.flush(); }");
        Assert.Equal(["fromTheSecond", "pageView", "pageView"], (await host.EventsAsync("FPID", device, 3)).Kinds().Order(StringComparer.Ordinal));
        Assert.DoesNotContain(sent, body => body.Contains("fromTheFirst", StringComparison.Ordinal));

        await visitor.Page.UnrouteAllAsync();
        Assert.Equal(["fromTheFirst", "fromTheSecond", "pageView", "pageView"], (await host.EventsAsync("FPID", device, 4)).Kinds().Order(StringComparer.Ordinal));
    }
}
