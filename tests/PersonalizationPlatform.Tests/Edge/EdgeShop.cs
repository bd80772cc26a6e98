using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>A shop whose pages talk to the service as they would to Adobe's Edge: by text in a POST, without a key.</summary>
internal static class EdgeShop
{
    public const string ConfigId = "869fcdfe-abda-4bd5-b948-d9c1595c42e9";
    public const string Organization = "DEDB2A52641B1D460A495F8E@AdobeOrg";
    public const string IdentityCookie = "kndctr_DEDB2A52641B1D460A495F8E_AdobeOrg_identity";
    public const string ConsentCookie = "kndctr_DEDB2A52641B1D460A495F8E_AdobeOrg_consent";
    public const string Origin = "https://www.shop.test";

    /// <summary>What the collector asks with every request.</summary>
    public const string Asking = """ "query":{"identity":{"fetch":["ECID","CORE"]}},"meta":{"state":{"domain":"shop.test","cookiesEnabled":true}} """;

    public static Task<JsonNode> CreateDatastreamAsync(this PlatformHost host, string id = ConfigId, string more = "") => host.Admin.PostJsonAsync(
        "/v1/datastreams", $$"""{ "id": "{{id}}", "name": "Shop", "website": "base", "organization": "{{Organization}}"{{more}} }""", HttpStatusCode.Created);

    /// <summary>A post to <c>https://edge.shop.test/ee/v1/…</c>, or to any other path given whole.</summary>
    public static async Task<HttpResponseMessage> EdgeAsync(
        this PlatformHost host, string action, string body, string? requestId = "r-1", string configId = ConfigId, params (string Name, string Value)[] headers)
    {
        var path = action.StartsWith('/') ? action : "/ee/v1/" + action;
        var address = $"https://edge.shop.test{path}?configId={Uri.EscapeDataString(configId)}{(requestId is null ? "" : "&requestId=" + Uri.EscapeDataString(requestId))}";
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("text/plain; charset=UTF-8");
        if (!headers.Any(header => header.Name == "Origin"))
            request.Headers.TryAddWithoutValidation("Origin", Origin);
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content.Headers.TryAddWithoutValidation(name, value);
        return await host.SendAsync(request);
    }

    /// <summary>By a client that keeps no cookies: a test says which there are.</summary>
    public static async Task<HttpResponseMessage> SendAsync(this PlatformHost host, HttpRequestMessage request)
    {
        using var client = ((TestServer)host.Services.GetRequiredService<IServer>()).CreateClient();
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The same; the answer must be 200.</summary>
    public static async Task<JsonNode> EdgeJsonAsync(
        this PlatformHost host, string action, string body, string? requestId = "r-1", string configId = ConfigId, params (string Name, string Value)[] headers)
    {
        using var answer = await host.EdgeAsync(action, body, requestId, configId, headers);
        return await answer.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>A body with these events.</summary>
    public static string Events(params IEnumerable<string> xdm) => $$"""{"events":[{{string.Join(',', xdm.Select(e => $$"""{"xdm":{{e}}}"""))}}],{{Asking}}}""";

    /// <summary>A page view of a device, or of nobody.</summary>
    public static string PageView(string? ecid = null, string? id = null, DateTimeOffset? at = null) =>
        Event("web.webpagedetails.pageViews", ecid, id, at);

    public static string Event(string type, string? ecid = null, string? id = null, DateTimeOffset? at = null)
    {
        var xdm = new JsonObject { ["eventType"] = type, ["timestamp"] = (at ?? PlatformHost.Start).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) };
        if (id is not null)
            xdm["_id"] = id;
        if (ecid is not null)
            xdm["identityMap"] = new JsonObject { ["ECID"] = new JsonArray(new JsonObject { ["id"] = ecid, ["primary"] = true }) };
        return xdm.ToJsonString();
    }

    public static string Consent(string general) => $$$"""{"consent":[{"standard":"Adobe","version":"1.0","value":{"general":"{{{general}}}"}}],{{{Asking}}}}""";

    /// <summary>The headers by which a browser on the same domain sends what it keeps.</summary>
    public static (string, string) Cookies(string? ecid, string? consent = null) => ("Cookie", string.Join("; ", new[]
    {
        ecid is null ? null : $"{IdentityCookie}={new IdentityCookie(ecid, PlatformHost.Start, false, "LOC1").Write()}",
        consent is null ? null : $"{ConsentCookie}=general={consent}",
        "other=1",
    }.OfType<string>()));

    /// <summary>A device no other test uses.</summary>
    public static string NewEcid() => EcidMint.Random();

    public static JsonNode? Handle(this JsonNode answer, string type) => answer["handle"]!.AsArray().FirstOrDefault(handle => (string?)handle!["type"] == type);

    public static string Ecid(this JsonNode answer) => (string)answer.Handle("identity:result")!["payload"]![0]!["id"]!;

    /// <summary>What the client is told to keep under a name.</summary>
    public static string? Stored(this JsonNode answer, string key) =>
        (string?)answer.Handle("state:store")?["payload"]!.AsArray().FirstOrDefault(cookie => (string?)cookie!["key"] == key)?["value"];

    public static string[] Audiences(this JsonNode answer) =>
        [.. answer.Handle("activation:pull")!["payload"]![0]!["segments"]!.AsArray().Select(segment => (string)segment!["id"]!)];

    /// <summary>How many events a device has.</summary>
    public static Task<long> CountAsync(this PlatformHost host, string ecid) =>
        host.ValueAsync<long>("select count(*) from event where $1 = any(identity_ids) or identity_id = $1", host.IdOf("ECID:" + ecid));

    /// <summary>A segment of those an event of this kind happened to, published as an audience, whose id is returned.</summary>
    public static async Task<string> CreateAudienceAsync(this PlatformHost host, string key, string kind, string? externalId)
    {
        await host.Admin.PostJsonAsync(
            "/v1/segments", $$"""{ "name": "{{key}}", "key": "{{key}}", "condition": { "type": "happened", "event": "{{kind}}", "atLeast": 1 } }""", HttpStatusCode.Created);
        var external = externalId is null ? "" : $", \"externalId\": \"{externalId}\"";
        return (string)(await host.Admin.PostJsonAsync(
            "/v1/audiences", $$"""{ "name": "{{key}}", "key": "{{key}}", "segment": "{{key}}"{{external}} }""", HttpStatusCode.Created))["id"]!;
    }
}

/// <summary>The service with the shop's datastream.</summary>
public sealed class EdgeHost(PlatformServer server) : QuietEdgeHost(server)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await this.CreateDatastreamAsync();
    }
}

/// <summary>The service without any datastream, which it does not complain about.</summary>
public class QuietEdgeHost(PlatformServer server) : PlatformHost(server)
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Serilog:MinimumLevel:Override:PersonalizationPlatform.Edge", "Fatal")];
}
