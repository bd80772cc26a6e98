using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>The page or screen a message speaks of or was sent from, and what showed it.</summary>
internal static class SegmentPage
{
    public static void Write(Utf8JsonWriter json, SegmentMessage message)
    {
        var page = message.Context("page");
        // A page call knows better than the tracker what its page is called.
        var own = message.IsPage ? message.Properties : default;
        json.WriteStartObject("web");
        json.WriteStartObject("webPageDetails");
        json.WriteText("URL", own.Text("url") ?? page.Text("url"));
        json.WriteText("name", (message.IsPage ? message.Root.Text("name") : null) ?? own.Text("name", "title") ?? page.Text("title"));
        if (message.IsPage)
            json.WriteText("siteSection", message.Root.Text("category") ?? own.Text("category"));
        json.WriteEndObject();
        json.WriteStartObject("webReferrer");
        json.WriteText("URL", own.Text("referrer") ?? page.Text("referrer"));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary><c>web</c> or <c>mobile</c>; null for what comes from a server without saying for which page.</summary>
    public static string? Channel(SegmentMessage message) =>
        message.Call == SegmentMessage.Screen || message.Context("device").Text("type") is not null ? "mobile"
        : message.Call == SegmentMessage.Page || message.Context("page").IsObject ? "web"
        : null;
}
