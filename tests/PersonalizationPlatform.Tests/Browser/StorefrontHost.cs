using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>
/// The service with a datastream, and a shop's pages with the official clients of every kind, unmodified. What a page says is what
/// <c>docs/storefronts.md</c> tells people to write there.
/// </summary>
public class StorefrontHost(PlatformServer server, Chromium chromium) : BrowserHost(server, chromium)
{
    /// <summary>What Adobe's clients call their cookies by.</summary>
    public const string Organisation = "0123456789ABCDEF01234567_AdobeOrg";

    public const string IdentityCookie = "kndctr_" + Organisation + "_identity";
    public const string ConsentCookie = "kndctr_" + Organisation + "_consent";

    /// <summary>What Adobe's older clients knew the visitor by; the newer ones still write it.</summary>
    public const string VisitorCookie = "AMCV_0123456789ABCDEF01234567%40AdobeOrg";

    public const string AudienceCookie = "aep-segments-membership";

    /// <summary>Where collectors that hope for third-party cookies call first.</summary>
    public const string Demdex = "https://adobedc.demdex.net";

    public static string ConfigId { get; } = (string)JsonNode.Parse(Documented.Block("datastream"))!["id"]!;

    private static readonly string Clients = Path.Combine(Snapshot.Root, "tests", "storefront-clients");

    /// <summary>What a shop writes into its pages beside the clients.</summary>
    private const string ShopScript = "<script src=/shop.js></script>";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Admin.PostJsonAsync("/v1/datastreams", Documented.Block("datastream"), HttpStatusCode.Created);
        PutClients(Site);
        PutPages(Site);
    }

    private static void PutClients(TestSite site)
    {
        Assert.True(Directory.Exists(Path.Combine(Clients, "built")), "The storefront clients are missing: run ./test.sh, or npm ci and npm run build in tests/storefront-clients.");
        site.File(Shop + "/shop.js", Path.Combine(Clients, "pages", "shop.js"));
        foreach (var name in (string[])["headless", "segment", "segment-batched", "alloy"])
            site.File($"{Shop}/built/{name}.js", Path.Combine(Clients, "built", name + ".js"));
        site.File(Shop + "/js/storefront-events-sdk.js", Package("magento-storefront-events-sdk"));
        site.File(Shop + "/js/storefront-event-collector.js", Package("magento-storefront-event-collector"));
        site.File(Shop + "/js/storefront-event-collector-1.12.js", Package("magento-storefront-event-collector-1.12"));
        site.File(Shop + "/js/storefront-event-collector-1.5.js", Package("magento-storefront-event-collector-1.5"));
        site.File(Shop + "/alloy/alloy.min.js", Package("alloy-2.32", "alloy.min.js"));
        site.File(Shop + "/alloy/alloy-2.33.1.min.js", Package("alloy", "alloy.min.js"));

        static string Package(string name, string file = "index.js") => Path.Combine(Clients, "node_modules", "@adobe", name, "dist", file);
    }

    private static void PutPages(TestSite site)
    {
        var policy = ("Content-Security-Policy", Documented.Block("csp").Trim());
        var (identity, scripts, wayB) = (Documented.Block("identity"), Documented.Block("hyva"), Documented.Block("way-b"));
        site.Page(Shop + "/headless", Html(identity + ShopScript + "<script type=module src=/built/headless.js></script>"), policy)
            .Page(Shop + "/headless-without-identity", Html(ShopScript + "<script type=module src=/built/headless.js></script>"))
            .Page(Shop + "/scripts-1.18", Html(scripts + ShopScript), policy)
            .Page(Shop + "/scripts-1.12", Html(scripts.Replace("collector.js", "collector-1.12.js", StringComparison.Ordinal) + ShopScript))
            .Page(Shop + "/scripts-1.5", Html(scripts.Replace("collector.js", "collector-1.5.js", StringComparison.Ordinal) + ShopScript))
            .Page(Shop + "/eds", Html($"{identity}<script nonce=\"shop\">{Documented.Block("eds")}</script>{SdkAndCollector}{ShopScript}"), policy)
            .Page(Shop + "/scripts-third-party", Html(scripts.Replace("edge.shop.test", "api.platform.test", StringComparison.Ordinal) + ShopScript))
            .Page(Shop + "/way-b", Html(wayB + WebSdkNamed("alloy") + ShopScript), policy)
            .Page(Shop + "/alloy-2.32", Html(wayB), policy)
            .Page(Shop + "/alloy-2.33", Html(wayB.Replace("alloy.min.js", "alloy-2.33.1.min.js", StringComparison.Ordinal)), policy)
            .Page(Shop + "/alloy-module", Html("<script type=module src=/built/alloy.js></script>"), policy)
            .Page(Shop + "/segment", Html("<script type=module src=/built/segment.js></script>"), policy)
            .Page(Shop + "/segment-batched", Html("<script type=module src=/built/segment-batched.js></script>"), policy);
    }

    /// <summary>What Commerce's own extension does with its Admin fields.</summary>
    private static string WebSdkNamed(string name) => $$"""
        <script src="/js/storefront-events-sdk.js"></script>
        <script nonce="shop">
          magentoStorefrontEvents.context.setAEP({ imsOrgId: "0123456789ABCDEF01234567@AdobeOrg", datastreamId: "{{ConfigId}}", webSdkName: "{{name}}" });
          magentoStorefrontEvents.context.setEventForwarding({ aep: true, commerce: false });
        </script>
        <script src="/js/storefront-event-collector.js"></script>
        """;

    private const string SdkAndCollector = "<script src=/js/storefront-events-sdk.js></script><script src=/js/storefront-event-collector.js></script>";

    private static string Html(string scripts) => $"<!doctype html><html lang=en><head><title>Juno Jacket</title>{scripts}</head><body><h1>Juno Jacket</h1></body></html>";
}
