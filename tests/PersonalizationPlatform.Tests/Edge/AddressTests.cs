using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>Under which addresses clients reach the Edge door, and under which they do not.</summary>
public sealed class AddressTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    [Theory]
    [InlineData("/ee/v1/interact")]
    [InlineData("/custom/v1/interact")]
    [InlineData("/ee/or2/v1/interact")]
    [InlineData("/my-base_1.2/irl1/v1/interact")]
    [InlineData("/api/ee/or2/v1/interact")]
    [InlineData("/demo/v1/interact")]
    [InlineData("/v1/v1/interact")]
    public async Task Any_base_and_any_hint_lead_here(string path)
    {
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync(path, EdgeShop.Events(EdgeShop.PageView(ecid)), ecid);
        Assert.Equal(1, await host.CountAsync(ecid));
    }

    [Theory]
    [InlineData("/ee/v1/segments", HttpStatusCode.NotFound)]
    [InlineData("/v1/segments", HttpStatusCode.Unauthorized)]
    [InlineData("/ee/V1/interact", HttpStatusCode.NotFound)]
    [InlineData("/ee/v1/Interact", HttpStatusCode.NotFound)]
    [InlineData("/EE/or2/v1/privacy/Set-Consent", HttpStatusCode.NotFound)]
    [InlineData("/va/v1/interact/more", HttpStatusCode.NotFound)]
    public async Task Other_addresses_and_other_spellings_do_not(string path, HttpStatusCode status)
    {
        using var answer = await host.EdgeAsync(path, "{}");
        Assert.Equal(status, answer.StatusCode);
    }

    [Theory]
    [InlineData("interact", HttpStatusCode.OK)]
    [InlineData("collect", HttpStatusCode.NoContent)]
    [InlineData("identity/acquire", HttpStatusCode.OK)]
    [InlineData("privacy/set-consent", HttpStatusCode.BadRequest)]
    public async Task Who_asks_without_saying_anything_is_answered_too(string action, HttpStatusCode status)
    {
        using var answer = await host.Anonymous.SendTextAsync(HttpMethod.Get, $"/ee/v1/{action}?configId={EdgeShop.ConfigId}", null);
        Assert.Equal(status, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }
}
