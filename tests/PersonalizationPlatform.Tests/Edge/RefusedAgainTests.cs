using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>A page's event that could not be stored, and is run again later, becomes the event it would have been.</summary>
public sealed class RefusedAgainTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    [Fact]
    public async Task It_is_about_the_device_that_sent_it_of_its_website_and_known_when_the_page_sends_it_again()
    {
        await host.WebsiteAsync("fr");
        await host.CreateDatastreamAsync("france");
        using (var france = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/datastreams/france",
            $$"""{ "name": "France", "website": "fr", "organization": "{{EdgeShop.Organization}}" }""", headers: ("If-Match", "\"1\"")))
            await france.JsonAsync(HttpStatusCode.OK);
        var ecid = EdgeShop.NewEcid();
        var body = EdgeShop.Events(EdgeShop.Event("commerce.productViews", at: host.Clock.GetUtcNow().AddDays(2)));
        Task<JsonNode> SendAsync() => host.EdgeJsonAsync("interact", body, "early-" + ecid, "france", EdgeShop.Cookies(ecid));
        Assert.Equal("urn:problem:time.inFuture", (string)(await SendAsync())["warnings"]![0]!["type"]!);

        host.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (int)(await RetryAsync("time.inFuture"))["accepted"]!);
        Assert.Contains("productPageView", (await host.Admin.GetJsonAsync($"/v1/profiles/ECID/{ecid}/timeline")).ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("fr", await host.ValueAsync<string>("select website from event where identity_id = $1", host.IdOf("ECID:" + ecid)));
        Assert.Null((await SendAsync())["warnings"]);
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    [Fact]
    public async Task Its_clock_is_as_wrong_as_it_was_then()
    {
        var limits = host.Services.GetRequiredService<IOptions<CollectionLimits>>().Value;
        var ecid = EdgeShop.NewEcid();
        var received = host.Clock.GetUtcNow();
        var xdm = JsonNode.Parse(EdgeShop.Event("commerce.productViews", at: received.AddHours(-3)))!;
        xdm["filling"] = new string('x', limits.MaxEventBytes);
        await host.EdgeJsonAsync("interact", $$$"""{"events":[{"xdm":{{{xdm.ToJsonString()}}}}],"meta":{"queueTimeMillis":4000}}""", ecid, headers: EdgeShop.Cookies(ecid));
        var before = limits.MaxEventBytes;
        try
        {
            limits.MaxEventBytes = before * 2;
            host.Clock.Advance(TimeSpan.FromHours(1));
            Assert.Equal(1, (int)(await RetryAsync("event.tooLarge"))["accepted"]!);
        }
        finally
        {
            limits.MaxEventBytes = before;
        }

        Assert.Equal(received.AddSeconds(-4).UtcDateTime, await host.ValueAsync<DateTime>("select counts_at from event where identity_id = $1", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task It_goes_when_the_device_that_sent_it_is_erased()
    {
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView()), ecid + 1, headers: EdgeShop.Cookies(ecid));
        await host.EdgeJsonAsync("interact", EdgeShop.Events("""{"eventType":"x","timestamp":"soon"}"""), ecid + 2, headers: EdgeShop.Cookies(ecid));
        Assert.Contains("refused_event", await host.TablesNamingAsync(ecid));
        using var erased = await host.Admin.DeleteAsync("/v1/profiles/ECID/" + ecid, TestContext.Current.CancellationToken);
        Assert.True(erased.IsSuccessStatusCode);
        Assert.Empty(await host.TablesNamingAsync(ecid));
    }

    /// <summary>Runs the newest one again that was refused for a reason.</summary>
    private async Task<JsonNode> RetryAsync(string code)
    {
        var newest = (await host.Admin.GetJsonAsync($"/v1/refused-events?code={code}&limit=1"))["items"]![0]!["id"]!;
        return await host.Admin.PostJsonAsync($"/v1/refused-events/{newest}/retry", "");
    }
}
