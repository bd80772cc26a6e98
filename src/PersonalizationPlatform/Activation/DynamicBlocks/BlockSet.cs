using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>A live block, ready for decisions.</summary>
/// <param name="Contents">By store view, and <c>default</c>; an empty text hides the block there.</param>
public sealed record LiveBlock(
    Guid Id, string Key, string Name, int Priority, string? Website, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    IReadOnlyList<BlockLocation> Locations, IReadOnlyDictionary<string, string> Contents,
    IReadOnlyList<SegmentId> Segments, IReadOnlyList<AudienceId> Audiences)
{
    public BlockTemplate Template { get; init; }

    /// <summary>Cart rules that it names, or that name it.</summary>
    public IReadOnlyList<Guid> CartRules { get; init; } = [];

    /// <summary>Catalogue rules that it names, or that name it.</summary>
    public IReadOnlyList<Guid> CatalogRules { get; init; } = [];

    /// <summary>Whom it is for.</summary>
    public BlockTargets Targets => new(Segments, Audiences);

    /// <summary>It shows only while a price rule applies.</summary>
    public bool IsPromotion => CartRules.Count + CatalogRules.Count > 0;

    /// <summary>Null where the block does not show.</summary>
    public string? ContentFor(string? storeView)
    {
        var content = storeView is not null && Contents.TryGetValue(storeView, out var own) ? own : Contents.GetValueOrDefault(BlockContents.Default);
        return content is "" ? null : content;
    }
}

/// <summary>Every live block and rotator, by location and key. Immutable.</summary>
public sealed class BlockSet
{
    private readonly Dictionary<string, IReadOnlyList<LiveBlock>> byPlacement = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, RotatorPool> rotators = new(StringComparer.OrdinalIgnoreCase);

    public BlockSet(IEnumerable<LiveBlock> blocks, IEnumerable<LiveRotator>? rotators = null)
    {
        var sorted = blocks.OrderBy(block => block.Priority).ThenBy(block => block.Key, StringComparer.Ordinal).ToList();
        foreach (var block in sorted)
            byPlacement[block.Key] = [block];
        // Locations last: should a key ever equal one, the location keeps its meaning.
        foreach (var location in Enum.GetValues<BlockLocation>())
            byPlacement[location.ToString()] = [.. sorted.Where(block => block.Locations.Contains(location))];
        foreach (var rotator in rotators ?? [])
            this.rotators[rotator.Key] = RotatorPool.Of(rotator, sorted);
    }

    /// <summary>The blocks a location or a key stands for, lower priority number first, then by key; none when it is unknown.</summary>
    public IReadOnlyList<LiveBlock> At(string placement) => byPlacement.GetValueOrDefault(placement, []);

    /// <summary>The rotator with this key and what it chooses from; null when the placement is none.</summary>
    public RotatorPool? RotatorAt(string placement) => rotators.GetValueOrDefault(placement);
}
