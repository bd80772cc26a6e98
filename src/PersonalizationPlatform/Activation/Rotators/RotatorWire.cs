using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>A rotator as a person writes it. A PUT replaces all of it.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt")]
public sealed record RotatorRequest : IRuleRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent. What a page asks for; never the key of a block or the name of a location.</summary>
    public string? Key { get; init; }

    /// <summary><c>live</c> when absent in a new rotator; unchanged when absent in a PUT.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary><c>specified</c> when absent.</summary>
    public RotatorSource? BlocksToDisplay { get; init; }

    /// <summary>For <c>specified</c>: ids or keys, at most 100, in the order in which a series shows them.</summary>
    public IReadOnlyList<string>? Blocks { get; init; }

    /// <summary>Only blocks of one of these locations; absent or empty = any block.</summary>
    public IReadOnlyList<BlockLocation>? Locations { get; init; }

    /// <summary><c>displayAll</c> when absent.</summary>
    public RotationMode? Rotation { get; init; }

    /// <summary>The website it shows on; absent = every one.</summary>
    public string? Website { get; init; }

    /// <summary>Codes of the store views it shows in; absent or empty = every one.</summary>
    public IReadOnlyList<string>? StoreViews { get; init; }

    long? IRuleRequest.Number => null;
}

/// <summary>Which blocks a rotator chooses from.</summary>
public enum RotatorSource
{
    /// <summary>Those it names.</summary>
    Specified,

    /// <summary>Those tied to a cart rule that is applied to the cart.</summary>
    CartPriceRuleRelated,

    /// <summary>Those tied to a catalogue rule that matches the viewed product.</summary>
    CatalogPriceRuleRelated,
}

/// <summary>How many of its blocks a rotator shows, and which.</summary>
public enum RotationMode
{
    DisplayAll,

    /// <summary>Any one of them.</summary>
    OneRandom,

    /// <summary>One after the other, in their order, from the first again after the last.</summary>
    OneSeries,

    /// <summary>Any one of them, but none again until all were shown.</summary>
    OneShuffle,
}

/// <summary>A rotator as it is kept.</summary>
public sealed record RotatorAnswer(
    Guid Id, string Key, string Name, DefinitionStatus Status, int Version, string? ExternalId, RotatorSource BlocksToDisplay,
    IReadOnlyList<string>? Blocks, IReadOnlyList<BlockLocation> Locations, RotationMode Rotation, string? Website,
    IReadOnlyList<string> StoreViews, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    internal static RotatorAnswer Of(Rotator rotator)
    {
        var body = RotatorRows.Read(rotator.Body);
        return new(
            rotator.Id, rotator.Key, rotator.Name, rotator.Status, rotator.Version, rotator.ExternalId, body.BlocksToDisplay ?? RotatorSource.Specified,
            body.Blocks, body.Locations ?? [], body.Rotation ?? RotationMode.DisplayAll, body.Website, body.StoreViews ?? [], rotator.CreatedAt, rotator.UpdatedAt);
    }
}
