using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Activation.Templates;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// Decides which blocks a shopper sees. Pure. Whom a block is for its <see cref="BlockTargets"/> say; nobody is in a segment or audience
/// that is gone. A block tied to price rules shows only while one of them applies.
/// </summary>
/// <param name="standing">Which segments and audiences the shopper is in.</param>
/// <param name="blocks">Everything live.</param>
/// <param name="at">When.</param>
/// <param name="website">The website's code.</param>
/// <param name="storeView">The store view's code.</param>
public sealed class BlockDecision(ShopperStanding standing, BlockSet blocks, DateTimeOffset at, string website, string? storeView)
{
    /// <summary>An answer is never cacheable for longer.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private readonly List<RenderFailure> failures = [];
    private DateTimeOffset cacheableUntil = at + MaxAge;
    private TemplateModel? model;
    private Func<SegmentId, bool>? isMember;
    private Func<AudienceId, bool>? isListed;

    /// <summary>The price rules that apply to what the shopper has before them.</summary>
    public PromotionsApplied Promotions { get; init; } = PromotionsApplied.None;

    /// <summary>What the page remembers of rotators, by their keys.</summary>
    public IReadOnlyDictionary<string, string> Rotations { get; init; } = new Dictionary<string, string>();

    /// <summary>Any number; what rotators leave to chance follows from it.</summary>
    public ulong Chance { get; init; }

    /// <summary>Blocks that were to be shown and could not be rendered; they are not in the answer.</summary>
    public IReadOnlyList<RenderFailure> Failures => failures;

    /// <summary>Whether some block that may show speaks of the shopper, so that the shopper's fields are worth reading.</summary>
    public bool NeedsShopper(IEnumerable<string> placements) => standing.Shopper is not null && placements
        .SelectMany(placement => blocks.RotatorAt(placement)?.Blocks ?? blocks.At(placement))
        .Any(block => block.Template == BlockTemplate.Liquid && block.ContentFor(storeView) is { } source && LiquidTemplate.Of(source).UsesShopper && Reasons(block) is not null);

    /// <summary>The blocks of every placement, with their reasons when <paramref name="explained"/>.</summary>
    /// <param name="placements">Locations, keys of rotators and keys of blocks.</param>
    /// <param name="explained">Whether to say why.</param>
    /// <param name="known">What templates may speak of beside time, place and segments, which are filled in here.</param>
    public BlockDecisionAnswer Decide(IEnumerable<string> placements, bool explained, TemplateModel? known = null)
    {
        model = (known ?? new TemplateModel()) with { Now = at, Website = website, StoreView = storeView, Segments = [.. standing.SegmentKeys()] };
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
                ChangesAt(standing.NextDeadline(at));
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
        if (block.Targets.Everybody)
            return [new() { Everybody = true }];
        isMember ??= id => Holds(standing.Segment(id));
        isListed ??= id => Holds(standing.Audience(id));
        var reasons = new List<Reason>();
        if (block.Targets.Of(isMember, isListed) is not { } through)
            return reasons;
        foreach (var id in through.Segments)
            reasons.Add(new() { Segment = id.Value, Key = standing.Find(id)?.Key, Since = standing.Since(id) });
        foreach (var id in through.Audiences)
            reasons.Add(new() { Audience = id.Value, Key = standing.Find(id)?.Key, Since = standing.Since(id) });
        return reasons;
    }

    private bool Holds(Verdict verdict)
    {
        ChangesAt(verdict.ChangesAt);
        return verdict.Matches;
    }

    private IEnumerable<Guid> Applied(IReadOnlyList<Guid> rules) =>
        rules.Where(rule => Promotions.CartRules.Contains(rule) || Promotions.CatalogRules.Contains(rule));

    private void ChangesAt(DateTimeOffset? instant)
    {
        if (instant > at && instant < cacheableUntil)
            cacheableUntil = instant.Value;
    }
}

/// <summary>A block whose template failed.</summary>
/// <param name="Reason">The kind of failure.</param>
public sealed record RenderFailure(Guid Block, string Reason);
