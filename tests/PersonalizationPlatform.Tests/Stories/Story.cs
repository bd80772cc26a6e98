using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>
/// One story told over HTTP: shoppers act, the shop speaks, and then one asks. Identities are written <c>ECID:phone</c> or
/// <c>email:ann</c>, several with blanks between them, the event's own first. Their values and all other names end in the story's
/// own suffix, so that they stand out wherever they are found.
/// </summary>
public sealed class Story(PlatformHost host, string number = "of-story")
{
    private readonly Dictionary<Guid, string> segments = [];
    private readonly Dictionary<string, string> ids = [];
    private int events;

    public DateTimeOffset Now => host.Clock.GetUtcNow();

    /// <summary>The clock goes on.</summary>
    public DateTimeOffset Later(string duration)
    {
        host.Clock.Advance(System.Xml.XmlConvert.ToTimeSpan(duration));
        return Now;
    }

    /// <summary>The namespace and the value of an identity in this story.</summary>
    public (string Namespace, string Id) Identity(string text)
    {
        var parts = text.Split(':');
        return (parts[0], parts[0] == "email" ? $"{parts[1]}-{number}@shop.test" : $"{parts[1]}-{number}");
    }

    /// <summary>A value of this story's own, as for order numbers.</summary>
    public string Own(string name) => $"{name}-{number}";

    /// <summary>An event's JSON. Its id is <paramref name="id"/>, else a running number; without <paramref name="at"/> it happens now.</summary>
    public JsonObject Event(string type, string identities, DateTimeOffset? at = null, string? id = null, string? more = null)
    {
        var e = more is null ? [] : JsonNode.Parse(more)!.AsObject();
        e["_id"] = Own(id ?? "e" + ++events);
        e["eventType"] = type;
        e["timestamp"] = Text(at ?? Now);
        if (identities.Length > 0)
            e["identityMap"] = Map(identities);
        return e;
    }

    /// <summary>A purchase or a back-office event of an order.</summary>
    public JsonObject Order(string type, string identities, string order, decimal? total = null, DateTimeOffset? at = null, string? id = null)
    {
        var e = Event(type, identities, at, id);
        e["commerce"] = new JsonObject { ["order"] = new JsonObject { ["purchaseID"] = Own(order), ["currencyCode"] = "USD" } };
        if (total is { } value)
            e["commerce"]!["order"]!["priceTotal"] = value;
        return e;
    }

    /// <summary>A profile record's JSON.</summary>
    public JsonObject Record(string identities, string more = "{}", DateTimeOffset? at = null)
    {
        var record = JsonNode.Parse(more)!.AsObject();
        record["identityMap"] = Map(identities);
        if (at is { } time)
            record["timestamp"] = Text(time);
        return record;
    }

    /// <summary>Shoppers do something in the storefront.</summary>
    public Task<string> BrowseAsync(params JsonObject[] list) => PostAsync(host.Browser, "/v1/events/storefront", list);

    /// <summary>The shop's servers say something.</summary>
    public Task<string> BackOfficeAsync(params JsonObject[] list) => PostAsync(host.BackOffice, "/v1/events/back-office", list);

    /// <summary>The shop's servers say what they know of persons.</summary>
    public Task<string> RecordAsync(params JsonObject[] list) => PostAsync(host.BackOffice, "/v1/profiles", list);

    /// <summary>A live segment of this story; returns its id.</summary>
    public async Task<string> SegmentAsync(string key, string? condition, string applyTo = "both", string? website = null, string status = "live")
    {
        var definition = new JsonObject { ["name"] = Own(key), ["key"] = Own(key), ["applyTo"] = applyTo, ["status"] = status };
        if (condition is not null)
            definition["condition"] = JsonNode.Parse(condition);
        if (website is not null)
        {
            await host.WebsiteAsync(website);
            definition["website"] = website;
        }

        var id = (string)(await host.Admin.PostJsonAsync("/v1/segments", definition.ToJsonString(), HttpStatusCode.Created))["id"]!;
        segments[Guid.Parse(id)] = key;
        ids[key] = id;
        return id;
    }

    /// <summary>Changes a segment's condition.</summary>
    public async Task EditAsync(string key, string condition)
    {
        var definition = await host.Admin.GetJsonAsync("/v1/segments/" + ids[key]);
        definition["condition"] = JsonNode.Parse(condition);
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/segments/" + ids[key], definition.ToJsonString(), headers: ("If-Match", "*"));
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    public async Task ArchiveAsync(string key)
    {
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/segments/" + ids[key], null, headers: ("If-Match", "*"));
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>The story's segments a shopper is in, in alphabetical order.</summary>
    public async Task<string> SegmentsAsync(string identity, string query = "") =>
        string.Join(' ', (await SegmentRowsAsync(identity, query)).Select(row => segments[(Guid)row["segment"]!]).Order(StringComparer.Ordinal));

    /// <summary>The same, whole.</summary>
    public async Task<IReadOnlyList<JsonNode>> SegmentRowsAsync(string identity, string query = "") =>
        [.. (await GetAsync("shoppers", identity, "/segments" + query))["items"]!.AsArray().Where(row => segments.ContainsKey((Guid)row!["segment"]!))!];

    /// <summary>The profile, which must be known.</summary>
    public Task<JsonNode> ProfileAsync(string identity) => GetAsync("profiles", identity, "");

    /// <summary>How many members a segment has; the count and the list must agree.</summary>
    public async Task<int> CountAsync(string key)
    {
        var page = await host.Admin.GetJsonAsync($"/v1/segments/{ids[key]}/members?limit=200");
        Assert.Equal((int)page["count"]!, page["items"]!.AsArray().Count);
        return (int)page["count"]!;
    }

    public async Task<Guid> ProfileIdAsync(string identity) => (Guid)(await ProfileAsync(identity))["profile"]!;

    /// <summary>The ids of a profile's events, oldest first.</summary>
    public async Task<string> TimelineAsync(string identity)
    {
        var ids = (await GetAsync("profiles", identity, "/timeline?limit=200"))["items"]!.AsArray().Select(e => ((string?)e!["id"] ?? (string)e["kind"]!).Replace("-" + number, ""));
        return string.Join(' ', ids.Reverse());
    }

    /// <summary>A profile's orders as <c>number status total</c>.</summary>
    public async Task<string> OrdersAsync(string identity)
    {
        var orders = (await GetAsync("profiles", identity, "/orders"))["items"]!.AsArray();
        return string.Join(", ", orders.Select(o => string.Create(CultureInfo.InvariantCulture, $"{((string)o!["purchaseId"]!).Replace("-" + number, "")} {o["status"]} {o["total"]}")));
    }

    /// <summary>What the log says of a profile, each row as <see cref="Line"/>.</summary>
    public async Task<IReadOnlyList<string>> HistoryAsync(string identity) => Lines((await GetAsync("shoppers", identity, "/segments/history?limit=200"))["items"]!);

    /// <summary>The feed's rows about this story's segments, without asking about any shopper.</summary>
    public async Task<IReadOnlyList<string>> FeedAsync(long after = 0) => Lines((await host.Admin.GetJsonAsync($"/v1/membership-changes?after={after}&limit=1000"))["items"]!);

    public async Task<long> FeedPositionAsync() => (long)(await host.Admin.GetJsonAsync("/v1/membership-changes?after=0&limit=1000"))["nextAfter"]!;

    /// <summary>Everything a background worker would do now.</summary>
    public async Task RefreshAsync()
    {
        await host.Services.GetRequiredService<SettleWriter>().DrainAsync(TestContext.Current.CancellationToken);
        var refresher = host.Services.GetRequiredService<Refresher>();
        while (await refresher.RefreshOnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    public async Task<JsonNode> GetAsync(string what, string identity, string rest, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var (ns, id) = Identity(identity);
        return await host.Admin.GetJsonAsync($"/v1/{what}/{ns}/{Uri.EscapeDataString(id)}{rest}", expected);
    }

    public async Task EraseAsync(string identity)
    {
        var (ns, id) = Identity(identity);
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Delete, $"/v1/profiles/{ns}/{Uri.EscapeDataString(id)}", null);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffffK", CultureInfo.InvariantCulture);

    /// <summary>The answer's numbers: accepted, duplicates, withheld, and the codes of what was refused.</summary>
    private async Task<string> PostAsync(HttpClient client, string path, JsonObject[] list)
    {
        var answer = await client.PostJsonAsync(path, new JsonArray([.. list.Select(e => e.DeepClone())]).ToJsonString(), HttpStatusCode.Accepted);
        return $"{answer["accepted"]}/{answer["duplicates"]}/{answer["withheld"]}" + string.Concat(answer["refused"]!.AsArray().Select(r => " " + (string)r!["code"]!));
    }

    private IReadOnlyList<string> Lines(JsonNode rows) =>
        [.. rows.AsArray().Where(row => row!["segment"] is { } segment && segments.ContainsKey((Guid)segment)).Select(row => Line(row!))];

    /// <summary><c>entered key cause@minutes</c>; <c>+since</c> in minutes when carried over. Minutes count from the start of the story.</summary>
    private string Line(JsonNode row) =>
        $"{row["change"]} {segments[(Guid)row["segment"]!]} {row["cause"]}@{Minutes(row["at"]!)}" + ((bool)row["carriedOver"]! ? "+" + Minutes(row["since"]!) : "");

    /// <summary>Minutes from the start of the story to an instant.</summary>
    private decimal Minutes(JsonNode at) => (DateTimeOffset.Parse((string)at!, CultureInfo.InvariantCulture) - Start).Ticks / (decimal)TimeSpan.TicksPerMinute;

    /// <summary>When this story began.</summary>
    public DateTimeOffset Start { get; } = host.Clock.GetUtcNow();

    private JsonObject Map(string identities)
    {
        var map = new JsonObject();
        foreach (var text in identities.Split(' '))
        {
            var (ns, id) = Identity(text);
            var entry = new JsonObject { ["id"] = id, ["primary"] = map.Count == 0 };
            if (map[ns] is JsonArray known)
                known.Add(entry);
            else
                map[ns] = new JsonArray(entry);
        }

        return map;
    }
}
