using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Segments.Definitions;

public sealed class SegmentOrderTests
{
    private static readonly Dictionary<AudienceId, AudienceEntry> NoAudiences = [];

    [Fact]
    public void Segments_come_after_those_they_refer_to()
    {
        var (a, b, c) = (SegmentId.New(), SegmentId.New(), SegmentId.New());
        var set = new SegmentSet(1, [Segment(a, "a", b), Segment(b, "b", c), Segment(c, "c")], NoAudiences);
        Assert.Equal(["c", "b", "a"], set.InOrder.Select(segment => segment.Key));
    }

    [Fact]
    public void A_reference_through_a_published_audience_counts_as_one()
    {
        var (a, b) = (SegmentId.New(), SegmentId.New());
        var audience = AudienceId.New();
        var asksForAudience = Segment(a, "a");
        asksForAudience.Needs.Audiences.Add(audience);
        var set = new SegmentSet(1, [asksForAudience, Segment(b, "b")], new Dictionary<AudienceId, AudienceEntry>
        {
            [audience] = new(audience, "published", AudienceKind.Segment, b, 0),
        });
        Assert.Equal(["b", "a"], set.InOrder.Select(segment => segment.Key));
    }

    [Fact]
    public void What_stands_in_or_behind_a_circle_fails_closed_and_the_rest_stays()
    {
        var (a, b, c, d) = (SegmentId.New(), SegmentId.New(), SegmentId.New(), SegmentId.New());
        var set = new SegmentSet(1, [Segment(a, "a", b), Segment(b, "b", a), Segment(c, "c", a), Segment(d, "d")], NoAudiences);
        Assert.Equal(["d"], set.InOrder.Select(segment => segment.Key));
        Assert.Null(set.Find(a));
    }

    [Fact]
    public void A_segment_that_is_not_live_holds_nobody_up()
    {
        var set = new SegmentSet(1, [Segment(SegmentId.New(), "a", SegmentId.New())], NoAudiences);
        Assert.Equal(["a"], set.InOrder.Select(segment => segment.Key));
    }

    [Theory]
    [InlineData("Hot bag lovers", "hot-bag-lovers")]
    [InlineData("  Käufer & Größen – 2026! ", "kaeufer-groessen-2026")]
    [InlineData("Shopper's café", "shoppers-cafe")]
    public async Task A_key_is_made_from_the_name_and_numbered_until_it_is_free(string name, string key)
    {
        List<PersonalizationPlatform.Http.ProblemError> errors = [];
        var id = Guid.CreateVersion7();
        Assert.Equal(key, await ChooseAsync(_ => false));
        Assert.Equal(key + "-3", await ChooseAsync(taken => taken == key || taken == key + "-2"));
        Assert.Equal($"{key}-{id:n}", await ChooseAsync(taken => taken.Length < key.Length + 32));
        Assert.Empty(errors);

        Task<string> ChooseAsync(Func<string, bool> isTaken) =>
            DefinitionKey.ChooseAsync(null, name, "segments", id, taken => Task.FromResult(isTaken(taken)), errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a--b")]
    [InlineData("Upper")]
    [InlineData("a b")]
    [InlineData("0198a000-0000-7000-8000-000000000000")]
    public void A_key_that_is_no_slug_or_looks_like_an_id_is_refused(string key) => Assert.False(DefinitionKey.IsValid(key));

    private static LiveSegment Segment(SegmentId id, string key, params SegmentId[] references)
    {
        var needs = new Needs();
        needs.Segments.UnionWith(references);
        return new(id, key, key, null, ApplyTo.Both, 1, 1, null, needs);
    }
}
