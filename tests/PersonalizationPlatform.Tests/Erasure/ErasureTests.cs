using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.Stories;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Erasure;

/// <summary>A person is erased: nothing by which she could be known remains, and nobody else loses anything.</summary>
public sealed class ErasureTests(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    private const string Delete = "userAccount.backofficeDeleteProfile";
    private readonly List<JsonObject> storefront = [];
    private readonly List<JsonObject> backOffice = [];
    private readonly List<JsonObject> records = [];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_people_who_share_a_device_one_is_erased_and_the_other_loses_nothing(bool byEvent)
    {
        await TellAsync();
        var (benTimeline, benSegments, benOrders, benAttributes) = await BenAsync();
        var ann = await Story.ProfileIdAsync("CustomerId:annika");
        Assert.NotEmpty(await DatabaseSearch.FindAsync(Host.Database, Secrets()));
        var position = await Story.FeedPositionAsync();

        Story.Later("PT1M");
        if (byEvent)
            await BackOfficeAsync(Story.Event(Delete, "CustomerId:annika", id: "delete"));
        else
            await Story.EraseAsync("email:annika");

        Assert.Empty(await DatabaseSearch.FindAsync(Host.Database, Secrets()));
        Assert.Equal((benTimeline, benSegments, benOrders, benAttributes), await BenAsync());
        await Story.RefreshAsync();
        Assert.Equal((benTimeline, benSegments, benOrders, benAttributes), await BenAsync());
        await Story.GetAsync("profiles", "CustomerId:annika", "/timeline", HttpStatusCode.OK);
        Assert.Equal("", await Story.TimelineAsync("CustomerId:annika"));
        var tombstone = Assert.Single(await TombstonesAsync(position), row => (Guid)row["profile"]! == ann);
        Assert.Null(tombstone["segment"]);
        Assert.Equal("erasure", (string)tombstone["cause"]!);

        // Everything posted again, in one request and one by one, says nothing new.
        Story.Later("PT1M");
        Assert.StartsWith($"0/{storefront.Count}/0", await Story.BrowseAsync([.. storefront]));
        Assert.StartsWith($"0/{backOffice.Count}/0", await Story.BackOfficeAsync([.. backOffice]));
        Assert.StartsWith($"0/{records.Count}/0", await Story.RecordAsync([.. records]));
        foreach (var e in storefront)
            Assert.Equal("0/1/0", await Story.BrowseAsync(e));
        Assert.Empty(await DatabaseSearch.FindAsync(Host.Database, Secrets()));
        Assert.Equal((benTimeline, benSegments, benOrders, benAttributes), await BenAsync());
        Assert.Single(await TombstonesAsync(position), row => (Guid)row["profile"]! == ann);

        Story.Later("PT1M");
        Assert.Equal("2/0/0", await Story.BrowseAsync(
            Story.Event(Login, "ECID:annikas-phone CustomerId:annika", id: "back"), Story.Event(Add, "ECID:annikas-phone", id: "fresh")));
        Assert.NotEqual(ann, await Story.ProfileIdAsync("CustomerId:annika"));
        Assert.Equal(["back", "fresh"], (await Story.TimelineAsync("CustomerId:annika")).Split(' ').Order());
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:annika"));
        Assert.Equal(Story.Now, (DateTimeOffset)(await Story.ProfileAsync("CustomerId:annika"))["firstSeen"]!);
        Assert.False((await Story.ProfileAsync("CustomerId:annika"))["attributes"]!.AsObject().Count > 0);
    }

    [Fact]
    public async Task Erasing_again_changes_nothing_and_a_returned_person_is_not_erased_by_the_old_order()
    {
        await Story.RecordAsync(Story.Record("CustomerId:returning", """{ "group": "vip" }"""));
        var first = await Story.ProfileIdAsync("CustomerId:returning");
        Story.Later("PT1M");
        var delete = Story.Event(Delete, "CustomerId:returning", id: "delete");
        var untimed = Story.Event(Delete, "CustomerId:returning", id: "untimed");
        untimed.Remove("timestamp");
        var position = await Story.FeedPositionAsync();
        await Story.BackOfficeAsync(delete);
        await Story.EraseAsync("CustomerId:returning");
        Story.Later("PT1M");
        await Story.BackOfficeAsync(delete);
        await Story.EraseAsync("CustomerId:returning");
        Assert.Equal(first, (Guid)Assert.Single(await TombstonesAsync(position))["profile"]!);
        await Story.BackOfficeAsync(untimed);

        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "CustomerId:returning", id: "back"));
        var second = await Story.ProfileIdAsync("CustomerId:returning");
        Assert.NotEqual(first, second);
        Story.Later("PT1M");
        await Story.BackOfficeAsync(delete);
        await Story.BackOfficeAsync(untimed);
        Assert.Equal(second, await Story.ProfileIdAsync("CustomerId:returning"));
        Assert.Equal("back", await Story.TimelineAsync("CustomerId:returning"));
    }

    [Fact]
    public async Task Nobody_never_seen_is_erased_without_a_trace()
    {
        var position = await Story.FeedPositionAsync();
        await Story.EraseAsync("email:never-seen");
        await Story.BackOfficeAsync(Story.Event(Delete, "CustomerId:never-seen", id: "delete"));
        Assert.Empty(await DatabaseSearch.FindAsync(Host.Database, Story.Identity("CustomerId:never-seen").Id));
        Assert.InRange((await TombstonesAsync(position)).Count, 0, 1);
    }

    [Fact]
    public async Task An_order_placed_by_somebody_elses_device_goes_with_its_owner()
    {
        await Story.SegmentAsync("ordered", Ordered);
        await Story.SegmentAsync("bought", """{ "type": "happened", "event": "completeCheckout" }""");
        await Story.BrowseAsync(Story.Event(Login, "ECID:desk CustomerId:host"));
        Story.Later("PT1M");
        var purchase = Story.Order(Purchase, "ECID:desk", "guests-order", 5);
        await Story.BrowseAsync(purchase);
        Story.Later("PT1M");
        var placed = Story.Order(Placed, "CustomerId:guest-person", "guests-order", 5);
        await Story.BackOfficeAsync(placed);
        Assert.Equal("bought", await Story.SegmentsAsync("CustomerId:host"));
        Assert.Equal("ordered", await Story.SegmentsAsync("CustomerId:guest-person"));
        Story.Later("PT1M");
        await Story.EraseAsync("CustomerId:guest-person");
        Assert.Empty(await DatabaseSearch.FindAsync(Host.Database, Story.Own("guests-order")));
        var before = await Story.SegmentsAsync("CustomerId:host");
        Assert.Equal("0/1/0", await Story.BrowseAsync(purchase));
        Assert.Equal("0/1/0", await Story.BackOfficeAsync(placed));
        Assert.Empty(await DatabaseSearch.FindAsync(Host.Database, Story.Own("guests-order")));
        Assert.Equal(before, await Story.SegmentsAsync("CustomerId:host"));
        await Story.RefreshAsync();
        Assert.Equal(before, await Story.SegmentsAsync("CustomerId:host"));
    }

    /// <summary>Annika and Ben share a tablet; she has a phone and an order of her own, and is spoken of in many places.</summary>
    private async Task TellAsync()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("ordered", Ordered);
        await Story.SegmentAsync("vip", Vip);
        Story.Later("PT1M");
        await BrowseAsync(Story.Event(Add, "ECID:annikas-phone", id: "a1"));
        await Story.SegmentsAsync("ECID:annikas-phone");
        await Story.RefreshAsync();
        Story.Later("PT1M");
        await BrowseAsync(
            Story.Event(Login, "ECID:annikas-phone CustomerId:annika email:annika", id: "a2"),
            Story.Event(Login, "ECID:tablet CustomerId:annika", id: "a3"));
        await Story.SegmentsAsync("CustomerId:annika");
        Story.Later("PT1M");
        await BrowseAsync(Story.Event(Add, "ECID:tablet", id: "a4"), Story.Order(Purchase, "ECID:tablet", "annikas-order", 70, id: "a5"));
        await BackOfficeAsync(Story.Order(Placed, "email:annika", "annikas-order", 70, id: "a6"));
        await RecordAsync(Story.Record("CustomerId:annika email:annika", """{ "group": "vip", "firstname": "Annikas-name" }""", Story.Now));
        var audience = (string)(await Host.Admin.PostJsonAsync("/v1/audiences", $$"""{ "name": "{{Story.Own("list")}}" }""", HttpStatusCode.Created))["id"]!;
        using (var listed = await Host.Admin.SendTextAsync(HttpMethod.Post, $"/v1/audiences/{audience}/members?namespace=email", Story.Identity("email:annika").Id + "\n", "text/csv"))
            await listed.JsonAsync(HttpStatusCode.OK);
        var refused = Story.Event(Add, "email:annika", Story.Now.AddDays(3));
        Assert.Equal("0/0/0 time.inFuture", await Story.BrowseAsync(refused));

        Story.Later("PT1M");
        await BrowseAsync(Story.Event(Login, "ECID:tablet CustomerId:ben", id: "b1"));
        Story.Later("PT1M");
        await BrowseAsync(Story.Event(Add, "ECID:tablet", id: "b2"));
        await BackOfficeAsync(Story.Order(Placed, "CustomerId:ben", "bens-order", 30, id: "b3"));
        // An event of somebody else that names Annika beside him.
        await BackOfficeAsync(Story.Event("gift.sent", "email:ben email:annika", id: "b4"));
        await RecordAsync(Story.Record("CustomerId:ben", """{ "group": "vip" }""", Story.Now));
        Assert.Equal("cart ordered vip", await Story.SegmentsAsync("CustomerId:ben"));
        await Story.RefreshAsync();
    }

    /// <summary>Everything by which Annika could be known. The tablet is Ben's now.</summary>
    private string[] Secrets()
    {
        var email = Story.Identity("email:annika").Id;
        return
        [
            email, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email))), Story.Identity("CustomerId:annika").Id,
            Story.Identity("ECID:annikas-phone").Id, "annikas-name", Story.Own("annikas-order"),
        ];
    }

    private async Task<(string Timeline, string Segments, string Orders, string Attributes)> BenAsync() => (
        await Story.TimelineAsync("CustomerId:ben"), await Story.SegmentsAsync("CustomerId:ben"), await Story.OrdersAsync("CustomerId:ben"),
        (await Story.ProfileAsync("CustomerId:ben"))["attributes"]!.ToJsonString());

    private async Task<IReadOnlyList<JsonNode>> TombstonesAsync(long after) =>
        [.. (await Host.Admin.GetJsonAsync($"/v1/membership-changes?after={after}&limit=1000"))["items"]!.AsArray().Where(row => (string)row!["change"]! == "erased")!];

    private Task BrowseAsync(params JsonObject[] list) => KeepAsync(storefront, list, Story.BrowseAsync);

    private Task BackOfficeAsync(params JsonObject[] list) => KeepAsync(backOffice, list, Story.BackOfficeAsync);

    private Task RecordAsync(params JsonObject[] list) => KeepAsync(records, list, Story.RecordAsync);

    private static async Task KeepAsync(List<JsonObject> kept, JsonObject[] list, Func<JsonObject[], Task<string>> post)
    {
        kept.AddRange(list);
        Assert.Equal($"{list.Length}/0/0", await post(list));
    }
}
