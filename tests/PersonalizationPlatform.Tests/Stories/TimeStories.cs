using System.Net;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>What time, late arrivals and edits do to memberships, and what the log says about it.</summary>
public sealed class TimeStories(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    [Fact]
    public async Task A_membership_ends_by_itself_at_the_very_instant_its_window_passes()
    {
        await Story.SegmentAsync("hour", AddedThisHour);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("hour", await Story.SegmentsAsync("ECID:phone"));
        var row = Assert.Single(await Story.SegmentRowsAsync("ECID:phone"));
        Assert.Equal(Story.Start.AddMinutes(61), (DateTimeOffset)row["until"]!);
        Host.Clock.Advance(TimeSpan.FromHours(1) - Microsecond);
        Assert.Equal("hour", await Story.SegmentsAsync("ECID:phone"));
        Host.Clock.Advance(Microsecond);
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));
        Host.Clock.Advance(Microsecond);
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal(["entered hour event@1", "left hour time@61"], await Story.HistoryAsync("ECID:phone"));
        var at = Uri.EscapeDataString(Story.Text(Story.Start.AddMinutes(61) - Microsecond));
        Assert.Equal("hour", await Story.SegmentsAsync("ECID:phone", "?at=" + at));
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone", "?at=" + Uri.EscapeDataString(Story.Text(Story.Start.AddMinutes(61)))));
    }

    [Fact]
    public async Task It_ends_at_that_instant_also_when_only_the_background_looks_and_much_later()
    {
        await Story.SegmentAsync("hour", AddedThisHour);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        await Story.RefreshAsync();
        Host.Clock.Advance(TimeSpan.FromHours(1) - Microsecond);
        await Story.RefreshAsync();
        Assert.Equal(["entered hour event@1"], await Story.FeedAsync());
        Assert.Equal(1, await Story.CountAsync("hour"));
        Story.Later("P3D");
        Assert.Equal(0, await Story.CountAsync("hour"));
        await Story.RefreshAsync();
        Assert.Equal(["entered hour event@1", "left hour time@61"], await Story.FeedAsync());
        Assert.Equal(0, await Story.CountAsync("hour"));
    }

    [Fact]
    public async Task Leaving_and_entering_again_between_two_looks_is_logged_in_full()
    {
        await Story.SegmentAsync("hour", AddedThisHour);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("hour", await Story.SegmentsAsync("ECID:phone"));
        Story.Later("PT2H");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Story.Later("PT2H");
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal(["entered hour event@1", "left hour time@61", "entered hour event@121", "left hour time@181"], await Story.HistoryAsync("ECID:phone"));
    }

    [Fact]
    public async Task A_late_event_that_changes_only_the_past_is_not_logged()
    {
        await Story.SegmentAsync("hour", AddedThisHour);
        await Story.SegmentAsync("cart", AddedToCart);
        var past = Story.Later("PT1M");
        Story.Later("P1D");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("cart hour", await Story.SegmentsAsync("ECID:phone"));
        var before = await Story.HistoryAsync("ECID:phone");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone", past));
        Assert.Equal("cart hour", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal(before, await Story.HistoryAsync("ECID:phone"));
        Assert.Equal("cart hour", await Story.SegmentsAsync("ECID:phone", "?at=" + Uri.EscapeDataString(Story.Text(past))));
    }

    [Fact]
    public async Task A_late_event_that_changes_the_present_is_logged_as_late()
    {
        await Story.SegmentAsync("twice", AddedTwice);
        var past = Story.Later("PT1M");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("", await Story.SegmentsAsync("ECID:phone"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone", past));
        Assert.Equal("twice", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal(["entered twice lateEvent@2"], await Story.HistoryAsync("ECID:phone"));
    }

    [Fact]
    public async Task A_new_segment_is_filled_with_who_is_in_it_since_when_they_are()
    {
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:settled"), Story.Event(Add, "ECID:unread"), Story.Event(View, "ECID:neither"));
        Assert.Equal("", await Story.SegmentsAsync("ECID:settled"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:settled", id: "again"));
        Story.Later("PT1M");
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("twice", AddedTwice);
        Story.Later("PT1M");
        Assert.Equal("cart twice", await Story.SegmentsAsync("ECID:settled"));
        Assert.Equal("cart", await Story.SegmentsAsync("ECID:unread"));
        Assert.Equal(["entered cart firstFill@1", "entered twice firstFill@2"], (await Story.HistoryAsync("ECID:settled")).Order());
        Assert.Equal(["entered cart firstFill@1"], await Story.HistoryAsync("ECID:unread"));
        await Story.RefreshAsync();
        Assert.Equal(2, await Story.CountAsync("cart"));
        var page = await Host.Admin.GetJsonAsync($"/v1/segments/{Story.Own("cart")}/members");
        Assert.True((bool)page["filled"]!);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:neither"));
        Assert.Equal("cart", await Story.SegmentsAsync("ECID:neither"));
        Assert.Equal(["entered cart event@5"], await Story.HistoryAsync("ECID:neither"));
    }

    [Fact]
    public async Task An_edit_lets_enter_and_leave_because_of_the_definition_and_an_archived_segment_is_left()
    {
        await Story.SegmentAsync("one", AddedToCart);
        await Story.SegmentAsync("other", Viewed);
        await Story.SegmentAsync("ref", $$"""{ "type": "inSegment", "segment": "{{Story.Own("one")}}" }""");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:a"), Story.Event(View, "ECID:b"));
        Assert.Equal("one ref", await Story.SegmentsAsync("ECID:a"));
        Assert.Equal("other", await Story.SegmentsAsync("ECID:b"));
        Story.Later("PT1M");
        await Story.EditAsync("one", Viewed);
        Assert.Equal("", await Story.SegmentsAsync("ECID:a"));
        Assert.Equal("one other ref", await Story.SegmentsAsync("ECID:b"));
        // What nobody has written down when the definitions change again was never believed.
        await Story.RefreshAsync();
        Story.Later("PT1M");
        await Story.ArchiveAsync("ref");
        await Story.ArchiveAsync("one");
        Assert.Equal("other", await Story.SegmentsAsync("ECID:b"));
        var a = await Story.HistoryAsync("ECID:a");
        var b = await Story.HistoryAsync("ECID:b");
        Assert.Equal(["entered one event", "entered ref event", "left one definition", "left ref definition"], a.Select(Cause).Order());
        Assert.Equal(
            ["entered one definition", "entered other event", "entered ref definition", "left one definition", "left ref definition"], b.Select(Cause).Order());
        await Story.RefreshAsync();
        Assert.Equal(0, await Story.CountAsync("one"));

        static string Cause(string line) => line[..line.IndexOf('@')];
    }

    [Fact]
    public async Task A_segment_of_segments_follows_them_also_in_time()
    {
        await Story.SegmentAsync("hour", AddedThisHour);
        await Story.SegmentAsync("not", $$"""
            { "type": "group", "match": "all", "of": [ { "type": "happened", "event": "addToCart" },
                { "type": "group", "match": "none", "of": [ { "type": "inSegment", "segment": "{{Story.Own("hour")}}" } ] } ] }
            """);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("hour", await Story.SegmentsAsync("ECID:phone"));
        Story.Later("PT3H");
        await Story.RefreshAsync();
        Assert.Equal(["entered hour event@1", "entered not time@61", "left hour time@61"], (await Story.FeedAsync()).Order(StringComparer.Ordinal));
        Assert.Equal("not", await Story.SegmentsAsync("ECID:phone"));
    }

    [Fact]
    public async Task Who_is_put_on_a_list_enters_and_who_is_taken_off_leaves()
    {
        var audience = (string)(await Host.Admin.PostJsonAsync("/v1/audiences", $$"""{ "name": "{{Story.Own("list")}}" }""", HttpStatusCode.Created))["id"]!;
        await Story.SegmentAsync("listed", $$"""{ "type": "inAudience", "audience": "{{audience}}" }""");
        await Story.SegmentAsync("ref", $$"""{ "type": "inSegment", "segment": "{{Story.Own("listed")}}" }""");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(View, "ECID:pc email:ann"));
        Assert.Equal("", await Story.SegmentsAsync("ECID:pc"));
        Story.Later("PT1M");
        await ListAsync(HttpMethod.Post, audience, "email:ann", "email:new");
        Assert.Equal("listed ref", await Story.SegmentsAsync("ECID:pc"));
        Assert.Equal("listed ref", await Story.SegmentsAsync("email:new"));
        Assert.Equal(["entered listed list@2", "entered ref list@2"], (await Story.HistoryAsync("ECID:pc")).Order());
        Assert.Equal(["entered listed list@2", "entered ref list@2"], (await Story.HistoryAsync("email:new")).Order());
        Story.Later("PT1M");
        await ListAsync(HttpMethod.Delete, audience, "email:ann");
        Assert.Equal("", await Story.SegmentsAsync("ECID:pc"));
        Assert.Equal(["entered listed list@2", "entered ref list@2", "left listed list@3", "left ref list@3"], (await Story.HistoryAsync("ECID:pc")).Order());
        Story.Later("PT1M");
        await ListAsync(HttpMethod.Put, audience, "email:ann");
        Assert.Equal("listed ref", await Story.SegmentsAsync("ECID:pc"));
        Assert.Equal("", await Story.SegmentsAsync("email:new"));
        await Story.RefreshAsync();
        Assert.Equal(1, await Story.CountAsync("listed"));
    }

    [Fact]
    public async Task Attributes_with_a_time_are_as_of_then_and_those_without_as_known_now()
    {
        await Story.SegmentAsync("vip", Vip);
        var first = Story.Later("P1D");
        await Story.RecordAsync(Story.Record("CustomerId:timed", """{ "group": "vip" }""", first));
        var second = Story.Later("P1D");
        await Story.RecordAsync(Story.Record("CustomerId:timed", """{ "group": "retail" }""", second), Story.Record("CustomerId:untimed", """{ "group": "vip" }"""));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:timed"));
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:timed", At(first)));
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:timed", At(second - Microsecond)));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:timed", At(first - Microsecond)));
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:untimed"));
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:untimed", At(first)));
        // An older assertion that arrives later is not the newest.
        Story.Later("P1D");
        await Story.RecordAsync(Story.Record("CustomerId:timed", """{ "group": "vip" }""", first.AddHours(1)));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:timed"));
    }

    [Fact]
    public async Task A_record_that_changes_back_counts_three_times_and_its_repeat_once()
    {
        await Story.SegmentAsync("vip", Vip);
        var a = Story.Record("CustomerId:ann", """{ "group": "vip" }""");
        var b = Story.Record("CustomerId:ann", """{ "group": "retail" }""");
        Story.Later("PT1M");
        Assert.Equal("1/0/0", await Story.RecordAsync(a));
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:ann"));
        Story.Later("PT1M");
        Assert.Equal("0/1/0", await Story.RecordAsync(a));
        Assert.Equal("1/0/0", await Story.RecordAsync(b));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ann"));
        Story.Later("PT1M");
        Assert.Equal("1/0/0", await Story.RecordAsync(a));
        Assert.Equal("vip", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal(["entered vip profile@1", "left vip profile@2", "entered vip profile@3"], await Story.HistoryAsync("CustomerId:ann"));
    }

    [Fact]
    public async Task A_website_narrows_for_whom_a_segment_answers()
    {
        await Story.SegmentAsync("all", AddedToCart);
        await Story.SegmentAsync("shop", AddedToCart, website: "shop");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone"));
        Assert.Equal("all shop", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal("all shop", await Story.SegmentsAsync("ECID:phone", "?website=SHOP"));
        Assert.Equal("all", await Story.SegmentsAsync("ECID:phone", "?website=base"));
        Assert.Equal("all", await Story.SegmentsAsync("ECID:phone", "?website=base&explain=true"));
    }

    private static string At(DateTimeOffset at) => "?at=" + Uri.EscapeDataString(Story.Text(at));


    private async Task ListAsync(HttpMethod method, string audience, params string[] identities)
    {
        var csv = string.Concat(identities.Select(text => Story.Identity(text).Id + "\n"));
        using var answer = await Host.Admin.SendTextAsync(method, $"/v1/audiences/{audience}/members?namespace=email", csv, "text/csv");
        await answer.JsonAsync(HttpStatusCode.OK);
    }
}
