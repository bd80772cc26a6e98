namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Adobe's Web SDK by itself, unmodified and without Adobe's collector, under a base path of the page's choice.</summary>
public sealed class AlloyTests(StorefrontHost host) : IClassFixture<StorefrontHost>
{
    private const string SendEvent = """
        ([id, type]) => alloy('sendEvent', {
            xdm: { _id: id, eventType: type, productListItems: [{ SKU: 'WJ06', quantity: 1, priceTotal: 62, currencyCode: 'USD' }] },
            data: { __adobe: {}, colour: 'green' },
        }).then(result => Object.keys(result))
        """;

    private const string Identity = "alloy('getIdentity').then(result => result.identity.ECID)";
    private const string Consent = "general => alloy('setConsent', { consent: [{ standard: 'Adobe', version: '1.0', value: { general } }] })";

    [Theory]
    [InlineData("/alloy-2.32", "alloy-2.32")]
    [InlineData("/alloy-2.33", "alloy-2.33")]
    public async Task Events_identity_and_consent_are_as_the_page_says(string page, string id)
    {
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(BrowserHost.Shop + page);
        // Consent is pending: this waits in the page until it is given.
        var waiting = visitor.RunAsync<string[]>(SendEvent, new[] { id + "-1", "commerce.productViews" });
        await visitor.RunAsync(Consent, "in");
        await waiting;
        var ecid = await visitor.RunAsync<string>(Identity);
        Assert.Equal(ecid, await visitor.EcidAsync());
        var stored = Assert.Single(await StoredAsync(ecid));
        Assert.Equal((id + "-1", "productPageView", "WJ06"), (stored.Id, stored.Kind, stored.Content.Items[0].Sku));
        Assert.Equal("base", stored.Website);

        await visitor.RunAsync(Consent, "out");
        await visitor.RunAsync($"({SendEvent})(['{id}-2', 'commerce.productListAdds']).catch(() => 0)");
        await visitor.RunAsync(Consent, "in");
        await visitor.RunAsync<string[]>(SendEvent, new[] { id + "-3", "commerce.productListAdds" });
        Assert.Equal([id + "-1", id + "-3"], (await StoredAsync(ecid)).Select(ev => ev.Id));
        Assert.All(visitor.EdgeCalls(), call => Assert.StartsWith("edge.shop.test/personal/v1/", call, StringComparison.Ordinal));
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task The_module_asks_for_an_identity_before_anything_else_and_keeps_it()
    {
        await using var visitor = await host.VisitorAsync();
        await OpenModuleAsync(visitor, "ee", null);
        var ecid = await visitor.RunAsync<string>(Identity);
        Assert.Equal(["edge.shop.test/ee/v1/identity/acquire"], visitor.EdgeCalls());
        await visitor.RunAsync<string[]>(SendEvent, new[] { "module-1", "web.webpagedetails.pageViews" });
        await OpenModuleAsync(visitor, "ee", null);
        Assert.Equal(ecid, await visitor.RunAsync<string>($"async () => {{ {Documented.Block("ecid")} return ecid; }}"));
        Assert.Equal("module-1", Assert.Single(await StoredAsync(ecid)).Id);
        Assert.Empty(visitor.Errors);
    }

    [Fact]
    public async Task An_event_without_an_id_sent_while_the_page_goes_away_arrives_once()
    {
        await using var visitor = await host.VisitorAsync();
        await OpenModuleAsync(visitor, "ee", null);
        var ecid = await visitor.RunAsync<string>(Identity);
        await visitor.RunAsync("addEventListener('pagehide', () => { alloy('sendEvent', { documentUnloading: true, xdm: { eventType: 'commerce.productListAdds' } }); })");
        await visitor.GoToAsync("about:blank");
        await Eventually.TrueAsync("The event of the page that went away", async () => (await StoredAsync(ecid)).Count > 0);
        Assert.Equal("addToCart", Assert.Single(await StoredAsync(ecid)).Kind);
    }

    [Theory]
    [InlineData("y", 1)]
    [InlineData("n", 0)]
    public async Task Consent_in_adobes_second_standard_is_understood(string value, int events)
    {
        await using var visitor = await host.VisitorAsync();
        await OpenModuleAsync(visitor, "ee", "pending");
        await visitor.RunAsync("val => alloy('setConsent', { consent: [{ standard: 'Adobe', version: '2.0', value: { collect: { val } } }] })", value);
        var ecid = await visitor.EcidAsync();
        await visitor.RunAsync($"({SendEvent})(['second-{value}', 'commerce.productViews']).catch(() => 0)");
        Assert.Equal(events, (await StoredAsync(ecid)).Count);
        Assert.Equal(value == "y" ? "general=in" : "general=out", Uri.UnescapeDataString((await visitor.CookieAsync(StorefrontHost.ConsentCookie))!));
    }

    private static async Task OpenModuleAsync(Visitor visitor, string basePath, string? consent)
    {
        await visitor.GoToAsync(BrowserHost.Shop + "/alloy-module");
        await visitor.UntilAsync("() => window.createInstance");
        await visitor.RunAsync(
            """
            ([datastreamId, edgeBasePath, defaultConsent]) => {
                window.alloy = createInstance({ name: 'alloy' });
                return alloy('configure', {
                    datastreamId, edgeBasePath, orgId: '0123456789ABCDEF01234567@AdobeOrg', edgeDomain: 'edge.shop.test', thirdPartyCookiesEnabled: false, clickCollectionEnabled: false,
                    ...(defaultConsent ? { defaultConsent } : {}),
                });
            }
            """,
            new[] { StorefrontHost.ConfigId, basePath, consent });
    }

    /// <summary>What the visitor did, without choices of consent.</summary>
    private async Task<IReadOnlyList<StoredEvent>> StoredAsync(string ecid) => [.. (await host.EventsAsync("ECID", ecid)).Where(ev => ev.Kind != StoredEvents.Consent)];
}
