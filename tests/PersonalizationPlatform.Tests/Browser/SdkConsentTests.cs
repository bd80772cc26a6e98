using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Our own SDK: what the shopper chooses about it, and what the browser says for them.</summary>
public sealed class SdkConsentTests(BrowserHost host) : IClassFixture<BrowserHost>
{
    [Fact]
    public async Task Until_the_choice_nothing_is_sent_or_kept_and_then_all_of_it()
    {
        var page = host.SdkPage("/pending", """data-consent="pending" """);
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        await visitor.RunAsync("() => { storefront.track('addToCart', { items: [{ sku: 'A' }] }); return storefront.flush(); }");
        Assert.Equal(0, visitor.EventRequests());
        Assert.Empty(await visitor.Context.CookiesAsync([page]));
        Assert.Equal(0, await visitor.RunAsync<int>("() => localStorage.length"));
        Assert.True(await visitor.RunAsync<bool>("() => storefront.device === undefined"));

        await visitor.RunAsync("() => { storefront.consent('in'); }");
        var device = await visitor.DeviceAsync();
        var events = await host.EventsAsync("FPID", device, 2);
        Assert.Equal(["addToCart", "pageView"], events.Kinds().Order(StringComparer.Ordinal));
        await Eventually.TrueAsync("The consent", async () => await ConsentAsync(device) == true);

        // The choice stands on the next page, which still says "pending".
        await visitor.GoToAsync(page);
        Assert.Equal(3, (await host.EventsAsync("FPID", device, 3)).Count);
    }

    [Fact]
    public async Task Who_refuses_is_told_about_once_and_then_left_alone()
    {
        var page = host.SdkPage("/refusing");
        await using var visitor = await host.VisitorAsync();
        await visitor.GoToAsync(page);
        await visitor.FlushAsync();
        var device = await visitor.DeviceAsync();
        Assert.Single(await host.EventsAsync("FPID", device, 1));
        await visitor.RunAsync("() => { storefront.track('unsent'); storefront.consent('out'); storefront.track('refused'); return storefront.flush(); }");
        Assert.Null(await visitor.CookieAsync("pp_device"));
        Assert.True(await visitor.RunAsync<bool>("() => storefront.device === undefined"));
        await Eventually.TrueAsync("The refusal", async () => await ConsentAsync(device) == false);
        Assert.Equal(["pageView"], (await host.EventsAsync("FPID", device)).Kinds());

        var requests = visitor.EventRequests();
        await visitor.GoToAsync(page);
        await visitor.RunAsync("() => { storefront.track('refused'); return storefront.flush(); }");
        Assert.Equal(requests, visitor.EventRequests());
        Assert.Null(await visitor.CookieAsync("pp_device"));

        // A change of mind makes somebody new.
        await visitor.RunAsync("() => { storefront.consent('in'); storefront.track('agreed'); }");
        var anew = await visitor.DeviceAsync();
        Assert.NotEqual(device, anew);
        Assert.Equal(["agreed"], (await host.EventsAsync("FPID", anew, 1)).Kinds());
        await Eventually.TrueAsync("The consent", async () => await ConsentAsync(anew) == true);
    }

    [Theory]
    [InlineData("none", true)]
    [InlineData("header", false)]
    [InlineData("page", false)]
    [InlineData("refused", false)]
    public async Task Privacy_control_and_refusal_leave_default_content_while_events_count(string signal, bool targeted)
    {
        var name = "seen-" + signal;
        await host.Admin.PostJsonAsync("/v1/segments", $$"""
            { "name": "{{name}}", "key": "{{name}}", "condition": { "type": "happened", "event": "{{name}}", "atLeast": 1 } }
            """, HttpStatusCode.Created);
        await host.BlockAsync(name, "<b>For you</b>", name);
        var page = host.SdkPage("/" + name, "", $"""<div data-pp-placement="{name}">For all</div>""");
        await using var visitor = await host.VisitorAsync(options =>
        {
            if (signal == "header")
                options.ExtraHTTPHeaders = [new("Sec-GPC", "1")];
        });
        if (signal is "page")
            await visitor.Context.AddInitScriptAsync("Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true });");
        await visitor.GoToAsync(page);
        var device = await visitor.DeviceAsync();
        await visitor.RunAsync("name => { storefront.track(name); return storefront.flush(); }", name);
        Assert.Equal([name, "pageView"], (await host.EventsAsync("FPID", device, 2)).Kinds().Order(StringComparer.Ordinal).Reverse());
        if (signal == "refused")
            await visitor.RunAsync("() => { storefront.consent('out'); }");
        await visitor.RunAsync("() => storefront.blocks()");
        Assert.Equal(targeted ? "For you" : "For all", await visitor.Page.TextContentAsync("[data-pp-placement]"));
    }

    /// <summary>What the platform holds of a device's consent to collection; null when it was never told.</summary>
    private async Task<bool?> ConsentAsync(string device)
    {
        await using var command = host.Database.CreateCommand("""
            select a.value::text from attribute a join identity i using (identity_id)
            where i.namespace = 'FPID' and i.value = $1 and a.name = 'consent.collect' order by a.at desc limit 1
            """);
        command.Parameters.Add(new() { Value = device });
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is string value ? value == "true" : null;
    }
}
