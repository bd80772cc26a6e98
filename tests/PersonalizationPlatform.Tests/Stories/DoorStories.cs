using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>What the doors let in, keep out, and recognise.</summary>
public sealed class DoorStories(PlatformServer server) : StoryTest(new AskingHost(server))
{
    [Fact]
    public async Task Who_opts_out_of_collection_is_withheld_until_opting_in_again()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.BrowseAsync(Story.Event(View, "ECID:phone", id: "before"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event("privacy.choice", "ECID:phone", id: "out", more: """{ "consents": { "collect": { "val": "n" } } }"""));
        Assert.False((bool)(await Story.ProfileAsync("ECID:phone"))["consents"]!["collect"]!);
        Story.Later("PT1M");
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(Add, "ECID:phone", id: "withheld")));
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal("before", await Story.TimelineAsync("ECID:phone"));
        // The shop's own servers are not a browser's to stop.
        Assert.Equal("1/0/0", await Story.BackOfficeAsync(Story.Order(Placed, "ECID:phone", "1", 5, id: "order")));
        Story.Later("PT1M");
        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event("privacy.choice", "ECID:phone", id: "in", more: """{ "consents": { "collect": { "val": "y" } } }""")));
        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event(Add, "ECID:phone", id: "after")));
        Assert.Equal("cart", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal(["after", "before", "in", "order"], (await Story.TimelineAsync("ECID:phone")).Split(' ').Order());
        Assert.True((bool)(await Story.ProfileAsync("ECID:phone"))["consents"]!["collect"]!);
    }

    [Fact]
    public async Task A_website_that_asks_first_stores_nothing_before_the_answer()
    {
        const string Asks = """{ "commerce": { "commerceScope": { "websiteCode": "asks" } } }""";
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(View, "ECID:shy", more: Asks)));
        await using (var command = Host.Database.CreateCommand("select count(*) from identity where value = $1"))
        {
            command.Parameters.Add(new() { Value = Story.Identity("ECID:shy").Id });
            Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event(View, "ECID:shy", id: "elsewhere")));
        Story.Later("PT1M");
        Assert.Equal("0/0/1", await Story.BrowseAsync(Story.Event(View, "ECID:shy", more: Asks)));
        const string Agrees = """{ "consents": { "collect": { "val": "y" } }, "commerce": { "commerceScope": { "websiteCode": "asks" } } }""";
        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event("privacy.choice", "ECID:shy", id: "agrees", more: Agrees)));
        Assert.Equal("1/0/0", await Story.BrowseAsync(Story.Event(View, "ECID:shy", id: "viewed", more: Asks)));
        Assert.Equal(["agrees", "elsewhere", "viewed"], (await Story.TimelineAsync("ECID:shy")).Split(' ').Order());
    }

    [Fact]
    public async Task Global_privacy_control_withholds_nothing()
    {
        using var answer = await Host.Browser.SendTextAsync(
            HttpMethod.Post, "/v1/events/storefront", Story.Event(View, "ECID:phone").ToJsonString(), headers: ("Sec-GPC", "1"));
        Assert.Equal(1, (int)(await answer.JsonAsync(HttpStatusCode.Accepted))["accepted"]!);
    }

    [Fact]
    public async Task An_event_without_identity_is_accepted_once_and_is_nobodys()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        var e = Story.Event(Add, "", id: "anonymous");
        Assert.Equal("1/0/0", await Story.BrowseAsync(e));
        Assert.Equal("0/1/0", await Story.BrowseAsync(e));
        Assert.Equal("0/1/0", await Story.BrowseAsync(e));
        await Story.RefreshAsync();
        Assert.Equal(1, (int)(await Host.Admin.GetJsonAsync($"/v1/segments/{Story.Own("cart")}/members"))["count"]!);
    }

    [Fact]
    public async Task A_repeat_without_a_time_is_known_for_a_day()
    {
        await Story.SegmentAsync("twice", AddedTwice);
        var e = Story.Event(Add, "ECID:phone");
        e.Remove("timestamp");
        Assert.Equal("1/0/0", await Story.BrowseAsync(e));
        Host.Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMicroseconds(1));
        Assert.Equal("0/1/0", await Story.BrowseAsync(e));
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));
        Host.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal("1/0/0", await Story.BrowseAsync(e));
        Assert.Equal("twice", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal("0/1/0", await Story.BrowseAsync(e));
    }

    [Fact]
    public async Task The_good_of_a_batch_are_kept_the_others_named_by_position_and_a_repeat_inside_is_a_duplicate()
    {
        var good = Story.Event(Add, "ECID:phone", id: "good");
        var future = Story.Event(Add, "ECID:phone", Story.Now.AddDays(2));
        Assert.Equal("1/1/0 time.inFuture event.needsSecretKey", await Story.BrowseAsync(future, good, good, Story.Order(Placed, "ECID:phone", "9", 1)));
        Assert.Equal("good", await Story.TimelineAsync("ECID:phone"));
    }

    [Fact]
    public async Task An_order_is_closed_by_a_credit_memo_whose_lines_alone_say_what_was_paid_back()
    {
        await Story.BackOfficeAsync(Story.Order(Placed, "email:ann", "1", 100));
        Story.Later("PT1M");
        var memo = Story.Order("commerce.backofficeCreditMemoIssued", "email:ann", "1");
        memo["productListItems"] = JsonNode.Parse("""[{ "SKU": "a", "refundAmount": 60 }, { "SKU": "b", "refundAmount": 40 }]""");
        await Story.BackOfficeAsync(memo);
        Assert.Equal("1 closed 100", await Story.OrdersAsync("email:ann"));
        Assert.Equal(100, (decimal)(await Story.GetAsync("profiles", "email:ann", "/orders"))["items"]![0]!["refunded"]!);
    }

    [Fact]
    public async Task A_request_sent_again_under_its_key_is_answered_as_before()
    {
        var e = Story.Event(Add, "ECID:phone");
        e.Remove("timestamp");
        var body = new JsonArray(e).ToJsonString();
        for (var repeat = 0; repeat < 3; repeat++)
        {
            using var answer = await Host.Browser.SendTextAsync(HttpMethod.Post, "/v1/events/storefront", body, headers: ("Idempotency-Key", Story.Own("once")));
            Assert.Equal(1, (int)(await answer.JsonAsync(HttpStatusCode.Accepted))["accepted"]!);
        }

        Assert.Equal("e1", await Story.TimelineAsync("ECID:phone"));
    }

    /// <summary>A shop one of whose websites asks before it collects.</summary>
    private sealed class AskingHost(PlatformServer server) : PlatformHost(server)
    {
        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Events:OptInWebsites:0", "asks")];
    }
}
