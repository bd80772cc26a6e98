using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>Pages of a shop that uses our own SDK by its script tag, and what such tests say often.</summary>
internal static class SdkPages
{
    /// <summary>The doors as the SDK asks for them.</summary>
    public const string EventsDoor = "**/v1/events/storefront*";

    public const string DecisionsDoor = "**/v1/decisions?*";

    /// <summary>A page with the script tag, further attributes of it, a body, and headers.</summary>
    public static string SdkPage(this BrowserHost host, string path, string attributes = "", string body = "", string service = BrowserHost.FirstParty, params (string Name, string Value)[] headers)
    {
        var url = BrowserHost.Shop + path;
        host.Site.Page(url, $"""
            <!doctype html><html lang="en"><head><title>Page {path}</title>
            <script src="{service}/sdk/storefront.js" data-key="{PlatformHost.CollectKey}" {attributes}></script></head>
            <body>{body}</body></html>
            """, headers);
        return url;
    }

    /// <summary>A block for everybody or for a segment; its key serves as the placement.</summary>
    public static async Task<string> BlockAsync(this BrowserHost host, string key, string content, string? segment = null)
    {
        var body = new JsonObject { ["name"] = key, ["key"] = key, ["content"] = content };
        if (segment is not null)
            body["segments"] = new JsonArray(segment);
        return (string)(await host.Admin.PostJsonAsync("/v1/dynamic-blocks", body.ToJsonString(), HttpStatusCode.Created))["id"]!;
    }

    public static Task<string> DeviceAsync(this Visitor visitor) => visitor.RunAsync<string>("() => storefront.device");

    public static Task FlushAsync(this Visitor visitor) => visitor.RunAsync("() => storefront.flush()");

    /// <summary>How often the events' door was asked.</summary>
    public static int EventRequests(this Visitor visitor) => visitor.Requests.Count(request => request.Url.Contains("/v1/events/storefront", StringComparison.Ordinal));

    public static string[] Kinds(this IEnumerable<StoredEvent> events) => [.. events.Select(e => e.Kind)];
}
