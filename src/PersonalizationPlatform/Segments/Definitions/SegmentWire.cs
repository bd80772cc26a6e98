using System.Text.Json;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>A segment as a person writes it. A PUT replaces all of it, except that what may not change may be left out.</summary>
[ReadOnlyMembers("id", "version", "createdAt", "updatedAt", "filled", "usedBy")]
public sealed record SegmentRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent.</summary>
    public string? Key { get; init; }
    public string? Description { get; init; }

    /// <summary><c>live</c> when absent; <c>draft</c> holds a new segment back.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary><c>both</c> when absent; cannot be changed later.</summary>
    public ApplyTo? ApplyTo { get; init; }

    /// <summary>The website it answers for; absent = every one.</summary>
    public string? Website { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>
    /// True = known from another system by name only: it has no condition, and nobody is in it until it is given one, e.g.
    /// <c>inAudience</c> of a list. Absent in a PUT without a condition, it stays as it is.
    /// </summary>
    public bool? External { get; init; }

    /// <summary>The condition tree; absent = everybody of the population, or nobody while the segment is <see cref="External"/>.</summary>
    public JsonElement? Condition { get; init; }
}

/// <summary>A segment as it is kept.</summary>
/// <param name="Filled">Whether the member list already follows this version for every shopper; answers about one shopper always do.</param>
/// <param name="UsedBy">Only when archived by this request: what refers to it, and from now on finds nobody in it.</param>
public sealed record SegmentAnswer(
    Guid Id, string Key, string Name, string? Description, DefinitionStatus Status, int Version, ApplyTo ApplyTo, string? Website,
    RawJson? Condition, bool Filled, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<SegmentUse>? UsedBy = null)
{
    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>True while it is known from another system by name only and nobody is in it.</summary>
    public bool? External { get; init; }

    internal static SegmentAnswer Of(SegmentDefinition segment) => Of(segment, null);

    internal static SegmentAnswer Of(SegmentDefinition segment, IReadOnlyList<SegmentUse>? usedBy) => new(
        segment.Id.Value, segment.Key, segment.Name, segment.Description, segment.Status, segment.Version, segment.ApplyTo, segment.Website,
        segment.Condition is { } condition ? new(condition) : null, segment.FilledEpoch >= segment.ChangedEpoch,
        segment.CreatedAt, segment.UpdatedAt, usedBy)
    {
        ExternalId = segment.ExternalId,
        External = segment.External ? true : null,
    };
}

/// <summary>Something that refers to a segment.</summary>
/// <param name="Kind"><c>segment</c>, <c>audience</c> or <c>dynamicBlock</c>.</param>
public sealed record SegmentUse(string Kind, Guid Id, string Key, string Name);
