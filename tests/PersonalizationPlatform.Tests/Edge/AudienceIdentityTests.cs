using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>A page view is answered for the very identity that it is stored under, whatever that is and however it is written.</summary>
public sealed class AudienceIdentityTests(AudienceIdentityTests.ShopHost host) : IClassFixture<AudienceIdentityTests.ShopHost>
{
    private const string Type = "\"eventType\":\"web.webpagedetails.pageViews\",\"timestamp\":\"2026-06-15T12:00:00.000Z\"";

    [Fact]
    public async Task A_shop_that_names_its_visitors_itself_is_answered_for_those()
    {
        var (ecid, loyal) = (EdgeShop.NewEcid(), "l-" + EdgeShop.NewEcid());
        for (var n = 0; n < 2; n++)
        {
            var answer = await SendAsync($$$"""{{{{Type}}},"personID":"{{{ecid}}}","identityMap":{"loyaltyId":[{"id":"{{{loyal}}}","primary":true}]}}""", ecid + n, EdgeShop.Cookies(ecid));
            Assert.Equal(["viewers"], answer.Audiences());
            Assert.Equal(ecid, answer.Ecid());
        }

        Assert.Equal(2, await host.ValueAsync<long>("select count(*) from event where identity_id = $1", host.IdOf("loyaltyId:" + loyal)));
        // What was done under that name counts, and what the device did does not.
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productListAdds", ecid)), ecid + "add");
        Assert.Equal(["viewers"], (await SendAsync($$$"""{{{{Type}}},"identityMap":{"loyaltyId":[{"id":"{{{loyal}}}","primary":true}]}}""", ecid + 3, EdgeShop.Cookies(ecid))).Audiences());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_first_party_id_stands_for_its_device_and_is_not_kept_itself(bool inEvent)
    {
        var fpid = Guid.NewGuid().ToString();
        var map = $$$"""{"FPID":[{"id":"{{{fpid}}}","primary":true}]}""";
        var body = inEvent
            ? $$$"""{"events":[{"xdm":{{{{Type}}},"identityMap":{{{map}}}}}],{{{EdgeShop.Asking}}}}"""
            : $$$"""{"identityMap":{{{map}}},"events":[{"xdm":{{{{Type}}}}}],{{{EdgeShop.Asking}}}}""";
        var answer = await host.EdgeJsonAsync("interact", body, fpid);
        Assert.Equal(["viewers"], answer.Audiences());
        Assert.Equal("ECID:" + answer.Ecid(), await OwnerAsync(answer.Ecid()));
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from identity where namespace = 'FPID'"));
        // The cookie of the answer names the same device as the shop's own name for it.
        Assert.Equal(["viewers"], (await SendAsync($$$"""{{{{Type}}}}""", fpid + 2, EdgeShop.Cookies(answer.Ecid()))).Audiences());
        Assert.Equal(2, await host.CountAsync(answer.Ecid()));
    }

    [Fact]
    public async Task A_device_that_only_person_id_names_is_that_device_even_beside_a_cookie()
    {
        var (ecid, cookie) = (EdgeShop.NewEcid(), EdgeShop.NewEcid());
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productListAdds", ecid)), ecid);
        foreach (var (headers, n) in new[] { (Array.Empty<(string, string)>(), 1), ([EdgeShop.Cookies(cookie)], 2) })
        {
            var answer = await SendAsync($$$"""{{{{Type}}},"personID":"{{{ecid}}}"}""", ecid + n, headers);
            Assert.Equal(["adders", "viewers"], answer.Audiences());
            Assert.Equal(ecid, answer.Ecid());
        }

        Assert.Equal(0, await host.CountAsync(cookie));
    }

    [Theory]
    [InlineData("""{"ecid":[{"id":"X"}]}""")]
    [InlineData("""{"ECID":["X"]}""")]
    [InlineData("""{"ECID":{"id":"X"}}""")]
    [InlineData("""{"ECID":"X"}""")]
    [InlineData("""{"ECID":[{"xid":"X"}]}""")]
    [InlineData("""{"ECID":[{"id":null},{"id":"X"}]}""")]
    public async Task However_the_device_is_written_it_is_that_device(string map)
    {
        var ecid = EdgeShop.NewEcid();
        map = map.Replace("X", ecid, StringComparison.Ordinal);
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productListAdds", ecid)), ecid);
        var inEvent = await SendAsync($$$"""{{{{Type}}},"identityMap":{{{map}}}}""", ecid + 1);
        var forAll = await host.EdgeJsonAsync("interact", $$$"""{"xdm":{"identityMap":{{{map}}}},"events":[{"xdm":{{{{Type}}}}}],{{{EdgeShop.Asking}}}}""", ecid + 2);
        foreach (var answer in new[] { inEvent, forAll })
        {
            Assert.Equal(["adders", "viewers"], answer.Audiences());
            Assert.Equal(ecid, answer.Ecid());
        }
    }

    [Fact]
    public async Task Of_two_devices_the_primary_one_is_meant()
    {
        var (first, second) = (EdgeShop.NewEcid(), EdgeShop.NewEcid());
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productListAdds", second)), second);
        var answer = await SendAsync($$$"""{{{{Type}}},"identityMap":{"ECID":[{"id":"{{{first}}}","primary":false},{"id":"{{{second}}}","primary":true}]}}""", second + 1);
        Assert.Equal(second, answer.Ecid());
        Assert.Equal(["adders", "viewers"], answer.Audiences());
        Assert.Equal("ECID:" + second, await OwnerAsync(second));
    }

    [Fact]
    public async Task A_signed_in_shopper_is_answered_with_what_the_person_did()
    {
        var (ecid, customer) = (EdgeShop.NewEcid(), "c-" + EdgeShop.NewEcid());
        var answer = await SendAsync($$$"""{{{{Type}}},"identityMap":{"CustomerId":[{"id":"{{{customer}}}","primary":true}]}}""", ecid, EdgeShop.Cookies(ecid));
        Assert.Equal(["viewers"], answer.Audiences());
        Assert.Equal(1, await host.ValueAsync<long>("select count(*) from event where identity_id = $1", host.IdOf("CustomerId:" + customer)));
    }

    private Task<JsonNode> SendAsync(string xdm, string requestId, params (string Name, string Value)[] headers) => host.EdgeJsonAsync("interact", EdgeShop.Events(xdm), requestId, headers: headers);

    private Task<string> OwnerAsync(string ecid) => host.ValueAsync<string>(
        "select i.namespace || ':' || i.value from event e join identity i using (identity_id) where $1 = any(e.identity_ids) and e.kind = 'pageView' limit 1", host.IdOf("ECID:" + ecid));

    /// <summary>A shop whose audiences are those who looked at a page and those who put something into a cart.</summary>
    public sealed class ShopHost(PlatformServer server) : QuietEdgeHost(server)
    {
        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await this.CreateDatastreamAsync();
            await this.CreateAudienceAsync("adders", "addToCart", "adders");
            await this.CreateAudienceAsync("viewers", "pageView", "viewers");
        }
    }
}
