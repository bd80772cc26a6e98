using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Adobe's storefront SDK and collector, unmodified, in a real browser against the service.</summary>
public sealed class OfficialCollectorTests(StorefrontHost host) : IClassFixture<StorefrontHost>
{
    /// <summary>How the SDK calls each event, and how we do.</summary>
    private static readonly (string Published, string Kind)[] Everything =
    [
        ("pageView", "pageView"), ("productPageView", "productPageView"), ("searchRequestSent", "searchRequestSent"), ("searchResponseReceived", "searchResponseReceived"),
        ("openCart", "openCart"), ("addToCart", "addToCart"), ("removeFromCart", "removeFromCart"), ("shoppingCartView", "shoppingCartView"),
        ("initiateCheckout", "startCheckout"), ("placeOrder", "completeCheckout"), ("signIn", "signIn"), ("createAccount", "createAccount"), ("editAccount", "editAccount"),
        ("signOut", "signOut"), ("createRequisitionList", "createRequisitionList"), ("addToRequisitionList", "addToRequisitionList"),
        ("removeFromRequisitionList", "removeFromRequisitionList"), ("deleteRequisitionList", "deleteRequisitionList"),
    ];

    /// <summary>What collector 1.5.4 does not know yet.</summary>
    private static readonly string[] Newer = ["deleteRequisitionList"];

    [Theory]
    [InlineData("/headless", "everything-headless", true)]
    [InlineData("/scripts-1.12", "everything-1.12", true)]
    [InlineData("/scripts-1.5", "everything-1.5", false)]
    public async Task Every_event_of_the_sdk_arrives_once_as_what_it_is(string page, string who, bool newest)
    {
        var published = Everything.Where(ev => newest || !Newer.Contains(ev.Published)).ToList();
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync(page, new { account = new { email = who + "@example.com", id = who }, cart = who, orderId = who, listId = who, searchRequestId = who });
        foreach (var (name, _) in published)
            await visitor.PublishAsync(name, $"{who}-{name}");

        var ecid = await visitor.EcidAsync();
        var events = await host.EventsAsync("ECID", ecid, published.Count);
        Assert.Equal(published.Select(ev => ($"{who}-{ev.Published}", ev.Kind)).Order(), events.Select(ev => (ev.Id!, ev.Kind)).Order());
        Assert.All(events, ev => Assert.Equal("base", ev.Website));
        AssertUnderstood(events.ToDictionary(ev => ev.Kind), who);
        Assert.Contains("general=in", await visitor.CookieAsync(StorefrontHost.ConsentCookie), StringComparison.Ordinal);
        Assert.Equal("MCMID|" + ecid, await visitor.CookieAsync(StorefrontHost.VisitorCookie));
        Assert.DoesNotContain(visitor.EdgeCalls(), call => call.StartsWith("adobedc", StringComparison.Ordinal));
        Assert.Empty(visitor.Errors);
    }

    [Theory]
    [InlineData("/scripts-1.18", "guest")]
    [InlineData("/eds", "guest-eds")]
    public async Task What_guests_do_arrives_once_without_any_event_ids(string page, string who)
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync(page, new { cart = who, orderId = who });
        string[] kinds = ["pageView", "addToCart", "addToCart", "placeOrder", "signIn"];
        foreach (var name in kinds)
            await visitor.PublishAsync(name);
        var events = await host.EventsAsync("ECID", await visitor.EcidAsync(), kinds.Length);
        Assert.Equal(["addToCart", "addToCart", "completeCheckout", "pageView", "signIn"], events.Select(ev => ev.Kind).Order());
        Assert.All(events, ev => Assert.Null(ev.Id));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Way_B_with_an_own_alloy_and_base_path_brings_events_and_audiences()
    {
        var audience = await NewAudienceAsync("way-b", "addToCart", "way-b-cart");
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync("/way-b", new { cart = "way-b-cart" });
        await visitor.PublishAsync("addToCart", "way-b-1");
        var ecid = await visitor.EcidAsync();
        await host.EventsAsync("ECID", ecid, 1);
        await visitor.PublishAsync("pageView", "way-b-2");
        var events = await host.EventsAsync("ECID", ecid, 2);
        Assert.Equal(["way-b-1", "way-b-2"], events.Select(ev => ev.Id).Order());
        await AssertAudiencesAsync(visitor, audience);
        Assert.NotEmpty(visitor.EdgeCalls());
        Assert.All(visitor.EdgeCalls(), call => Assert.StartsWith("edge.shop.test/personal/v1/", call, StringComparison.Ordinal));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task The_page_whose_event_decides_has_the_audience()
    {
        var viewed = await NewAudienceAsync("same-page-view", "pageView", null);
        var carted = await NewAudienceAsync("same-page-cart", "addToCart", "same-page-cart");
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync("/headless", new { cart = "same-page-cart" });
        await visitor.PublishAsync("pageView", "same-page-1");
        await AssertAudiencesAsync(visitor, viewed);

        // Without loading another page: the next page view of a single-page storefront.
        await visitor.PublishAsync("addToCart", "same-page-2");
        await host.EventsAsync("ECID", await visitor.EcidAsync(), 2);
        await visitor.PublishAsync("pageView", "same-page-3");
        await AssertAudiencesAsync(visitor, viewed, carted);
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Consent_is_honoured_out_and_in_again()
    {
        var audience = await NewAudienceAsync("consent", "pageView", null);
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync("/headless");
        await visitor.PublishAsync("pageView", "consent-1");
        var ecid = await visitor.EcidAsync();
        await AssertAudiencesAsync(visitor, audience);
        await AssertConsentAsync(visitor, "general=in");

        var (outNow, inAgain) = Documented.Block("consent").Split('\n', 2) is [var first, var second] ? (first, second) : throw new InvalidOperationException();
        await visitor.RunAsync(outNow);
        await AssertConsentAsync(visitor, "general=out");
        Assert.False(await MayCollectAsync(ecid));
        await visitor.PublishAsync("productPageView", "consent-2");
        await visitor.PublishAsync("pageView", "consent-3");
        await Eventually.TrueAsync("The end of the audiences", async () => await visitor.CookieAsync(StorefrontHost.AudienceCookie) is null or "");

        await visitor.RunAsync(inAgain);
        await AssertConsentAsync(visitor, "general=in");
        await visitor.PublishAsync("pageView", "consent-4");
        await AssertAudiencesAsync(visitor, audience);
        Assert.True(await MayCollectAsync(ecid));
        Assert.Equal(["consent-1", "consent-4"], (await host.EventsAsync("ECID", ecid, 2)).Select(ev => ev.Id));
    }

    [Fact]
    public async Task Who_asks_by_their_browser_not_to_be_targeted_is_in_no_audience()
    {
        await NewAudienceAsync("privacy-control", "pageView", null);
        await using var visitor = await host.VisitorAsync(browser => browser.ExtraHTTPHeaders = [new("Sec-GPC", "1")]);
        await visitor.OpenShopAsync("/headless");
        await visitor.PublishAsync("pageView", "privacy-control-1");
        await host.EventsAsync("ECID", await visitor.EcidAsync(), 1);
        await Eventually.TrueAsync("The answer to the page view", async () => await visitor.CookieAsync(StorefrontHost.AudienceCookie) is not null);
        Assert.Equal("", await visitor.CookieAsync(StorefrontHost.AudienceCookie));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task Who_refused_before_the_first_page_leaves_nothing()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.Context.AddCookiesAsync([new() { Name = "mg_dnt", Value = "1", Domain = "www.shop.test", Path = "/", Secure = true }]);
        await visitor.OpenShopAsync("/headless");
        await visitor.PublishAsync("pageView", "refused-1");
        await visitor.PublishAsync("addToCart", "refused-2");
        await AssertConsentAsync(visitor, "general=out");
        Assert.False(await MayCollectAsync(await visitor.EcidAsync()));
        Assert.All(await host.EventsAsync("ECID", await visitor.EcidAsync()), ev => Assert.Equal(StoredEvents.Consent, ev.Kind));
        Assert.Empty(await visitor.CookieAsync(StorefrontHost.AudienceCookie) ?? "");
        Assert.DoesNotContain(visitor.EdgeCalls(), call => call.EndsWith("/interact", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/headless", "errors-1.18")]
    [InlineData("/scripts-1.12", "errors-1.12")]
    [InlineData("/scripts-1.5", "errors-1.5")]
    public async Task With_the_identity_set_beforehand_nobody_calls_the_third_party(string page, string id)
    {
        var called = 0;
        host.Site.Answer(StorefrontHost.Demdex + "/ee/v1/privacy/set-consent", context =>
        {
            Interlocked.Increment(ref called);
            context.Response.StatusCode = 400;
            return Task.CompletedTask;
        });
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync(page);
        await visitor.PublishAsync("pageView", id);
        Assert.Equal(id, Assert.Single(await host.EventsAsync("ECID", await visitor.EcidAsync(), 1)).Id);
        Assert.Equal(0, called);
    }

    [Fact]
    public async Task The_newest_collector_comes_to_us_when_the_third_party_cannot_be_reached()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.Context.RouteAsync(StorefrontHost.Demdex + "/**", route => route.AbortAsync());
        await visitor.OpenShopAsync("/headless-without-identity");
        await visitor.PublishAsync("pageView", "fallback");
        Assert.Equal("fallback", Assert.Single(await host.EventsAsync("ECID", await visitor.EcidAsync(), 1)).Id);
        Assert.StartsWith("adobedc.demdex.net/", visitor.EdgeCalls()[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_under_a_foreign_name_knows_the_visitor_by_what_the_page_keeps()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync("/scripts-third-party");
        await visitor.PublishAsync("pageView", "foreign-1");
        var ecid = await visitor.EcidAsync();
        await host.EventsAsync("ECID", ecid, 1);
        await visitor.OpenShopAsync("/scripts-third-party");
        await visitor.PublishAsync("addToCart", "foreign-2");
        await host.EventsAsync("ECID", ecid, 2);
        Assert.All(visitor.EdgeCalls(), call => Assert.StartsWith("api.platform.test/ee/v1/", call, StringComparison.Ordinal));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task A_visitor_stays_the_same_from_page_to_page()
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.OpenShopAsync("/headless");
        await visitor.PublishAsync("pageView", "stays-1");
        var ecid = await visitor.EcidAsync();
        await host.EventsAsync("ECID", ecid, 1);
        await visitor.OpenShopAsync("/scripts-1.18");
        await visitor.PublishAsync("pageView", "stays-2");
        await host.EventsAsync("ECID", ecid, 2);
        Assert.Equal(ecid, await visitor.EcidAsync());
    }

    /// <summary>An audience of those who did something, with the cart they did it with if that is told.</summary>
    private async Task<string> NewAudienceAsync(string key, string kind, string? cart)
    {
        var where = cart is null ? "" : $$""", "where": { "type": "compare", "field": "event.cart.id", "operator": "equals", "value": "{{cart}}" }""";
        await host.Admin.PostJsonAsync("/v1/segments", $$"""{ "key": "{{key}}", "name": "{{key}}", "condition": { "type": "happened", "event": "{{kind}}"{{where}} } }""", HttpStatusCode.Created);
        var audience = Documented.Block("audience").Replace("jacket-lovers", key, StringComparison.Ordinal).Replace("Jacket lovers", key, StringComparison.Ordinal);
        return (string)(await host.Admin.PostJsonAsync("/v1/audiences", audience, HttpStatusCode.Created))["externalId"]!;
    }

    /// <summary>The cookie holds these audiences and perhaps those of other tests.</summary>
    private static async Task AssertAudiencesAsync(Visitor visitor, params string[] audiences) => await Eventually.TrueAsync(
        "The audiences " + string.Join(", ", audiences),
        async () => audiences.All(((await visitor.CookieAsync(StorefrontHost.AudienceCookie)) ?? "").Split(',').Contains));

    private static async Task AssertConsentAsync(Visitor visitor, string consent) => await Eventually.TrueAsync(
        "The consent " + consent, async () => Uri.UnescapeDataString(await visitor.CookieAsync(StorefrontHost.ConsentCookie) ?? "") == consent);

    /// <summary>What the service has kept as the visitor's choice.</summary>
    private async Task<bool> MayCollectAsync(string ecid) => (bool)(await host.Admin.GetJsonAsync("/v1/profiles/ECID/" + ecid))["consents"]!["collect"]!;

    private static void AssertUnderstood(Dictionary<string, StoredEvent> events, string who)
    {
        Assert.Equal(("PDP", "Juno Jacket"), (events["pageView"].Content.Page?.SiteSection, events["pageView"].Content.Page?.Name));
        Assert.Equal(("WJ06-XS-Green", 62m), (events["productPageView"].Content.Items[0].Sku, events["productPageView"].Content.Items[0].Total));
        Assert.Equal(who, events["addToCart"].Content.Cart?.Id);
        Assert.Equal(("WJ06-XS-Green", 2m), (events["addToCart"].Content.Items[0].Sku, events["addToCart"].Content.Items[0].Quantity));
        Assert.Equal(["WJ06-XS-Green", "MH02-S-Black"], events["shoppingCartView"].Content.Items.Select(item => item.Sku));
        Assert.Equal((who, "USD"), (events["completeCheckout"].Content.Order?.PurchaseId, events["completeCheckout"].Content.Order?.Currency));
        Assert.Contains($"email:{who}@example.com", events["completeCheckout"].Identities);
        Assert.Contains($"email:{who}@example.com", events["signIn"].Identities);
        Assert.Equal("red pants", events["searchRequestSent"].Content.Search?.Query);
        Assert.Equal(2, events["searchResponseReceived"].Content.Items.Count);
        Assert.Equal(who, events["addToRequisitionList"].Content.RequisitionList?.Id);
    }
}
