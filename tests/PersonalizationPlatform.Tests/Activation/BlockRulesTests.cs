using Microsoft.AspNetCore.Http;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Activation.Templates;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Activation;

/// <summary>What price rules, rotators, templates and named audiences make of a decision.</summary>
public sealed class BlockRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly SegmentId Vip = SegmentId.New();
    private static readonly AudienceId Bags = AudienceId.New();
    private static readonly Guid CartRule = Guid.CreateVersion7();
    private static readonly Guid CatalogRule = Guid.CreateVersion7();

    private static readonly SegmentSet Segments = new(
        7, [new(Vip, "vip", "vip", null, ApplyTo.Both, 1, 1, null, new Needs())],
        new Dictionary<AudienceId, AudienceEntry> { [Bags] = new(Bags, "bag-lovers", AudienceKind.List, null, 1) { ExternalId = "b0d9:Bags" } });

    [Fact]
    public void A_block_tied_to_rules_shows_only_while_one_of_them_applies()
    {
        var block = Block("promo") with { CartRules = [Guid.CreateVersion7(), CartRule], CatalogRules = [CatalogRule] };
        Assert.Equal("", Keys(Decide([block], PromotionsApplied.None)));
        Assert.Equal("promo", Keys(Decide([block], Cart())));
        Assert.Equal("promo", Keys(Decide([block], new() { CatalogRules = new HashSet<Guid> { CatalogRule } })));
        Assert.Equal("", Keys(Decide([block], new() { CartRules = new HashSet<Guid> { Guid.CreateVersion7() } })));
    }

    [Fact]
    public void The_rule_that_applied_is_named_beside_what_else_holds()
    {
        var because = Decide([Block("promo") with { CartRules = [CartRule] }], Cart()).Placements["header"].Single().Because!;
        Assert.Equal([true, null], because.Select(reason => reason.Everybody));
        Assert.Equal([null, CartRule], because.Select(reason => reason.CartRule));
    }

    [Fact]
    public void A_rule_that_applies_opens_no_block_to_somebody_outside_its_segments()
    {
        var block = Block("promo") with { CartRules = [CartRule], Segments = [Vip] };
        Assert.Equal("", Keys(Decide([block], Cart())));
        Assert.Equal("promo", Keys(Decide([block], Cart(), Shopper(Vip))));
        Assert.Equal("", Keys(Decide([block], PromotionsApplied.None, Shopper(Vip))));
    }

    [Fact]
    public void The_answer_keeps_no_longer_than_the_rules_that_apply()
    {
        var applied = Cart() with { ChangesAt = Now.AddSeconds(90) };
        Assert.Equal(Now.AddSeconds(90), Decide([Block("promo") with { CatalogRules = [CatalogRule] }], applied).CacheableUntil);
        Assert.Equal(Now.AddMinutes(5), Decide([Block("plain")], applied).CacheableUntil);
    }

    [Fact]
    public void A_rotator_shows_all_or_one_of_its_blocks_in_its_order()
    {
        LiveBlock[] blocks = [Block("a"), Block("b") with { Segments = [Vip] }, Block("c")];
        Assert.Equal("c a", Keys(Rotate(blocks, new() { Blocks = [blocks[2].Id, blocks[1].Id, blocks[0].Id] }), "hero"));
        Assert.Equal("c b a", Keys(Rotate(blocks, new() { Blocks = [blocks[2].Id, blocks[1].Id, blocks[0].Id] }, Shopper(Vip)), "hero"));
        var one = Rotate(blocks, new() { Rotation = RotationMode.OneSeries, Blocks = [blocks[2].Id, blocks[1].Id, blocks[0].Id] });
        Assert.Equal("c", Keys(one, "hero"));
        var because = one.Placements["hero"].Single().Because![^1];
        Assert.Equal((RotationMode.OneSeries, 2, "hero"), (because.Rotation, because.Of, because.Key));
        Assert.NotNull(because.Rotator);
    }

    [Fact]
    public void What_takes_turns_is_not_to_be_kept_and_what_does_not_is()
    {
        LiveBlock[] blocks = [Block("a"), Block("b")];
        foreach (var mode in new[] { RotationMode.OneRandom, RotationMode.OneSeries, RotationMode.OneShuffle })
            Assert.Equal(Now, Rotate(blocks, new() { Rotation = mode, Blocks = [blocks[0].Id, blocks[1].Id] }).CacheableUntil);
        Assert.Equal(Now.AddMinutes(5), Rotate(blocks, new() { Blocks = [blocks[0].Id, blocks[1].Id] }).CacheableUntil);
    }

    [Fact]
    public void A_rotator_for_promotions_shows_the_blocks_whose_rule_of_that_kind_applies()
    {
        LiveBlock[] blocks =
        [
            Block("both") with { CartRules = [CartRule], CatalogRules = [CatalogRule] }, Block("cart") with { CartRules = [CartRule] },
            Block("catalogue") with { CatalogRules = [CatalogRule] }, Block("other") with { CartRules = [Guid.CreateVersion7()] }, Block("plain"),
        ];
        Assert.Equal("both cart", Keys(Rotate(blocks, new() { Source = RotatorSource.CartPriceRuleRelated }, null, Cart()), "hero"));
        Assert.Equal("", Keys(Rotate(blocks, new() { Source = RotatorSource.CatalogPriceRuleRelated }, null, Cart()), "hero"));
        Assert.Equal("", Keys(Rotate(blocks, new() { Source = RotatorSource.CartPriceRuleRelated }, null), "hero"));
    }

    [Fact]
    public void A_rotator_is_restricted_to_locations_a_website_and_store_views()
    {
        LiveBlock[] blocks = [Block("a"), Block("b") with { Locations = [BlockLocation.Footer] }, Block("c") with { Locations = [] }];
        IReadOnlyList<Guid> all = [.. blocks.Select(block => block.Id)];
        Assert.Equal("b", Keys(Rotate(blocks, new() { Blocks = all, Locations = [BlockLocation.Footer] }), "hero"));
        Assert.Equal("", Keys(Rotate(blocks, new() { Blocks = all, Website = "de" }), "hero"));
        Assert.Equal("", Keys(Rotate(blocks, new() { Blocks = all, StoreViews = ["de"] }), "hero"));
        Assert.Equal("a b c", Keys(Rotate(blocks, new() { Blocks = all, StoreViews = ["DE", "fr"] }, storeView: "de"), "hero"));
    }

    [Fact]
    public void A_series_passes_over_a_block_that_cannot_be_rendered()
    {
        LiveBlock[] blocks = [Liquid("broken", "{% for i in (1..2000) %}{% endfor %}"), Block("fine")];
        var decision = new BlockDecision(Standings.Of(Segments, Shopper()), new(blocks, [new(Guid.CreateVersion7(), "hero", "Hero") { Rotation = RotationMode.OneSeries, Blocks = [blocks[0].Id, blocks[1].Id] }]), Now, "base", null);
        Assert.Equal("fine", Keys(decision.Decide(["hero"], true), "hero"));
        Assert.Equal(blocks[0].Id, decision.Failures.Single().Block);
    }

    [Fact]
    public void An_empty_content_hides_the_block_in_its_store_view()
    {
        var block = Block("b") with { Contents = new Dictionary<string, string> { ["default"] = "x", ["de"] = "" } };
        Assert.Equal("b", Keys(new BlockDecision(Standings.Of(Segments, Shopper()), new([block]), Now, "base", "fr").Decide(["header"], true)));
        Assert.Equal("", Keys(new BlockDecision(Standings.Of(Segments, Shopper()), new([block]), Now, "base", "de").Decide(["header"], true)));
    }

    [Fact]
    public void Html_stays_as_it_is_whatever_braces_it_has() =>
        Assert.Equal("{{ shopper.city }}{% if", Decide([Block("b") with { Contents = new Dictionary<string, string> { ["default"] = "{{ shopper.city }}{% if" } }]).Placements["header"].Single().Content);

    [Fact]
    public void Content_that_depends_on_time_is_not_to_be_kept_and_on_segments_only_until_one_may_change()
    {
        Assert.Equal(Now, Decide([Liquid("b", "{{ now }}")]).CacheableUntil);
        Assert.Equal(Now.AddMinutes(5), Decide([Liquid("b", "{{ store.website }}")]).CacheableUntil);
        var shopper = Shopper(Vip) with { Deadlines = new Dictionary<SegmentId, DateTimeOffset> { [Vip] = Now.AddMinutes(3) } };
        var answer = Decide([Liquid("b", "{% if segments contains 'vip' %}hello{% endif %}")], shopper: shopper);
        Assert.Equal("hello", answer.Placements["header"].Single().Content);
        Assert.Equal(Now.AddMinutes(3), answer.CacheableUntil);
    }

    [Fact]
    public void The_shopper_is_worth_reading_only_where_a_block_that_may_show_speaks_of_them()
    {
        var greeting = Liquid("greeting", "{{ shopper.firstName }}");
        Assert.True(Needs(greeting));
        Assert.False(Needs(Liquid("b", "{{ product.name }}"), Block("c") with { Contents = new Dictionary<string, string> { ["default"] = "{{ shopper.city }}" } }));
        Assert.False(Needs(greeting with { Segments = [Vip] }));
        Assert.False(Needs(greeting with { EndsAt = Now }));
        Assert.False(Needs(greeting with { CartRules = [CartRule] }));

        static bool Needs(params LiveBlock[] blocks) => new BlockDecision(Standings.Of(Segments, Shopper()), new(blocks), Now, "base", null).NeedsShopper(["header"]);
    }

    [Theory]
    [InlineData("b0d9:Bags")]
    [InlineData("x, b0d9%3ABags")]
    [InlineData("%5B%22B0D9%3Abags%22%2C7%5D")]
    [InlineData("bag-lovers")]
    [InlineData("[\"bag-lovers\"]")]
    public void An_audience_the_request_names_counts(string header)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[NamedAudiences.Header] = header;
        Assert.Equal("b", Keys(Named(NamedAudiences.Of(request), Shopper())));
        Assert.Equal("", Keys(Named(NamedAudiences.Of(request), null)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bag")]
    [InlineData("[\"bag-lovers\"")]
    [InlineData("[[\"bag-lovers\"]]")]
    [InlineData("[null]")]
    [InlineData("%%%,,%ZZ")]
    public void A_header_that_names_nothing_counts_for_nothing(string header)
    {
        var request = new DefaultHttpContext().Request;
        request.Headers[NamedAudiences.Header] = header;
        Assert.Equal("", Keys(Named(NamedAudiences.Of(request), Shopper())));
    }

    private static BlockDecisionAnswer Named(NamedAudiences named, ShopperView? shopper) =>
        new BlockDecision(Standings.Of(Segments, shopper, named: named), new([Block("b") with { Audiences = [Bags, AudienceId.New()] }]), Now, "base", null).Decide(["header"], true);

    private static BlockDecisionAnswer Decide(LiveBlock[] blocks, PromotionsApplied? promotions = null, ShopperView? shopper = null) =>
        new BlockDecision(Standings.Of(Segments, shopper ?? Shopper()), new(blocks), Now, "base", null) { Promotions = promotions ?? PromotionsApplied.None }
            .Decide(["header"], explained: true, new TemplateModel());

    private static BlockDecisionAnswer Rotate(LiveBlock[] blocks, RotatorDraft draft, ShopperView? shopper = null, PromotionsApplied? promotions = null, string? storeView = null)
    {
        var rotator = new LiveRotator(Guid.CreateVersion7(), "hero", "Hero")
        {
            Source = draft.Source,
            Blocks = draft.Blocks,
            Rotation = draft.Rotation,
            Locations = draft.Locations,
            Website = draft.Website,
            StoreViews = draft.StoreViews,
        };
        return new BlockDecision(Standings.Of(Segments, shopper ?? Shopper()), new(blocks, [rotator]), Now, "base", storeView) { Promotions = promotions ?? PromotionsApplied.None }
            .Decide(["hero"], explained: true);
    }

    private static PromotionsApplied Cart() => new() { CartRules = new HashSet<Guid> { CartRule } };

    private static string Keys(BlockDecisionAnswer answer, string placement = "header") => string.Join(' ', answer.Placements[placement].Select(block => block.Key));

    private static LiveBlock Liquid(string key, string source) =>
        Block(key) with { Template = BlockTemplate.Liquid, Contents = new Dictionary<string, string> { ["default"] = source } };

    private static LiveBlock Block(string key) => new(
        Guid.CreateVersion7(), key, key, 0, null, null, null, [BlockLocation.Header], new Dictionary<string, string> { ["default"] = "<p/>" }, [], []);

    private static ShopperView Shopper(params SegmentId[] members) => new(
        null, Now, 7, 7, members.ToDictionary(id => id, id => new ShopperMembership(id, Now.AddDays(-1), null)),
        new Dictionary<SegmentId, DateTimeOffset>(), new HashSet<AudienceId>(), new Dictionary<string, bool>());

    private sealed record RotatorDraft
    {
        public RotatorSource Source { get; init; }
        public IReadOnlyList<Guid> Blocks { get; init; } = [];
        public RotationMode Rotation { get; init; }
        public IReadOnlyList<BlockLocation> Locations { get; init; } = [];
        public string? Website { get; init; }
        public IReadOnlyList<string> StoreViews { get; init; } = [];
    }
}
