using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>An audience as a person writes it.</summary>
[ReadOnlyMembers("id", "version", "size", "createdAt", "updatedAt", "usedBy")]
public sealed record AudienceRequest
{
    public required string Name { get; init; }

    /// <summary>Made from the name when absent.</summary>
    public string? Key { get; init; }

    /// <summary><c>live</c> when absent in a new audience; unchanged when absent in a PUT. Nobody is in one that is not live.</summary>
    public DefinitionStatus? Status { get; init; }

    /// <summary><c>list</c> when absent and no segment is named; cannot be changed later.</summary>
    public AudienceKind? Kind { get; init; }

    /// <summary>Id or key of the segment to publish; cannot be changed later.</summary>
    public string? Segment { get; init; }

    /// <summary>What the system the list comes from calls it.</summary>
    public string? ExternalId { get; init; }
}

/// <summary>An audience as it is kept.</summary>
/// <param name="Size">Entries of a list; absent for a published segment, whose members are counted with the segment.</param>
/// <param name="UsedBy">Only when archived by this request: what refers to it, and from now on finds nobody in it.</param>
public sealed record AudienceAnswer(
    Guid Id, string Key, string Name, AudienceKind Kind, Guid? Segment, string? ExternalId, DefinitionStatus Status, int Version, long? Size,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, IReadOnlyList<AudienceUse>? UsedBy = null)
{
    internal static AudienceAnswer Of(Audience audience) => Of(audience, null);

    internal static AudienceAnswer Of(Audience audience, IReadOnlyList<AudienceUse>? usedBy) => new(
        audience.Id.Value, audience.Key, audience.Name, audience.Kind, audience.Segment?.Value, audience.ExternalId, audience.Status,
        audience.Version, audience.Kind == AudienceKind.List ? audience.Size : null, audience.CreatedAt, audience.UpdatedAt, usedBy);
}

/// <summary>Something that refers to an audience.</summary>
/// <param name="Kind"><c>segment</c> or <c>dynamicBlock</c>.</param>
public sealed record AudienceUse(string Kind, Guid Id, string Key, string Name);

/// <summary>What became of imported members.</summary>
/// <param name="Imported">Entries the list did not have before.</param>
/// <param name="Duplicates">Identities that were on it already, or came twice.</param>
/// <param name="RefusedCount">Lines refused; the first hundred of them are listed.</param>
/// <param name="Size">Entries on the list now.</param>
public sealed record ImportAnswer(long Imported, long Duplicates, long RefusedCount, IReadOnlyList<RefusedMember> Refused, long Size);

/// <summary>What became of members to remove.</summary>
/// <param name="Removed">Entries taken off.</param>
/// <param name="Unknown">Identities that were not on the list.</param>
/// <param name="RefusedCount">Lines refused; the first hundred of them are listed.</param>
/// <param name="Size">Entries on the list now.</param>
public sealed record RemovalAnswer(long Removed, long Unknown, long RefusedCount, IReadOnlyList<RefusedMember> Refused, long Size);

/// <summary>A line that was not taken; the others of the body were.</summary>
/// <param name="Line">Counted from 1.</param>
public sealed record RefusedMember(long Line, string Code, string Detail);

/// <summary>An entry of a list.</summary>
public sealed record MemberAnswer(string Namespace, string Id, DateTimeOffset AddedAt);
