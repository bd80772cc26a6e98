using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>Who has which history when people come, sign in, sign out, and share devices.</summary>
public sealed class DeviceStories(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    [Fact]
    public async Task A_visitor_signs_in_and_out_and_leaves_the_device_to_the_last_person_named()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("twice", AddedTwice);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:phone", id: "add1"));
        Assert.Equal("cart", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal("add1", await Story.TimelineAsync("ECID:phone"));
        var visitor = await Story.ProfileIdAsync("ECID:phone");

        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:phone CustomerId:ann", id: "in"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("cart", await Story.SegmentsAsync("ECID:phone"));
        Assert.Equal("add1 in", await Story.TimelineAsync("CustomerId:ann"));
        var ann = await Story.ProfileIdAsync("CustomerId:ann");
        Assert.NotEqual(visitor, ann);
        Assert.Equal(ann, await Story.ProfileIdAsync("ECID:phone"));

        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Logout, "ECID:phone", id: "out"), Story.Event(Add, "ECID:phone", id: "add2"));
        Assert.Equal("cart twice", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal(ann, await Story.ProfileIdAsync("ECID:phone"));
        Assert.Equal(["add1", "add2", "in", "out"], (await Story.TimelineAsync("CustomerId:ann")).Split(' ').Order());
        Assert.Equal(["entered cart link@2+1", "entered twice event@3"], await Story.HistoryAsync("CustomerId:ann"));
        await Story.RefreshAsync();
        Assert.Equal(
            ["entered cart event@1", "entered cart link@2+1", "entered twice event@3", "left cart link@2"], (await Story.FeedAsync()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_person_on_a_device_gets_only_what_comes_after_and_the_first_keeps_the_rest()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("view", Viewed);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:tablet", id: "add1"));
        Assert.Equal("cart", await Story.SegmentsAsync("ECID:tablet"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:tablet CustomerId:ann", id: "ann-in"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ann"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:tablet CustomerId:ben", id: "ben-in"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ben"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(View, "ECID:tablet", id: "view1"), Story.Event(Add, "ECID:tablet", id: "add2"));

        Assert.Equal("cart view", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("cart view", await Story.SegmentsAsync("ECID:tablet"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("add1 ann-in", await Story.TimelineAsync("CustomerId:ann"));
        Assert.Equal(["add2", "ben-in", "view1"], (await Story.TimelineAsync("CustomerId:ben")).Split(' ').Order());
        Assert.Equal(["entered cart link@2+1"], await Story.HistoryAsync("CustomerId:ann"));
        // Ben's cart is his own: nothing is carried over from whoever had the device before.
        Assert.Equal(["entered cart event@4", "entered view event@4"], (await Story.HistoryAsync("CustomerId:ben")).Order());
    }

    [Fact]
    public async Task A_late_event_inside_the_first_persons_interval_is_hers()
    {
        await Story.SegmentAsync("view", Viewed);
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:ann", id: "ann-in"));
        var between = Story.Later("PT1M");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:ben", id: "ben-in"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ben"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(View, "ECID:pc", between, "late"));
        Assert.Equal("view", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("ann-in late", await Story.TimelineAsync("CustomerId:ann"));
        Assert.Equal(["entered view lateEvent@2"], await Story.HistoryAsync("CustomerId:ann"));
        Assert.Empty(await Story.HistoryAsync("CustomerId:ben"));
    }

    [Fact]
    public async Task A_late_sign_in_takes_the_device_from_the_person_who_signed_in_after_it()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("view", Viewed);
        var early = Story.Later("PT1M");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Add, "ECID:pc", id: "add"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:ben", id: "ben-in"));
        await Story.BrowseAsync(Story.Event(View, "ECID:pc", Story.Later("PT1M"), "view"));
        Assert.Equal("cart view", await Story.SegmentsAsync("CustomerId:ben"));

        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:pc CustomerId:ann", early, "ann-in"));
        Assert.Equal("view", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("ben-in view", await Story.TimelineAsync("CustomerId:ben"));
        Assert.Equal("ann-in add", await Story.TimelineAsync("CustomerId:ann"));
        var ben = await Story.HistoryAsync("CustomerId:ben");
        Assert.Equal(["entered cart", "entered view", "left cart"], ben.Select(line => string.Join(' ', line.Split(' ')[..2])).Order());
        await Story.RefreshAsync();
        Assert.Equal("view", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ann"));
    }

    [Fact]
    public async Task Three_people_at_a_kiosk_have_each_their_own()
    {
        await Story.SegmentAsync("cart", AddedToCart);
        await Story.SegmentAsync("twice", AddedTwice);
        foreach (var person in (string[])["ann", "ben", "cem", "ann"])
        {
            Story.Later("PT1M");
            await Story.BrowseAsync(Story.Event(Login, $"ECID:kiosk CustomerId:{person}", id: person + "-in" + Story.Now.Minute));
            Story.Later("PT1M");
            await Story.BrowseAsync(Story.Event(Add, "ECID:kiosk", id: person + "-add" + Story.Now.Minute));
            Assert.Contains("cart", await Story.SegmentsAsync("CustomerId:" + person));
        }

        Assert.Equal("cart twice", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ben"));
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:cem"));
        Assert.Equal(4, (await Story.TimelineAsync("CustomerId:ann")).Split(' ').Length);
        Assert.All((await Story.TimelineAsync("CustomerId:ben")).Split(' '), id => Assert.StartsWith("ben-", id));
        Assert.Equal(["entered cart event@2", "entered twice event@8"], await Story.HistoryAsync("CustomerId:ann"));
        await Story.RefreshAsync();
        Assert.Equal((3, 1), (await Story.CountAsync("cart"), await Story.CountAsync("twice")));
    }

    [Fact]
    public async Task What_others_do_at_a_kiosk_leaves_earlier_people_fresh()
    {
        await Story.BrowseAsync(Story.Event(Login, "ECID:kiosk CustomerId:ann"));
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(Login, "ECID:kiosk CustomerId:ben"));
        await Story.SegmentsAsync("CustomerId:ann");
        await Story.RefreshAsync();
        var before = await SettlesAsync("CustomerId:ann");
        Story.Later("PT1M");
        await Story.BrowseAsync(Story.Event(View, "ECID:kiosk"));
        await Story.RefreshAsync();
        Assert.Equal(before, await SettlesAsync("CustomerId:ann"));
        await Story.BrowseAsync(Story.Event(View, "ECID:kiosk", Story.Start));
        await Story.RefreshAsync();
        Assert.Equal(before + 1, await SettlesAsync("CustomerId:ann"));
    }


    private async Task<long> SettlesAsync(string identity)
    {
        await using var command = Host.Database.CreateCommand("select settle_no from profile where profile_id = $1");
        command.Parameters.Add(new() { Value = await Story.ProfileIdAsync(identity) });
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
