using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class BlockDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly SegmentId Bags = SegmentId.New();
    private static readonly SegmentId Vip = SegmentId.New();
    private static readonly SegmentId Gone = SegmentId.New();
    private static readonly SegmentId German = SegmentId.New();
    private static readonly AudienceId List = AudienceId.New();
    private static readonly AudienceId Published = AudienceId.New();

    private static readonly SegmentSet Segments = new(
        7,
        [Live(Bags, "bags"), Live(Vip, "vip"), Live(German, "german", "de")],
        new Dictionary<AudienceId, AudienceEntry>
        {
            [List] = new(List, "list", AudienceKind.List, null, 3),
            [Published] = new(Published, "published", AudienceKind.Segment, Vip, 0),
        });

    [Fact]
    public void A_block_with_nothing_assigned_is_for_everybody() =>
        Assert.Equal(["plain"], Keys(Decide(Shopper(), Block("plain"))));

    [Fact]
    public void Any_of_several_segments_is_enough_and_any_of_several_audiences_and_where_both_are_assigned_one_of_each()
    {
        Assert.Equal(["b"], Keys(Decide(Shopper(Bags), Block("b") with { Segments = [Vip, Bags] })));
        Assert.Equal(["b"], Keys(Decide(Shopper(Vip), Block("b") with { Audiences = [List, Published] })));
        var both = Block("b") with { Segments = [Vip, Bags], Audiences = [List] };
        var listed = Shopper() with { Lists = new HashSet<AudienceId> { List } };
        Assert.Empty(Keys(Decide(Shopper(Bags), both)));
        Assert.Empty(Keys(Decide(listed, both)));
        Assert.Equal(["b"], Keys(Decide(Shopper(Bags) with { Lists = listed.Lists }, both)));
    }

    [Fact]
    public void A_published_segment_is_asked_for_through_its_audience()
    {
        var block = Block("b") with { Audiences = [Published] };
        Assert.Equal(["b"], Keys(Decide(Shopper(Vip), block)));
        Assert.Empty(Keys(Decide(Shopper(Bags), block)));
    }

    [Fact]
    public void A_block_whose_segments_are_all_gone_is_for_nobody() =>
        Assert.Empty(Keys(Decide(Shopper(Gone), Block("b") with { Segments = [Gone] }, Block("c") with { Audiences = [AudienceId.New()] })));

    [Fact]
    public void A_segment_of_one_website_does_not_answer_for_another()
    {
        var block = Block("b") with { Segments = [German] };
        Assert.Empty(Keys(Decide(Shopper(German), block)));
        Assert.Equal(["b"], Keys(new BlockDecision(Standings.Of(Segments, Shopper(German), "DE"), new([block]), Now, "DE", null).Decide(["header"], true)));
    }

    [Fact]
    public void A_block_of_one_website_shows_on_no_other() =>
        Assert.Equal(["here"], Keys(Decide(Shopper(), Block("here") with { Website = "base" }, Block("there") with { Website = "de" })));

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public void A_schedule_holds_from_its_start_up_to_but_not_at_its_end(int seconds, bool shown)
    {
        var block = Block("b") with { StartsAt = Now, EndsAt = Now.AddSeconds(60) };
        var decision = new BlockDecision(Standings.Of(Segments, Shopper()), new([block]), Now.AddSeconds(seconds), "base", null);
        Assert.Equal(shown, Keys(decision.Decide(["header"], true)).Count == 1);
    }

    [Fact]
    public void Blocks_come_by_priority_and_then_by_key() =>
        Assert.Equal(["z", "a", "b"], Keys(Decide(Shopper(), Block("b") with { Priority = 5 }, Block("a") with { Priority = 5 }, Block("z") with { Priority = -1 })));

    [Fact]
    public void Every_placement_asked_for_is_answered_and_a_key_finds_a_block_in_no_location()
    {
        var blocks = new BlockSet([Block("banner") with { Locations = [] }]);
        var answer = new BlockDecision(Standings.Of(Segments, Shopper()), blocks, Now, "base", null).Decide(["header", "banner", "no-such"], true).Placements;
        Assert.Equal(["header", "banner", "no-such"], answer.Keys);
        Assert.Empty(answer["header"]);
        Assert.Equal("banner", answer["banner"].Single().Key);
        Assert.Empty(answer["no-such"]);
    }

    [Fact]
    public void A_store_view_has_its_own_content_or_the_default_or_no_block()
    {
        var both = Block("both") with { Contents = new Dictionary<string, string> { ["default"] = "hello", ["de"] = "hallo" } };
        var german = Block("german") with { Contents = new Dictionary<string, string> { ["de"] = "nur hier" } };
        IEnumerable<string> Contents(string? storeView) =>
            new BlockDecision(Standings.Of(Segments, Shopper()), new([both, german]), Now, "base", storeView).Decide(["header"], true).Placements["header"].Select(block => block.Content);
        Assert.Equal(["hallo", "nur hier"], Contents("de"));
        Assert.Equal(["hello"], Contents("fr"));
        Assert.Equal(["hello"], Contents(null));
    }

    [Fact]
    public void Without_a_shopper_only_default_content_shows() =>
        Assert.Equal(["plain"], Keys(Decide(null, Block("plain"), Block("personal") with { Segments = [Bags] })));

    [Fact]
    public void The_answer_keeps_for_five_minutes_when_nothing_changes_sooner() =>
        Assert.Equal(Now.AddMinutes(5), Decide(Shopper(), Block("b") with { EndsAt = Now.AddDays(1) }).CacheableUntil);

    [Fact]
    public void The_answer_keeps_until_a_segment_of_any_candidate_may_change_shown_or_not()
    {
        var shopper = Shopper(Bags) with { Deadlines = new Dictionary<SegmentId, DateTimeOffset> { [Bags] = Now.AddMinutes(4), [Vip] = Now.AddMinutes(2) } };
        Assert.Equal(Now.AddMinutes(4), Decide(shopper, Block("shown") with { Segments = [Bags] }).CacheableUntil);
        Assert.Equal(Now.AddMinutes(2), Decide(shopper, Block("shown") with { Segments = [Bags] }, Block("hidden") with { Segments = [Vip] }).CacheableUntil);
        Assert.Equal(Now.AddMinutes(2), Decide(shopper, Block("hidden") with { Audiences = [Published] }).CacheableUntil);
    }

    [Fact]
    public void The_answer_keeps_until_the_next_edge_of_a_schedule()
    {
        Assert.Equal(Now.AddSeconds(30), Decide(Shopper(), Block("soon") with { StartsAt = Now.AddSeconds(30) }).CacheableUntil);
        Assert.Equal(Now.AddSeconds(40), Decide(Shopper(), Block("now") with { StartsAt = Now, EndsAt = Now.AddSeconds(40) }).CacheableUntil);
        Assert.Equal(Now.AddMinutes(5), Decide(Shopper(), Block("elsewhere") with { Website = "de", EndsAt = Now.AddSeconds(40) }).CacheableUntil);
    }

    [Fact]
    public void Reasons_name_every_segment_and_audience_that_holds_and_are_given_only_when_asked_for()
    {
        var block = Block("b") with { Segments = [Bags, Vip], Audiences = [List, Published] };
        var shopper = Shopper(Vip) with { Lists = new HashSet<AudienceId> { List } };
        var reasons = Decide(shopper, block).Placements["header"].Single().Because!;
        Assert.Equal(["vip", "list", "published"], reasons.Select(reason => reason.Key));
        Assert.Equal([Now.AddDays(-1), null, Now.AddDays(-1)], reasons.Select(reason => reason.Since));
        Assert.True(Decide(shopper, Block("plain")).Placements["header"].Single().Because!.Single().Everybody);

        var quiet = new BlockDecision(Standings.Of(Segments, shopper), new([block]), Now, "base", null).Decide(["header"], explained: false);
        Assert.Null(quiet.Placements["header"].Single().Because);
    }

    private static BlockDecisionAnswer Decide(ShopperView? shopper, params LiveBlock[] blocks) =>
        new BlockDecision(Standings.Of(Segments, shopper), new(blocks), Now, "base", null).Decide(["header"], explained: true);

    private static List<string> Keys(BlockDecisionAnswer answer) => [.. answer.Placements["header"].Select(block => block.Key)];

    private static LiveSegment Live(SegmentId id, string key, string? website = null) =>
        new(id, key, key, website, ApplyTo.Both, 1, 1, null, new Needs());

    private static LiveBlock Block(string key) => new(
        Guid.CreateVersion7(), key, key, 0, null, null, null, [BlockLocation.Header], new Dictionary<string, string> { ["default"] = "<p/>" }, [], []);

    private static ShopperView Shopper(params SegmentId[] members) => new(
        null, Now, 7, 7, members.ToDictionary(id => id, id => new ShopperMembership(id, Now.AddDays(-1), null)),
        new Dictionary<SegmentId, DateTimeOffset>(), new HashSet<AudienceId>(), new Dictionary<string, bool>());
}
