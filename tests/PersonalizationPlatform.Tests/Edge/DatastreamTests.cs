using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>What config ids stand for, and what becomes of those that stand for nothing.</summary>
public sealed class DatastreamTests(QuietEdgeHost host, PlatformServer server) : IClassFixture<QuietEdgeHost>
{
    [Fact]
    public async Task A_datastream_is_created_read_changed_and_deleted()
    {
        using var created = await host.Admin.PostTextAsync("/v1/datastreams", """{ "name": "New", "organization": "E@AdobeOrg", "allowedOrigins": ["https://www.shop.test"], "defaultConsent": "pending" }""");
        var json = await created.JsonAsync(HttpStatusCode.Created);
        var id = (string)json["id"]!;
        Assert.True(Guid.TryParse(id, out _));
        Assert.Equal("/v1/datastreams/" + id, created.Headers.Location?.ToString());
        Assert.Equal("\"1\"", created.Headers.ETag?.Tag);
        Assert.Equal("pending", (string)json["defaultConsent"]!);

        json["name"] = "Renamed";
        using var blind = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/datastreams/" + id, json.ToJsonString());
        await blind.JsonAsync(HttpStatusCode.PreconditionRequired);
        using var changed = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/datastreams/" + id, json.ToJsonString(), headers: ("If-Match", "\"1\""));
        Assert.Equal("Renamed", (string)(await changed.JsonAsync(HttpStatusCode.OK))["name"]!);
        using var late = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/datastreams/" + id, json.ToJsonString(), headers: ("If-Match", "\"1\""));
        await late.JsonAsync(HttpStatusCode.PreconditionFailed);
        Assert.Contains(id, (await host.Admin.GetJsonAsync("/v1/datastreams"))["items"]!.AsArray().Select(item => (string)item!["id"]!));

        using var deleted = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/datastreams/" + id, null, headers: ("If-Match", "\"2\""));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        await host.Admin.GetJsonAsync("/v1/datastreams/" + id, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{ "name": "" }""", "datastream.name")]
    [InlineData("""{ "name": "a", "id": "a b" }""", "datastream.id")]
    [InlineData("""{ "name": "a", "organization": "a; b" }""", "datastream.organization")]
    [InlineData("""{ "name": "a", "allowedOrigins": ["https://a.b/path"] }""", "datastream.allowedOrigins")]
    [InlineData("""{ "name": "a", "firstPartyIdCookie": "a=b" }""", "datastream.firstPartyIdCookie")]
    [InlineData("""{ "name": "a", "colour": 1 }""", "json.unknownMember")]
    public async Task What_is_wrong_with_one_is_said(string body, string code)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/datastreams", body, HttpStatusCode.BadRequest);
        Assert.Equal(code, (string)Assert.Single(problem["errors"]!.AsArray())!["code"]!);
    }

    [Fact]
    public async Task A_config_id_belongs_to_one_datastream_and_only_administrators_say_to_which()
    {
        await host.CreateDatastreamAsync("taken");
        Assert.Equal("datastream.exists", (string)(await host.Admin.PostJsonAsync("/v1/datastreams", """{ "name": "a", "id": "taken" }""", HttpStatusCode.Conflict))["code"]!);
        await host.Browser.PostJsonAsync("/v1/datastreams", """{ "name": "a" }""", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Events_that_name_no_website_are_of_the_datastreams_and_others_of_their_own()
    {
        await host.WebsiteAsync("eu");
        await host.Admin.PostJsonAsync("/v1/datastreams", """{ "name": "Europe", "id": "europe:dev", "website": "eu", "organization": "E@AdobeOrg" }""", HttpStatusCode.Created);
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.Event("commerce.productViews", ecid), $$$$"""{"commerce":{"commerceScope":{"websiteCode":"us"}},"identityMap":{"ECID":[{"id":"{{{{ecid}}}}"}]}}"""), ecid, "europe:dev");
        Assert.Equal("eu us", await host.ValueAsync<string>("select string_agg(website, ' ' order by website) from event where identity_id = $1", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task An_unknown_config_id_is_taken_for_the_default_website_and_named_as_the_request_tells()
    {
        var ecid = EdgeShop.NewEcid();
        var answer = await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), ecid, "nobody-knows-it", EdgeShop.Cookies(ecid));
        Assert.Equal("general=in", answer.Stored(EdgeShop.ConsentCookie));
        Assert.Equal("base", await host.ValueAsync<string>("select website from event where identity_id = $1", host.IdOf("ECID:" + ecid)));
    }

    [Fact]
    public async Task A_page_the_datastream_does_not_name_is_turned_away_and_can_read_why()
    {
        await host.CreateDatastreamAsync("named-origins", """, "allowedOrigins": ["https://www.shop.test"] """);
        await host.EdgeJsonAsync("interact", "{}", configId: "named-origins");
        using var answer = await host.EdgeAsync("interact", "{}", configId: "named-origins", headers: ("Origin", "https://elsewhere.test"));
        Assert.Equal("datastream.origin", (string)(await answer.JsonAsync(HttpStatusCode.Forbidden))["code"]!);
        Assert.Equal(["https://elsewhere.test"], answer.Headers.GetValues("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task The_shops_own_cookie_names_the_device_where_the_datastream_says_so()
    {
        await host.CreateDatastreamAsync("own-cookie", """, "firstPartyIdCookie": "shop_device" """);
        var device = ("Cookie", "shop_device=" + Guid.NewGuid());
        var first = await host.EdgeJsonAsync("identity/acquire", "{}", "own-1", "own-cookie", device);
        Assert.Equal(first.Ecid(), (await host.EdgeJsonAsync("identity/acquire", "{}", "own-2", "own-cookie", device)).Ecid());
        Assert.NotEqual(first.Ecid(), (await host.EdgeJsonAsync("identity/acquire", "{}", "own-3", "own-cookie")).Ecid());
    }

    [Fact]
    public async Task A_change_on_another_node_holds_here_within_a_second()
    {
        var datastreams = host.Services.GetRequiredService<LiveDatastreams>();
        await using var second = await SecondNode.StartAsync(server, host);
        Assert.Null(await datastreams.FindKnownAsync("from-elsewhere", TestContext.Current.CancellationToken));
        await second.CreateDatastreamAsync("from-elsewhere");
        host.Clock.Advance(LiveDatastreams.Staleness);
        Assert.NotNull(await datastreams.FindKnownAsync("from-elsewhere", TestContext.Current.CancellationToken));
    }
}

/// <summary>Whose cookies they are, where not everybody says so.</summary>
public sealed class OrganizationTests(OrganizationTests.Host host) : IClassFixture<OrganizationTests.Host>
{
    private const string Silent = """{ "name": "Silent", "id": "silent" }""";

    [Fact]
    public async Task A_datastream_may_leave_its_organisation_to_the_others_only_while_they_agree()
    {
        var nobody = await host.Admin.PostJsonAsync("/v1/datastreams", Silent, HttpStatusCode.BadRequest);
        Assert.Equal("datastream.organization", (string)Assert.Single(nobody["errors"]!.AsArray())!["code"]!);
        // Whose cookies a page's are, nobody knows; the page will never say so, so the log does, once a minute.
        for (var n = 0; n < 3; n++)
            Assert.Null((await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), "o-1", "silent")).Handle("state:store"));
        Assert.Single(host.Told, told => told.Contains("silent", StringComparison.Ordinal) && told.Contains("organisation", StringComparison.Ordinal));

        await host.CreateDatastreamAsync("says-so");
        await host.Admin.PostJsonAsync("/v1/datastreams", Silent, HttpStatusCode.Created);
        foreach (var configId in new[] { "silent", "nobody-knows-it" })
            Assert.Equal("general=in", (await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), "o-2", configId)).Stored(EdgeShop.ConsentCookie));

        await host.Admin.PostJsonAsync("/v1/datastreams", """{ "name": "Other", "id": "other", "organization": "Other@AdobeOrg" }""", HttpStatusCode.Created);
        Assert.Null((await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"), "o-3", "silent")).Handle("state:store"));
        using var kept = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/datastreams/silent", """{ "name": "Silent" }""", headers: ("If-Match", "\"1\""));
        Assert.Equal("datastream.invalid", (string)(await kept.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
    }

    [Theory]
    [InlineData("_consent_check", "1")]
    [InlineData("_cluster", "or2")]
    [InlineData("_something_new", "1")]
    public async Task Other_cookies_beside_the_known_ones_lead_to_the_same_organisation(string suffix, string value)
    {
        var ecid = EdgeShop.NewEcid();
        const string stem = "kndctr_DEDB2A52641B1D460A495F8E_AdobeOrg";
        var identity = new IdentityCookie(ecid, PlatformHost.Start, false, "LOC1").Write();
        var entries = string.Join(',', new[] { (stem + suffix, value), (EdgeShop.ConsentCookie, "general=out"), (EdgeShop.IdentityCookie, identity) }
            .Select(entry => $$"""{"key":"{{entry.Item1}}","value":"{{entry.Item2}}"}"""));
        var cookies = ("Cookie", $"{stem}{suffix}={value}; {EdgeShop.ConsentCookie}=general=out; {EdgeShop.IdentityCookie}={identity}");
        foreach (var (state, headers, n) in new[] { ($$$""","state":{"entries":[{{{entries}}}]}""", Array.Empty<(string, string)>(), 1), ("", [cookies], 2) })
        {
            var body = $$$"""{"events":[{"xdm":{{{EdgeShop.PageView()}}}}],"query":{"identity":{"fetch":["ECID"]}},"meta":{"x":1{{{state}}}}}""";
            var answer = await host.EdgeJsonAsync("interact", body, ecid + n, "whoever", headers);
            Assert.Equal(ecid, answer.Ecid());
            Assert.Null(answer.Handle("state:store"));
            var only = $$$"""{"consent":[{"standard":"Adobe","version":"1.0","value":{"general":"in"}}],"meta":{"state":{"entries":[{"key":"{{{stem}}}{{{suffix}}}","value":"{{{value}}}"}]} } }""";
            var chosen = await host.EdgeJsonAsync("privacy/set-consent", only, ecid + "c" + n, "whoever");
            Assert.Equal("general=in", chosen.Stored(EdgeShop.ConsentCookie));
            Assert.NotNull(chosen.Stored(EdgeShop.IdentityCookie));
        }

        Assert.Equal(0, await host.CountAsync(ecid));
    }

    /// <summary>What the service complains about is kept.</summary>
    public sealed class Host(PlatformServer server) : QuietEdgeHost(server), ILogger<LiveDatastreams>
    {
        public ConcurrentQueue<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Told.Enqueue(formatter(state, exception));

        protected override void ConfigureServices(IServiceCollection services) => services.AddSingleton<ILogger<LiveDatastreams>>(this);
    }
}

/// <summary>Where config ids must be known.</summary>
public sealed class StrictDatastreamTests(StrictDatastreamTests.Host host) : IClassFixture<StrictDatastreamTests.Host>
{
    [Theory]
    [InlineData("nobody-knows-it")]
    [InlineData("")]
    public async Task An_unknown_config_id_is_refused(string configId)
    {
        using var answer = await host.EdgeAsync("privacy/set-consent", EdgeShop.Consent("in"), configId: configId);
        Assert.Equal("datastream.unknown", (string)(await answer.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_known_one_works_by_either_name()
    {
        await host.CreateDatastreamAsync();
        await host.EdgeJsonAsync("privacy/set-consent", EdgeShop.Consent("in"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://edge.shop.test/ee/v1/identity/acquire?dataStreamId={EdgeShop.ConfigId}") { Content = new StringContent("{}") };
        using var answer = await host.SendAsync(request);
        Assert.True(Ecid.IsValid((await answer.JsonAsync(HttpStatusCode.OK)).Ecid()));
    }

    public sealed class Host(PlatformServer server) : PlatformHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Edge:Strict", "true"), new("Serilog:MinimumLevel:Default", "Fatal")];
    }
}
