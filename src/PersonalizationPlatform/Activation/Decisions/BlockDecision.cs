using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// Decides which blocks a shopper sees. Pure. A block with nothing assigned is for everybody; otherwise the shopper must be in
/// any of its segments or audiences that still answer; one whose segments are all gone is for nobody.
/// </summary>
/// <param name="shopper">Null = default content only: nothing is known of the shopper, or may be used.</param>
public sealed class BlockDecision(SegmentSet segments, BlockSet blocks, ShopperView? shopper, DateTimeOffset at, string website, string? storeView)
{
    /// <summary>An answer is never cacheable for longer.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    private DateTimeOffset cacheableUntil = at + MaxAge;

    /// <summary>The blocks of every placement, with their reasons when <paramref name="explained"/>.</summary>
    public BlockDecisionAnswer Decide(IEnumerable<string> placements, bool explained)
    {
        var answer = new Dictionary<string, IReadOnlyList<ShownBlock>>(StringComparer.Ordinal);
        foreach (var placement in placements)
        {
            var shown = new List<ShownBlock>();
            foreach (var block in blocks.At(placement))
            {
                if (Shown(block) is { } decided)
                    shown.Add(explained ? decided : decided with { Because = null });
            }

            answer[placement] = shown;
        }

        return new(answer, cacheableUntil);
    }

    private ShownBlock? Shown(LiveBlock block)
    {
        if (block.Website is { } only && !only.Equals(website, StringComparison.OrdinalIgnoreCase))
            return null;
        if (block.ContentFor(storeView) is not { } content)
            return null;
        // From here on the block is a candidate: whatever may show or hide it later bounds how long the answer keeps,
        // whether it shows now or not.
        ChangesAt(block.StartsAt);
        ChangesAt(block.EndsAt);
        var reasons = Reasons(block);
        return reasons.Count > 0 && !(block.StartsAt > at) && !(block.EndsAt <= at)
            ? new(block.Id, block.Key, block.Name, content, reasons)
            : null;
    }

    private List<Reason> Reasons(LiveBlock block)
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
            if (audience.Segment is { } published)
            {
                if (Member(published) is { } member)
                    reasons.Add(new() { Audience = id.Value, Key = audience.Key, Since = member.Since });
            }
            else if (shopper.Lists.Contains(id))
            {
                reasons.Add(new() { Audience = id.Value, Key = audience.Key });
            }
        }

        return reasons;
    }

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
