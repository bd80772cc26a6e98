using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>What an operator may set for trackers.</summary>
public sealed class ConfiguredTrackerTests(ConfiguredTrackerTests.Host host) : IClassFixture<ConfiguredTrackerTests.Host>
{
    [Fact]
    public async Task Trackers_can_be_told_where_to_send_to()
    {
        var settings = await host.Anonymous.GetJsonAsync($"/v1/projects/{TrackedHost.WriteKey}/settings");
        Assert.Equal("events.shop.test/v1", (string)settings["integrations"]!["Segment.io"]!["apiHost"]!);
    }

    [Theory]
    [InlineData("https://shop.test", true)]
    [InlineData("https://elsewhere.test", false)]
    public async Task Where_pages_are_named_only_those_may_call(string origin, bool allowed)
    {
        using var answer = await host.SendAsync("/v1/p", "{}", TrackedHost.WriteKey, ("Origin", origin));
        Assert.Equal(allowed ? [origin] : [], answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values : []);
    }

    [Fact]
    public async Task Categories_of_consent_may_have_other_names_and_limits_be_others()
    {
        await host.SucceedAsync("/v1/p", """{ "messageId": "kept", "anonymousId": "a", "context": { "consent": { "categoryPreferences": { "Analytics": false } } } }""");
        Assert.NotNull(await host.EventAsync("kept"));
        await host.SucceedAsync("/v1/p", """{ "messageId": "withheld", "anonymousId": "b", "context": { "consent": { "categoryPreferences": { "Statistik": false } } } }""");
        Assert.Null(await host.EventAsync("withheld"));
        using var large = await host.SendAsync("/v1/p", $$"""{ "name": "{{new string('x', 1000)}}" }""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    public sealed class Host(PlatformServer server) : TrackedHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
        [
            .. base.Settings, new("Cors:Origins", "https://shop.test"), new("SegmentApi:ApiHost", "events.shop.test/v1"), new("SegmentApi:MaxMessageBytes", "1000"),
            new("SegmentApi:ConsentCategories:Analytics", ""), new("SegmentApi:ConsentCategories:Statistik", "collect"),
        ];
    }
}
