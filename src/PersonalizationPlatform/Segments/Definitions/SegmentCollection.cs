using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>Segments as one of the kinds of definitions.</summary>
public sealed class SegmentCollection(PlatformDb db, SegmentEditor editor) : IDefinitionKind
{
    public const string Name = "segments";

    public string Collection => Name;

    /// <summary>The id of the segment with this id or key; 404 for an unknown key.</summary>
    public async Task<SegmentId> IdOfAsync(string idOrKey, CancellationToken cancellationToken) =>
        Guid.TryParse(idOrKey, out var id)
            ? new(id)
            : await db.Set<SegmentDefinition>().Where(segment => segment.Key == idOrKey).Select(segment => (SegmentId?)segment.Id).SingleOrDefaultAsync(cancellationToken)
                ?? throw ProblemException.NotFound("segment with this id or key");

    public async Task<DefinitionState?> FindStateAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? new SegmentId(given) : default;
        var segment = await db.Set<SegmentDefinition>().AsNoTracking()
            .SingleOrDefaultAsync(segment => segment.Id == id || segment.Key == idOrKey, cancellationToken);
        return segment is null ? null : State(segment);
    }

    public async Task<DefinitionHead> ReplaceAsync(Guid id, JsonElement body, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await editor.UpdateAsync(new(id), DefinitionBody.Read<SegmentRequest>(body), version, cancellationToken));

    public async Task<DefinitionHead> MoveAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await editor.MoveAsync(new(id), status, version, cancellationToken));

    internal static DefinitionState State(SegmentDefinition segment) => new(Head(segment), DefinitionBody.Write(Request(segment)), segment.UpdatedAt);

    /// <summary>The segment as a person would write it.</summary>
    internal static SegmentRequest Request(SegmentDefinition segment) => new()
    {
        Name = segment.Name,
        Key = segment.Key,
        Description = segment.Description,
        ApplyTo = segment.ApplyTo,
        Website = segment.Website,
        ExternalId = segment.ExternalId,
        External = segment.External ? true : null,
        Condition = segment.Condition is { } condition ? ConditionJson.ReadText(condition) : null,
    };

    private static DefinitionHead Head(SegmentDefinition segment) => new(segment.Id.Value, segment.Key, segment.Name, segment.Status, segment.Version);
}
