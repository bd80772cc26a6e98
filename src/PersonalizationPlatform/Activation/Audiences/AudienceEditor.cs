using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>Every change of an audience's definition, ordered by the epoch's row lock; its members are written by <see cref="ListImport"/>.</summary>
public sealed class AudienceEditor(PlatformDb db, DefinitionChanges changes, TimeProvider time)
{
    /// <summary>400 <c>audience.invalid</c>, 409 <c>audience.keyTaken</c>.</summary>
    public Task<Audience> CreateAsync(AudienceRequest request, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var errors = new List<ProblemError>();
        var id = AudienceId.New();
        var key = await KeyAsync(id, request, errors, cancellationToken);
        Check(request, errors);
        var kind = request.Kind ?? (request.Segment is null ? AudienceKind.List : AudienceKind.Segment);
        SegmentId? segment = null;
        if (kind == AudienceKind.List && request.Segment is not null)
            errors.Add(new("$.segment", "audience.segment", "A list publishes no segment; leave segment out or make kind segment."));
        if (kind == AudienceKind.Segment)
        {
            var references = await DefinitionReferences.ReadAsync(db, KeptReferences.None, cancellationToken);
            segment = request.Segment is null ? null : references.Segment(request.Segment);
            if (segment is null)
                errors.Add(new("$.segment", "audience.segment", "segment must be the id or key of a segment."));
        }

        Refuse(errors);
        await DemandFreeKeyAsync(id, key, cancellationToken);
        var now = time.Now();
        var audience = new Audience
        {
            Id = id,
            Key = key,
            Name = request.Name.Trim(),
            Kind = kind,
            Segment = segment,
            ExternalId = request.ExternalId,
            Status = request.Status ?? DefinitionStatus.Live,
            CreatedAt = now,
        };
        db.Add(audience);
        await SaveAsync(audience, cancellationToken);
        return audience;
    }, cancellationToken);

    /// <summary>404, 412, 409 <c>audience.archived</c>, 400 <c>audience.invalid</c>.</summary>
    public Task<Audience> UpdateAsync(AudienceId id, AudienceRequest request, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var audience = await FindForEditAsync(id, version, cancellationToken);
        var errors = new List<ProblemError>();
        var key = request.Key is null ? audience.Key : await KeyAsync(id, request, errors, cancellationToken);
        Check(request, errors);
        if (request.Kind is { } kind && kind != audience.Kind)
            errors.Add(new("$.kind", "audience.kindImmutable", "kind is fixed when an audience is created."));
        if (request.Segment is { } given)
        {
            var references = await DefinitionReferences.ReadAsync(db, KeptReferences.All, cancellationToken);
            if (audience.Segment is null || references.Segment(given) != audience.Segment)
                errors.Add(new("$.segment", "audience.segmentImmutable", "segment is fixed when an audience is created."));
        }

        Refuse(errors);
        await DemandFreeKeyAsync(id, key, cancellationToken);
        audience.Key = key;
        audience.Name = request.Name.Trim();
        audience.ExternalId = request.ExternalId;
        audience.Status = request.Status ?? audience.Status;
        await SaveAsync(audience, cancellationToken);
        return audience;
    }, cancellationToken);

    /// <summary>
    /// Moves to a status; nothing happens when it has it already. Archived is for good: the entries of a list are deleted afterwards. 404,
    /// 412, 409 <c>audience.archived</c>.
    /// </summary>
    public Task<Audience> MoveAsync(AudienceId id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var audience = await FindForEditAsync(id, version, cancellationToken);
        if (audience.Status == status)
            return audience;
        audience.Status = status;
        await SaveAsync(audience, cancellationToken);
        return audience;
    }, cancellationToken);

    private async Task<Audience> FindForEditAsync(AudienceId id, EntityVersion version, CancellationToken cancellationToken)
    {
        var audience = await db.Set<Audience>().SingleOrDefaultAsync(audience => audience.Id == id, cancellationToken)
            ?? throw ProblemException.NotFound("audience with this id");
        version.Demand(audience.Version);
        if (audience.Status == DefinitionStatus.Archived)
            throw new ProblemException(409, "audience.archived", "The audience is archived and stays as it is; create another one.");
        await changes.KeepAsync(AudienceCollection.Name, AudienceCollection.State(audience), cancellationToken);
        return audience;
    }

    private static void Check(AudienceRequest request, List<ProblemError> errors)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
            errors.Add(new("$.name", "audience.name", "name must have 1 to 200 characters."));
        if (request.ExternalId?.Length > 200)
            errors.Add(new("$.externalId", "audience.externalId", "externalId must have at most 200 characters."));
        if (request.Status == DefinitionStatus.Archived)
            errors.Add(new("$.status", "audience.status", "Archive an audience with DELETE."));
    }

    private static void Refuse(List<ProblemError> errors)
    {
        if (errors.Count > 0)
            throw new ProblemException(400, "audience.invalid", "The audience is not right in the places listed.", errors);
    }

    private Task<string> KeyAsync(AudienceId id, AudienceRequest request, List<ProblemError> errors, CancellationToken cancellationToken) =>
        DefinitionKey.ChooseAsync(request.Key, request.Name, AudienceCollection.Name, id.Value, key => IsTakenAsync(id, key, cancellationToken), errors);

    private Task<bool> IsTakenAsync(AudienceId id, string key, CancellationToken cancellationToken) =>
        db.Set<Audience>().AnyAsync(other => other.Key == key && other.Id != id, cancellationToken);

    private async Task DemandFreeKeyAsync(AudienceId id, string key, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(id, key, cancellationToken))
        {
            throw new ProblemException(
                409, "audience.keyTaken", $"Another audience, perhaps an archived one, has the key {key}.",
                [new("$.key", "audience.keyTaken", "Choose another key.")]);
        }
    }

    private async Task SaveAsync(Audience audience, CancellationToken cancellationToken)
    {
        audience.Version++;
        audience.UpdatedAt = time.Now();
        // Readers' copies of the definitions must follow every change, and conditions that ask for the audience with them.
        await changes.AdvanceAsync(cancellationToken);
        changes.Record(AudienceCollection.Name, AudienceCollection.State(audience));
        await db.SaveChangesAsync(cancellationToken);
    }
}
