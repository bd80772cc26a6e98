using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>A live block, ready for decisions.</summary>
/// <param name="Contents">By store view, and <c>default</c>.</param>
public sealed record LiveBlock(
    Guid Id, string Key, string Name, int Priority, string? Website, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt,
    IReadOnlyList<BlockLocation> Locations, IReadOnlyDictionary<string, string> Contents,
    IReadOnlyList<SegmentId> Segments, IReadOnlyList<AudienceId> Audiences)
{
    /// <summary>No segment and no audience is assigned: this is default content.</summary>
    public bool IsForEverybody => Segments.Count == 0 && Audiences.Count == 0;

    /// <summary>Null where the block does not show.</summary>
    public string? ContentFor(string? storeView) =>
        storeView is not null && Contents.TryGetValue(storeView, out var own) ? own : Contents.GetValueOrDefault(BlockContents.Default);
}

/// <summary>Every live block, by location and key. Immutable.</summary>
public sealed class BlockSet
{
    private readonly Dictionary<string, IReadOnlyList<LiveBlock>> byPlacement = new(StringComparer.OrdinalIgnoreCase);

    public BlockSet(IEnumerable<LiveBlock> blocks)
    {
        var sorted = blocks.OrderBy(block => block.Priority).ThenBy(block => block.Key, StringComparer.Ordinal).ToList();
        foreach (var block in sorted)
            byPlacement[block.Key] = [block];
        // Locations last: should a key ever equal one, the location keeps its meaning.
        foreach (var location in Enum.GetValues<BlockLocation>())
            byPlacement[location.ToString()] = [.. sorted.Where(block => block.Locations.Contains(location))];
    }

    /// <summary>The blocks a location or a key stands for, lower priority number first, then by key; none when it is unknown.</summary>
    public IReadOnlyList<LiveBlock> At(string placement) => byPlacement.GetValueOrDefault(placement, []);
}
