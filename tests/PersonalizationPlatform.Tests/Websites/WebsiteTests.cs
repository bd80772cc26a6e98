using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Tests.Websites;

public sealed class WebsiteTests(PlatformServer server) : IAsyncLifetime
{
    private readonly Shop host = new(server);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task The_base_website_and_four_groups_are_there_from_the_start()
    {
        Assert.Equal(["base 1"], (await host.Admin.GetJsonAsync("/v1/websites"))["items"]!.AsArray().Select(site => $"{site!["code"]} {site["number"]}"));
        Assert.Equal(
            ["0 NOT LOGGED IN", "1 General", "2 Wholesale", "3 Retailer"],
            (await host.Admin.GetJsonAsync("/v1/customer-groups"))["items"]!.AsArray().Select(group => $"{group!["number"]} {group["code"]}"));
        var websites = await host.Services.GetRequiredService<LiveWebsites>().CurrentAsync(Cancellation);
        Assert.Equal(("base", "CHF", TimeZoneInfo.Utc), (websites.Of(null).Code, websites.Of("BASE").Currency, websites.Of("base").TimeZone));
        Assert.Equal(("eu", "EUR", 0), (websites.Of("eu").Code, websites.Of("eu").Currency, websites.Of("eu").Number));
        Assert.Equal(("nowhere", "CHF"), (websites.Of("nowhere").Code, websites.Of("nowhere").Currency));
        var lists = websites.Of("base").RelatedProducts;
        Assert.Equal((6, 8, 5), (lists.Related.Max, lists.UpSell.Max, lists.CrossSell.Max));
        Assert.Equal(CartRuleSettings.Default, websites.Of("base").CartRules);
        Assert.Equal(4, websites.Groups.Count);
    }

    [Fact]
    public async Task Settings_are_read_as_they_were_put_and_what_is_left_out_has_its_default_on_every_node()
    {
        await PutAsync("websites/eu", """
            { "number": 2, "name": "Europe", "currency": "EUR", "timeZone": "Europe/Berlin", "storeViews": [ { "code": "de", "name": "Deutsch" } ],
              "cartRules": { "conditionTotalsBasis": "eligibleItems", "allowYGreaterThanX": true, "shippingShareBase": 56, "maxCouponsPerOrder": 1,
                "tax": { "itemRate": 20, "shippingRate": 7.5, "applyAfterDiscount": true, "discountOnPricesInclTax": true } },
              "relatedProducts": { "upSell": { "show": "ruleBased", "rotation": "weightedRandom" }, "crossSell": { "max": 0 } } }
            """);
        await using var node = await SecondNode.StartAsync(server, host);
        var eu = (await node.Services.GetRequiredService<LiveWebsites>().CurrentAsync(Cancellation)).ByNumber(2)!;
        Assert.Equal(("eu", "Europe", "EUR"), (eu.Code, eu.Name, eu.Currency));
        Assert.Equal(new(2026, 6, 16), eu.DayOf(new(2026, 6, 15, 22, 0, 0, TimeSpan.Zero)));
        Assert.Equal((ConditionTotalsBasis.EligibleItems, true, true, 56m, 1), (
            eu.CartRules.ConditionTotalsBasis, eu.CartRules.AllowYGreaterThanX, eu.CartRules.NegativeOperatorsOnMissingAttributes, eu.CartRules.ShippingShareBase!.Value, eu.CartRules.MaxCouponsPerOrder));
        Assert.Equal((20m, 7.5m, true, true, false), (
            eu.CartRules.Tax!.ItemRate, eu.CartRules.Tax.ShippingRate, eu.CartRules.Tax.ApplyAfterDiscount, eu.CartRules.Tax.DiscountOnPricesInclTax, eu.CartRules.Tax.PricesIncludeTax));
        Assert.Equal((6, ShownProducts.Both, 8, ShownProducts.RuleBased, ListRotation.WeightedRandom, 0), (
            eu.RelatedProducts.Related.Max, eu.RelatedProducts.Related.Show, eu.RelatedProducts.UpSell.Max, eu.RelatedProducts.UpSell.Show,
            eu.RelatedProducts.UpSell.Rotation, eu.RelatedProducts.CrossSell.Max));
        Assert.Equal([new StoreView("de", "Deutsch")], eu.StoreViews);

        // What was read can be put again.
        var read = await host.Admin.GetJsonAsync("/v1/websites/EU");
        await PutAsync("websites/eu", read.ToJsonString());
        await PutAsync("websites/base", "{}");
        Assert.Equal(8, RelatedProductSettings.Default.UpSell.Max);
    }

    [Theory]
    [InlineData("""{ "currency": "euro" }""", "website.currency")]
    [InlineData("""{ "timeZone": "Mars/Base" }""", "website.timeZone")]
    [InlineData("""{ "number": 0 }""", "website.number")]
    [InlineData("""{ "storeViews": [ { "code": "a", "name": "A" }, { "code": "A", "name": "B" } ] }""", "website.storeViewTwice")]
    [InlineData("""{ "cartRules": { "maxCouponsPerOrder": 0 } }""", "website.maxCoupons")]
    [InlineData("""{ "cartRules": { "tax": { "itemRate": -1 } } }""", "website.taxRate")]
    [InlineData("""{ "cartRules": { "colour": 1 } }""", "json.unknownMember")]
    [InlineData("""{ "relatedProducts": { "related": { "max": 101 } } }""", "website.listMax")]
    [InlineData("""{ "relatedProduct": {} }""", "json.unknownMember")]
    public async Task What_is_wrong_is_told(string body, string code)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/websites/x", body);
        Assert.Equal([code], (await put.JsonAsync(HttpStatusCode.BadRequest))["errors"]!.AsArray().Select(error => (string)error!["code"]!));
    }

    [Fact]
    public async Task Numbers_and_store_views_belong_to_one_website_and_versions_to_one_editor()
    {
        await PutAsync("websites/us", """{ "storeViews": [ { "code": "en", "name": "English" } ] }""");
        Assert.Equal(2, (int)(await host.Admin.GetJsonAsync("/v1/websites/us"))["number"]!);
        await PutAsync("websites/47", "{}");
        Assert.Equal(47, (int)(await host.Admin.GetJsonAsync("/v1/websites/47"))["number"]!);
        await RefusedAsync("websites/uk", """{ "number": 2 }""", HttpStatusCode.Conflict, "website.numberTaken");
        await RefusedAsync("websites/uk", """{ "storeViews": [ { "code": "EN", "name": "English" } ] }""", HttpStatusCode.Conflict, "website.storeViewTaken");
        await RefusedAsync("websites/us", "{}", HttpStatusCode.PreconditionFailed, "http.versionMismatch", ("If-Match", "\"9\""));
        await RefusedAsync("websites/US", "{}", HttpStatusCode.PreconditionRequired, "http.ifMatchRequired");
        using var read = await host.Admin.GetAsync("/v1/websites/us", Cancellation);
        using var edited = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/websites/us", """{ "name": "States" }""", headers: ("If-Match", read.Headers.ETag!.Tag));
        Assert.Equal("States", (string)(await edited.JsonAsync(HttpStatusCode.OK))["name"]!);
        await host.WebsiteAsync("new");
        await RefusedAsync("customer-groups/9", """{ "code": "general" }""", HttpStatusCode.Conflict, "customerGroup.codeTaken");
        await RefusedAsync("customer-groups/32000", """{ "code": "All" }""", HttpStatusCode.BadRequest, "customerGroup.invalid");
    }

    [Fact]
    public async Task Groups_come_and_go_but_the_one_of_those_not_logged_in()
    {
        await PutAsync("customer-groups/7", """{ "code": "Club" }""");
        var live = host.Services.GetRequiredService<LiveWebsites>();
        Assert.Equal(new CustomerGroup(7, "Club"), (await live.CurrentAsync(Cancellation)).Groups[^1]);
        using var deleted = await host.Admin.DeleteAsync("/v1/customer-groups/7", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(4, (await live.CurrentAsync(Cancellation)).Groups.Count);
        using var kept = await host.Admin.DeleteAsync("/v1/customer-groups/0", Cancellation);
        Assert.Equal("customerGroup.notLoggedIn", (string)(await kept.JsonAsync(HttpStatusCode.Conflict))["code"]!);
    }

    [Fact]
    public async Task An_unknown_number_gets_a_website_of_its_own_once()
    {
        await using var scope = host.Services.CreateAsyncScope();
        var editor = scope.ServiceProvider.GetRequiredService<WebsiteEditor>();
        Assert.Equal("base", await editor.EnsureAsync(1, Cancellation));
        Assert.Equal("12", await editor.EnsureAsync(12, Cancellation));
        Assert.Equal("12", await editor.EnsureAsync(12, Cancellation));
        Assert.Equal("12", (await host.Services.GetRequiredService<LiveWebsites>().CurrentAsync(Cancellation)).ByNumber(12)!.Code);
    }

    [Fact]
    public async Task Another_currency_gives_the_segments_of_the_website_a_new_meaning_and_nothing_else_does()
    {
        var segment = (Guid)(await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Spenders", "website": "eu" }""", HttpStatusCode.Created))["id"]!;
        var definitions = host.Services.GetRequiredService<SegmentDefinitions>();
        var before = await definitions.CurrentAsync(Cancellation);
        Assert.Equal("EUR", before.InOrder.Single().Settings.Currency);
        await PutAsync("websites/eu", """{ "name": "Europe" }""");
        await PutAsync("websites/other", """{ "currency": "JPY" }""");
        var between = await definitions.CurrentAsync(Cancellation);
        Assert.Equal(before.InOrder.Single().ChangedEpoch, between.InOrder.Single().ChangedEpoch);

        await PutAsync("websites/eu", """{ "currency": "SEK" }""");
        var after = await definitions.CurrentAsync(Cancellation);
        Assert.Equal("SEK", after.InOrder.Single().Settings.Currency);
        Assert.Equal(segment, after.InOrder.Single().Id.Value);
        Assert.Equal(after.Epoch, after.InOrder.Single().ChangedEpoch);
        Assert.Equal(await DefinitionEpoch.CurrentAsync(host.Database, Cancellation), after.Epoch);
    }

    private async Task PutAsync(string path, string body)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/" + path, body, headers: ("If-Match", "*"));
        await put.JsonAsync(HttpStatusCode.OK);
    }

    private async Task RefusedAsync(string path, string body, HttpStatusCode status, string code, params (string Name, string Value)[] headers)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/" + path, body, headers: headers);
        Assert.Equal(code, (string)(await put.JsonAsync(status))["code"]!);
    }

    private sealed class Shop(PlatformServer server) : PlatformHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Shop:Currency", "CHF"), new("Shop:Websites:eu:Currency", "EUR")];
    }
}
