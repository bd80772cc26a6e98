using System.Text;
using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>What a visitor does on a page with Adobe's SDK and collector.</summary>
internal static partial class Collecting
{
    /// <summary>Opens a page, and has the storefront tell the SDK what it knows.</summary>
    public static async Task OpenShopAsync(this Visitor visitor, string page, object? knows = null)
    {
        await visitor.GoToAsync(BrowserHost.Shop + page);
        await visitor.UntilAsync("() => window.magentoStorefrontEvents && window.shop");
        await visitor.RunAsync("knows => shop.describe(magentoStorefrontEvents, knows ?? {})", knows);
    }

    /// <summary>Publishes an event, with an id or as storefronts do that give none.</summary>
    public static Task PublishAsync(this Visitor visitor, string name, string? id = null) => visitor.RunAsync("([name, id]) => shop.publish(name, id)", new[] { name, id });

    /// <summary>The visitor's ECID: what the identity cookie holds, once it is there.</summary>
    public static async Task<string> EcidAsync(this Visitor visitor)
    {
        await Eventually.TrueAsync("The identity cookie", async () => await visitor.CookieAsync(StorefrontHost.IdentityCookie) is not null);
        var cookie = Uri.UnescapeDataString((await visitor.CookieAsync(StorefrontHost.IdentityCookie))!).TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var bytes = Convert.FromBase64String(cookie.PadRight((cookie.Length + 3) / 4 * 4, '='));
        // Field 1 comes first: its tag, its length, 38 digits.
        Assert.Equal([0x0a, 38], bytes[..2]);
        var ecid = Encoding.ASCII.GetString(bytes, 2, 38);
        Assert.Matches(Digits(), ecid);
        return ecid;
    }

    /// <summary>The requests to the Edge so far, by the last part of their path, e.g. <c>interact</c>.</summary>
    public static string[] EdgeCalls(this Visitor visitor) =>
        [.. visitor.Requests.Select(request => new Uri(request.Url)).Where(url => url.Query.Contains("configId", StringComparison.Ordinal) && !url.AbsolutePath.EndsWith(".js", StringComparison.Ordinal))
            .Select(url => url.Host + url.AbsolutePath)];

    [GeneratedRegex("^[0-9]{38}$")]
    private static partial Regex Digits();
}
