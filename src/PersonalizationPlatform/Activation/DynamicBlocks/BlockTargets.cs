using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>
/// Whom a block is for: everybody when nothing is assigned; else those in any of its segments where there are some, and in any of its
/// audiences where there are some.
/// </summary>
public readonly record struct BlockTargets(IReadOnlyList<SegmentId> Segments, IReadOnlyList<AudienceId> Audiences)
{
    /// <summary>No segment and no audience is assigned: this is default content.</summary>
    public bool Everybody => Segments.Count == 0 && Audiences.Count == 0;

    /// <summary>Those of its segments and audiences that make it one for a shopper; null when it is not. Asks about every one of them.</summary>
    public BlockTargets? Of(Func<SegmentId, bool> isMember, Func<AudienceId, bool> isListed)
    {
        var (segments, audiences) = (Those(Segments, isMember), Those(Audiences, isListed));
        return (Segments.Count > 0 && segments.Count == 0) || (Audiences.Count > 0 && audiences.Count == 0) ? null : new(segments, audiences);
    }

    /// <summary>Every decision asks this of every block: what is for others costs no memory.</summary>
    private static IReadOnlyList<T> Those<T>(IReadOnlyList<T> all, Func<T, bool> holds)
    {
        List<T>? those = null;
        for (var i = 0; i < all.Count; i++)
        {
            if (holds(all[i]))
                (those ??= []).Add(all[i]);
        }

        return those ?? (IReadOnlyList<T>)[];
    }
}
