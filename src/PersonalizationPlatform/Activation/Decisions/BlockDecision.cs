using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Activation.Templates;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// Decides which blocks a shopper sees. Pure. A block with nothing assigned is for everybody; otherwise the shopper must be in
/// any of its segments or audiences that still answer; one whose segments are all gone is for nobody. A block tied to price rules shows
/// only while one of them applies.
/// </summary>
/// <param name="shopper">Null = default content only: nothing is known of the shopper, or may be used.</param>
public sealed class BlockDecision(SegmentSet segments, BlockSet blocks, ShopperView? shopper, DateTimeOffset at, string website, string? storeView)
{
    /// <summary>An answer is never cacheable for longer.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly List<RenderFailure> failures = [];
    private DateTimeOffset cacheableUntil = at + MaxAge;
    private TemplateModel? model;

    /// <summary>The price rules that apply to what the shopper has before them.</summary>
    public PromotionsApplied Promotions { get; init; } = PromotionsApplied.None;

    /// <summary>Audiences that the caller says the shopper is in; of no use where nothing of the shopper may be used.</summary>
    public NamedAudiences Named { get; init; } = NamedAudiences.None;

    /// <summary>What the page remembers of rotators, by their keys.</summary>
    public IReadOnlyDictionary<string, string> Rotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Any number; what rotators leave to chance follows from it.</summary>
    public ulong Chance { get; init; }

    /// <summary>Blocks that were to be shown and could not be rendered; they are not in the answer.</summary>
    public IReadOnlyList<RenderFailure> Failures => failures;

    /// <summary>Whether some block that may show speaks of the shopper, so that the shopper's fields are worth reading.</summary>
    public bool NeedsShopper(IEnumerable<string> placements) => shopper is not null && placements
        .SelectMany(placement => blocks.RotatorAt(placement)?.Blocks ?? blocks.At(placement))
        .Any(block => block.Template == BlockTemplate.Liquid && block.ContentFor(storeView) is { } source && LiquidTemplate.Of(source).UsesShopper && Reasons(block) is not null);

    /// <summary>The blocks of every placement, with their reasons when <paramref name="explained"/>.</summary>
    /// <param name="placements">Locations, keys of rotators and keys of blocks.</param>
    /// <param name="explained">Whether to say why.</param>
    /// <param name="known">What templates may speak of beside time, place and segments, which are filled in here.</param>
    public BlockDecisionAnswer Decide(IEnumerable<string> placements, bool explained, TemplateModel? known = null)
    {
        model = (known ?? new TemplateModel()) with { Now = at, Website = website, StoreView = storeView, Segments = SegmentKeys() };
        var answer = new Dictionary<string, IReadOnlyList<ShownBlock>>(StringComparer.Ordinal);
        var rotation = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var placement in placements)
        {
            var shown = blocks.RotatorAt(placement) is { } pool
                ? Rotate(pool, rotation)
                : [.. blocks.At(placement).Select(block => Show(block, Reasons(block))).OfType<ShownBlock>()];
            answer[placement] = explained ? shown : [.. shown.Select(block => block with { Because = null })];
        }

        return new(answer, cacheableUntil) { Rotation = rotation.Count > 0 ? rotation : null };
    }

    private IReadOnlyList<ShownBlock> Rotate(RotatorPool pool, SortedDictionary<string, string> rotation)
    {
        var rotator = pool.Rotator;
        if (!rotator.ShowsOn(website, storeView))
            return [];
        var reasons = new Dictionary<Guid, List<Reason>>();
        foreach (var block in pool.Blocks)
        {
            // Of blocks that are there for promotions of one kind, one shown for the other kind is none.
            if (Reasons(block) is { } found && (rotator.Source == RotatorSource.Specified || Applied(RotatorPool.RulesOf(rotator.Source, block)).Any()))
                reasons[block.Id] = [.. found, new() { Rotator = rotator.Id, Key = rotator.Key, Rotation = rotator.Rotation }];
        }

        var eligible = pool.Blocks.Where(block => reasons.ContainsKey(block.Id)).ToList();
        if (rotator.Rotation == RotationMode.DisplayAll)
            return [.. eligible.Select(block => Show(block, reasons[block.Id])).OfType<ShownBlock>()];
        // The next refresh may show another one.
        cacheableUntil = at;
        while (eligible.Count > 0)
        {
            var turn = Rotation.Next(pool, eligible, Rotations.GetValueOrDefault(rotator.Key), Chance);
            reasons[turn.Block.Id][^1] = reasons[turn.Block.Id][^1] with { Of = eligible.Count };
            if (Show(turn.Block, reasons[turn.Block.Id]) is { } shown)
            {
                if (turn.Token is { } token)
                    rotation[rotator.Key] = token;
                return [shown];
            }

            eligible.Remove(turn.Block);
        }

        return [];
    }

    private ShownBlock? Show(LiveBlock block, IReadOnlyList<Reason>? reasons)
    {
        if (reasons is null || block.ContentFor(storeView) is not { } content)
            return null;
        if (block.Template == BlockTemplate.Liquid)
        {
            var template = LiquidTemplate.Of(content);
            if (template.UsesTime)
                cacheableUntil = at;
            if (template.UsesSegments)
                ChangesAt(shopper?.Deadlines.Count > 0 ? shopper.Deadlines.Values.Where(deadline => deadline > at).Cast<DateTimeOffset?>().Min() : null);
            if (template.Render(model!, out var failure) is not { } rendered)
            {
                failures.Add(new(block.Id, failure!));
                return null;
            }

            content = rendered;
        }

        return new(block.Id, block.Key, block.Name, content, reasons);
    }

    /// <summary>Why the block shows; null when it does not.</summary>
    private List<Reason>? Reasons(LiveBlock block)
    {
        if ((block.Website is { } only && !only.Equals(website, StringComparison.OrdinalIgnoreCase)) || block.ContentFor(storeView) is null)
            return null;
        // From here on the block is a candidate: whatever may show or hide it later bounds how long the answer keeps,
        // whether it shows now or not.
        ChangesAt(block.StartsAt);
        ChangesAt(block.EndsAt);
        var reasons = MembershipReasons(block);
        if (block.IsPromotion)
        {
            ChangesAt(Promotions.ChangesAt);
            var applied = Applied(block.CartRules).Select(id => new Reason { CartRule = id })
                .Concat(Applied(block.CatalogRules).Select(id => new Reason { CatalogRule = id })).ToList();
            if (applied.Count == 0)
                return null;
            if (reasons.Count > 0)
                reasons.AddRange(applied);
        }

        return reasons.Count > 0 && !(block.StartsAt > at) && !(block.EndsAt <= at) ? reasons : null;
    }

    private List<Reason> MembershipReasons(LiveBlock block)
    {
        if (block.IsForEverybody)
            return [new() { Everybody = true }];
        var reasons = new List<Reason>();
        if (shopper is null)
            return reasons;
        foreach (var id in block.Segments)
        {
            if (Member(id) is { } member)
                reasons.Add(new() { Segment = id.Value, Key = segments.Find(id)!.Key, Since = member.Since });
        }

        foreach (var id in block.Audiences)
        {
            if (!segments.Audiences.TryGetValue(id, out var audience))
                continue;
            var member = audience.Segment is { } published ? Member(published) : null;
            if (member is not null || (audience.Segment is null && shopper.Lists.Contains(id)) || Named.Contains(audience))
                reasons.Add(new() { Audience = id.Value, Key = audience.Key, Since = member?.Since });
        }

        return reasons;
    }

    private IEnumerable<Guid> Applied(IReadOnlyList<Guid> rules) =>
        rules.Where(rule => Promotions.CartRules.Contains(rule) || Promotions.CatalogRules.Contains(rule));

    private IReadOnlyList<string> SegmentKeys() => shopper is null
        ? []
        : [.. segments.InOrder.Where(segment => segment.AnswersFor(website) && shopper.Members.ContainsKey(segment.Id)).Select(segment => segment.Key)];

    /// <summary>The membership in a live segment that answers for this website.</summary>
    private ShopperMembership? Member(SegmentId id)
    {
        if (segments.Find(id)?.AnswersFor(website) != true)
            return null;
        if (shopper!.Deadlines.TryGetValue(id, out var deadline))
            ChangesAt(deadline);
        return shopper.Members.GetValueOrDefault(id);
    }

    private void ChangesAt(DateTimeOffset? instant)
    {
        if (instant > at && instant < cacheableUntil)
            cacheableUntil = instant.Value;
    }
}

/// <summary>A block whose template failed.</summary>
/// <param name="Reason">The kind of failure.</param>
public sealed record RenderFailure(Guid Block, string Reason);
