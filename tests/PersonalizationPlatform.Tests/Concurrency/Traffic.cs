using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Events in the doors' own shape, and how they are posted under load.</summary>
internal static class Traffic
{
    public const string View = "commerce.productViews";
    public const string Login = "userAccount.login";
    public const string Purchase = "commerce.purchases";
    public const string OrderPlaced = "commerce.backofficeOrderPlaced";

    /// <summary>At least one and at least two product views, ever.</summary>
    public static readonly (string Key, string Condition)[] Segments =
    [
        ("one", """{ "type": "happened", "event": "productPageView", "atLeast": 1 }"""),
        ("two", """{ "type": "happened", "event": "productPageView", "atLeast": 2 }"""),
        ("buyer", """{ "type": "happened", "event": "orderPlaced", "atLeast": 1 }"""),
    ];

    /// <param name="id">Its <c>_id</c>.</param>
    /// <param name="type">Its XDM type.</param>
    /// <param name="at">When it happened; null = no timestamp.</param>
    /// <param name="identities"><c>ECID:device ...</c>, the event's own first.</param>
    /// <param name="order">The order it names, if any.</param>
    public static string Event(string id, string type, DateTimeOffset? at, string identities, string? order = null)
    {
        var map = new JsonObject();
        foreach (var (identity, n) in identities.Split(' ').Select((identity, n) => (identity, n)))
        {
            var (ns, value) = (identity[..identity.IndexOf(':')], identity[(identity.IndexOf(':') + 1)..]);
            var entries = map[ns] as JsonArray ?? [];
            map[ns] = entries;
            entries.Add(new JsonObject { ["id"] = value, ["primary"] = n == 0 });
        }

        var e = new JsonObject { ["_id"] = id, ["eventType"] = type, ["identityMap"] = map };
        if (at is { } instant)
            e["timestamp"] = instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        if (order is not null)
            e["commerce"] = new JsonObject { ["order"] = new JsonObject { ["purchaseID"] = order, ["priceTotal"] = 12.5, ["currencyCode"] = "EUR" } };
        return e.ToJsonString();
    }

    public static string Batch(params IEnumerable<string> events) => "[" + string.Join(',', events) + "]";

    /// <summary>Posts to a door; the answer must be 202 and refuse nothing.</summary>
    public static async Task<(int Accepted, int Duplicates)> PostAsync(HttpClient client, string door, string body)
    {
        var answer = await client.PostJsonAsync("/v1/events/" + door, body, HttpStatusCode.Accepted);
        Assert.True(answer["refused"]!.AsArray().Count == 0, answer.ToJsonString());
        return ((int)answer["accepted"]!, (int)answer["duplicates"]!);
    }

    public static Task<(int Accepted, int Duplicates)> BrowseAsync(this PlatformHost host, params string[] events) => PostAsync(host.Browser, "storefront", Batch(events));

    public static async Task CreateSegmentsAsync(this PlatformHost host)
    {
        foreach (var (key, condition) in Segments)
            await host.Admin.PostJsonAsync("/v1/segments", $$"""{ "name": "{{key}}", "key": "{{key}}", "condition": {{condition}} }""", HttpStatusCode.Created);
    }

    /// <summary>The keys of the segments a shopper is in now, in alphabetical order.</summary>
    public static async Task<string> SegmentsAsync(this PlatformHost host, string identity, string query = "")
    {
        var answer = await host.Admin.GetJsonAsync($"/v1/shoppers/{identity.Replace(':', '/')}/segments{query}");
        return string.Join(' ', answer["items"]!.AsArray().Select(item => (string)item!["key"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>Runs the same work several times at once, numbered from 0.</summary>
    public static Task AtOnceAsync(int times, Func<int, Task> work) =>
        Task.WhenAll(Enumerable.Range(0, times).Select(n => Task.Run(() => work(n), TestContext.Current.CancellationToken)));
}
