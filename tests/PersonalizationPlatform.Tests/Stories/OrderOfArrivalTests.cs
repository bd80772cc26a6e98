using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>
/// The same history in any order, cut into any batches, with anybody reading in between, leads to the same owners and the same
/// members as everything at once in order.
/// </summary>
public sealed class OrderOfArrivalTests(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    private const int Histories = 12;
    private static readonly string[] Devices = ["ECID:pc", "ECID:phone", "ECID:kiosk"];
    private static readonly string[] Persons = ["CustomerId:ann", "CustomerId:ben", "email:ann", "email:cem"];
    private static readonly (string Door, string Type)[] Kinds =
    [
        ("storefront", Add), ("storefront", View), ("storefront", Login), ("storefront", Purchase), ("back-office", Placed),
        ("back-office", OrderCancelled), ("profiles", ""),
    ];

    [Fact]
    public async Task Any_order_of_arrival_leads_to_the_same_people()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("twice", AddedTwice);
        await Story.SegmentAsync("recently", """{ "type": "happened", "event": "productPageView", "within": "PT3H" }""");
        await Story.SegmentAsync("ordered", Ordered);
        await Story.SegmentAsync("cancelled", Cancelled);
        await Story.SegmentAsync("vip", Vip);
        await Story.SegmentAsync("visiting", AddedToCart, "visitors");
        await Story.SegmentAsync("neither", """
            { "type": "group", "match": "none", "of": [ { "type": "inSegment", "segment": "twice-of-story" }, { "type": "inSegment", "segment": "vip-of-story" } ] }
            """);
        Story.Later("PT12H");
        var differences = new List<string>();
        for (var seed = 1; seed <= Histories; seed++)
        {
            var random = new Random(seed);
            var past = Past(random).ToList();
            await PostAsync("a" + seed, past);
            var expected = await PictureAsync("a" + seed);
            foreach (var batch in Batches(random, [.. past.OrderBy(_ => random.Next())]))
            {
                await PostAsync("b" + seed, batch);
                if (random.Next(2) == 0)
                    await Story.SegmentsAsync(Of("b" + seed, Pick(random, [.. Devices, .. Persons])));
                if (random.Next(6) == 0)
                    await Story.RefreshAsync();
            }

            if (await PictureAsync("b" + seed) is var read && read != expected)
                differences.Add($"seed {seed}, read:\n{read}instead of\n{expected}");
            await Story.RefreshAsync();
            if (await PictureAsync("b" + seed) is var refreshed && refreshed != expected)
                differences.Add($"seed {seed}, refreshed:\n{refreshed}instead of\n{expected}");
            if (await MembersAsync("a" + seed) is var ordered && await MembersAsync("b" + seed) is var shuffled && ordered != shuffled)
                differences.Add($"seed {seed}, listed:\n{shuffled}\ninstead of\n{ordered}");
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    /// <summary>What happened, oldest first; no two at one instant.</summary>
    private IEnumerable<Happening> Past(Random random)
    {
        var at = Story.Start;
        var count = random.Next(8, 24);
        for (var n = 0; n < count; n++)
        {
            at = at.AddMinutes(random.Next(1, 30));
            var (door, type) = Pick(random, Kinds);
            var who = type switch
            {
                Login => $"{Pick(random, Devices)} {Pick(random, Persons)}{(random.Next(4) == 0 ? " email:cem" : "")}",
                "" => random.Next(3) == 0 ? "CustomerId:ann email:ann" : Pick(random, Persons),
                Placed or OrderCancelled => Pick(random, [.. Persons, .. Devices]),
                _ => Pick(random, Devices),
            };
            yield return new Happening(n, door, type, string.Join(' ', who.Split(' ').Distinct()), at, random.Next(3), random.Next(2) == 0);
        }
    }

    private static IEnumerable<List<Happening>> Batches(Random random, List<Happening> all)
    {
        for (var from = 0; from < all.Count;)
        {
            var size = random.Next(1, 5);
            yield return all.GetRange(from, Math.Min(size, all.Count - from));
            from += size;
        }
    }

    private async Task PostAsync(string shop, List<Happening> happenings)
    {
        foreach (var door in happenings.GroupBy(h => h.Door))
        {
            JsonObject[] events = [.. door.Select(h => Wire(shop, h))];
            var answer = door.Key switch
            {
                "storefront" => await Story.BrowseAsync(events),
                "back-office" => await Story.BackOfficeAsync(events),
                _ => await Story.RecordAsync(events),
            };
            Assert.Equal($"{events.Length}/0/0", answer);
        }
    }

    private JsonObject Wire(string shop, Happening h)
    {
        var who = string.Join(' ', h.Who.Split(' ').Select(identity => Of(shop, identity)));
        var id = $"{shop}-{h.Number}";
        return h.Type switch
        {
            "" => Story.Record(who, h.Vip ? """{ "group": "vip" }""" : """{ "group": "retail" }""", h.At),
            Purchase or Placed or OrderCancelled => Story.Order(h.Type, who, $"{shop}-{h.Order}", 10 + h.Number, h.At, id),
            _ => Story.Event(h.Type, who, h.At, id),
        };
    }

    /// <summary>Of every identity: with which others it is one profile, which events and orders it has, and which segments it is in.</summary>
    private async Task<string> PictureAsync(string shop)
    {
        var profiles = new Dictionary<Guid, string>();
        var lines = new List<string>();
        foreach (var name in (string[])[.. Persons, .. Devices])
        {
            var identity = Of(shop, name);
            var (ns, id) = Story.Identity(identity);
            using var known = await Host.Admin.GetAsync($"/v1/profiles/{ns}/{Uri.EscapeDataString(id)}", TestContext.Current.CancellationToken);
            if (known.StatusCode == System.Net.HttpStatusCode.NotFound)
                continue;
            var profile = await Story.ProfileIdAsync(identity);
            profiles.TryAdd(profile, name);
            lines.Add($"{name} = {profiles[profile]}: [{await Story.SegmentsAsync(identity)}] {await Story.TimelineAsync(identity)} ({await Story.OrdersAsync(identity)})");
        }

        return string.Join('\n', lines).Replace(shop + "-", "") + '\n';
    }

    /// <summary>The members of every segment, as the lists have them.</summary>
    private async Task<string> MembersAsync(string shop)
    {
        var lines = new List<string>();
        foreach (var segment in (string[])["cart", "twice", "recently", "ordered", "cancelled", "vip", "visiting", "neither"])
        {
            var members = new List<string>();
            for (string? cursor = null; ;)
            {
                var page = await Host.Admin.GetJsonAsync($"/v1/segments/{Story.Own(segment)}/members?limit=200" + (cursor is null ? "" : "&cursor=" + cursor));
                members.AddRange(page["items"]!.AsArray().SelectMany(m => m!["identities"]!.AsArray())
                    .Select(i => (string)i!["id"]!).Where(id => id.Contains("." + shop + "-", StringComparison.Ordinal)));
                if ((cursor = (string?)page["nextCursor"]) is null)
                    break;
            }

            lines.Add($"{segment}: {string.Join(' ', members.Order(StringComparer.Ordinal)).Replace("." + shop + "-", "-")}");
        }

        return string.Join('\n', lines);
    }

    private static string Of(string shop, string identity) => $"{identity}.{shop}";

    private static T Pick<T>(Random random, T[] choices) => choices[random.Next(choices.Length)];

    private sealed record Happening(int Number, string Door, string Type, string Who, DateTimeOffset At, int Order, bool Vip);
}
