using PersonalizationPlatform.Activation.DynamicBlocks;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>A live rotator, ready for decisions.</summary>
public sealed record LiveRotator(Guid Id, string Key, string Name)
{
    public RotatorSource Source { get; init; }

    /// <summary>Where they are named, in the order in which a series shows them.</summary>
    public IReadOnlyList<Guid> Blocks { get; init; } = [];

    /// <summary>Empty = blocks of any location, and of none.</summary>
    public IReadOnlyList<BlockLocation> Locations { get; init; } = [];
    public RotationMode Rotation { get; init; }

    /// <summary>Null = every website.</summary>
    public string? Website { get; init; }

    /// <summary>Empty = every store view.</summary>
    public IReadOnlyList<string> StoreViews { get; init; } = [];

    /// <summary>Whether it shows anything there. One for certain store views shows nothing where the store view is not known.</summary>
    public bool ShowsOn(string website, string? storeView) =>
        (Website is null || Website.Equals(website, StringComparison.OrdinalIgnoreCase))
        && (StoreViews.Count == 0 || (storeView is not null && StoreViews.Contains(storeView, StringComparer.OrdinalIgnoreCase)));
}

/// <summary>A rotator and the live blocks it chooses from.</summary>
/// <param name="Order">Ids in the order of a series; where blocks are named, those that are not live keep their place.</param>
/// <param name="Blocks">The live ones, in that order.</param>
public sealed record RotatorPool(LiveRotator Rotator, IReadOnlyList<Guid> Order, IReadOnlyList<LiveBlock> Blocks)
{
    /// <param name="rotator">The rotator.</param>
    /// <param name="live">Every live block, in the order of locations.</param>
    public static RotatorPool Of(LiveRotator rotator, IReadOnlyList<LiveBlock> live)
    {
        if (rotator.Source == RotatorSource.Specified)
        {
            var byId = live.ToDictionary(block => block.Id);
            return new(rotator, rotator.Blocks, [.. rotator.Blocks.Select(byId.GetValueOrDefault).OfType<LiveBlock>().Where(Fits)]);
        }

        var blocks = live.Where(Fits).Where(block => RulesOf(rotator.Source, block).Count > 0).ToList();
        return new(rotator, [.. blocks.Select(block => block.Id)], blocks);

        bool Fits(LiveBlock block) => rotator.Locations.Count == 0 || block.Locations.Any(rotator.Locations.Contains);
    }

    /// <summary>The rules of which one must apply for the rotator to show a block; none where blocks are named.</summary>
    public static IReadOnlyList<Guid> RulesOf(RotatorSource source, LiveBlock block) => source switch
    {
        RotatorSource.CartPriceRuleRelated => block.CartRules,
        RotatorSource.CatalogPriceRuleRelated => block.CatalogRules,
        _ => [],
    };
}
