using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>
/// Every change of a segment. Editors of all definitions wait for one another on one row, which is locked first; a
/// change that a shopper could notice takes the next epoch in the same transaction.
/// </summary>
public sealed class SegmentEditor(PlatformDb db, DefinitionChanges changes, WebsiteCodes websites, TimeProvider time)
{
    /// <summary>Creates a segment, live unless it is to be a draft. 400 <c>segment.invalid</c>, 409 <c>segment.keyTaken</c> or <c>segment.externalIdTaken</c>.</summary>
    public Task<SegmentDefinition> CreateAsync(SegmentRequest request, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var id = SegmentId.New();
        var errors = new List<ProblemError>();
        var key = await KeyAsync(id, request, errors, cancellationToken);
        if (request.Status is DefinitionStatus.Paused or DefinitionStatus.Archived)
            errors.Add(new("$.status", "segment.status", "A new segment is live or draft."));
        var website = await websites.CheckAsync(request.Website, "segment", errors, cancellationToken);
        var condition = await CheckAsync(id, KeptReferences.None, request, errors, cancellationToken);
        await DemandFreeKeyAsync(id, key, cancellationToken);
        await DemandFreeExternalIdAsync(id, request.ExternalId, cancellationToken);
        var now = time.Now();
        var segment = new SegmentDefinition
        {
            Id = id,
            Key = key,
            Name = request.Name.Trim(),
            Description = request.Description,
            Status = request.Status ?? DefinitionStatus.Live,
            ApplyTo = request.ApplyTo ?? ApplyTo.Both,
            Website = website,
            ExternalId = request.ExternalId,
            External = request.External ?? false,
            Condition = condition,
            CreatedAt = now,
        };
        db.Add(segment);
        await SaveAsync(segment, wasLive: false, changed: true, cancellationToken);
        return segment;
    }, cancellationToken);

    /// <summary>Replaces a segment. 404, 412, 409 <c>segment.archived</c>, 400 <c>segment.invalid</c> or <c>segment.applyToImmutable</c>.</summary>
    public Task<SegmentDefinition> UpdateAsync(SegmentId id, SegmentRequest request, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var segment = await FindForEditAsync(id, version, cancellationToken);
        if (request.ApplyTo is { } applyTo && applyTo != segment.ApplyTo)
        {
            throw ProblemException.Invalid(
                "segment.applyToImmutable", "applyTo is fixed when a segment is created; create another segment instead.",
                new ProblemError("$.applyTo", "segment.applyToImmutable", $"This must stay {JsonNamingPolicy.CamelCase.ConvertName(segment.ApplyTo.ToString())}."));
        }

        var errors = new List<ProblemError>();
        var key = request.Key is null ? segment.Key : await KeyAsync(id, request, errors, cancellationToken);
        if (request.Status == DefinitionStatus.Archived)
            errors.Add(new("$.status", "segment.status", "Archive a segment with DELETE."));
        var website = await websites.CheckAsync(request.Website, "segment", errors, cancellationToken);
        var condition = await CheckAsync(id, KeptReferences.In(segment.Condition), request, errors, cancellationToken);
        await DemandFreeKeyAsync(id, key, cancellationToken);
        await DemandFreeExternalIdAsync(id, request.ExternalId, cancellationToken);
        // A condition makes an ordinary segment of one that was known by name only.
        var external = condition is null && (request.External ?? segment.External);
        var wasLive = segment.Status == DefinitionStatus.Live;
        var status = request.Status ?? segment.Status;
        var changed = status != segment.Status || condition != segment.Condition || external != segment.External || website != segment.Website;
        segment.Key = key;
        segment.Name = request.Name.Trim();
        segment.Description = request.Description;
        segment.Status = status;
        segment.Website = website;
        segment.ExternalId = request.ExternalId;
        segment.External = external;
        segment.Condition = condition;
        await SaveAsync(segment, wasLive, changed, cancellationToken);
        return segment;
    }, cancellationToken);

    /// <summary>Moves a segment to another status; nothing happens when it has it already. 409 <c>segment.archived</c> when it is archived for good.</summary>
    public Task<SegmentDefinition> MoveAsync(SegmentId id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var segment = await FindForEditAsync(id, version, cancellationToken);
        if (segment.Status == status)
            return segment;
        var wasLive = segment.Status == DefinitionStatus.Live;
        segment.Status = status;
        await SaveAsync(segment, wasLive, changed: true, cancellationToken);
        return segment;
    }, cancellationToken);

    private async Task<SegmentDefinition> FindForEditAsync(SegmentId id, EntityVersion version, CancellationToken cancellationToken)
    {
        var segment = await db.Set<SegmentDefinition>().SingleOrDefaultAsync(segment => segment.Id == id, cancellationToken)
            ?? throw ProblemException.NotFound("segment with this id");
        version.Demand(segment.Version);
        if (segment.Status == DefinitionStatus.Archived)
            throw new ProblemException(409, "segment.archived", "The segment is archived and stays as it is; create another one.");
        await changes.KeepAsync(SegmentCollection.Name, SegmentCollection.State(segment), cancellationToken);
        return segment;
    }

    /// <summary>Checks everything of a request that create and update have in common, and gives the condition as it is kept.</summary>
    private async Task<string?> CheckAsync(
        SegmentId id, KeptReferences named, SegmentRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
            errors.Add(new("$.name", "segment.name", "name must have 1 to 200 characters."));
        if (request.Description?.Length > 2000)
            errors.Add(new("$.description", "segment.description", "description must have at most 2,000 characters."));
        if (request.ExternalId is { Length: 0 or > 200 })
            errors.Add(new("$.externalId", "segment.externalId", "externalId must have 1 to 200 characters."));
        if (request.External is true && request.Condition is { ValueKind: not JsonValueKind.Null })
            errors.Add(new("$.external", "segment.external", "An external segment has no condition; leave external out, and it has its condition from now on."));
        Condition? condition = null;
        if (request.Condition is { ValueKind: not JsonValueKind.Null } json)
        {
            var references = await DefinitionReferences.ReadAsync(db, changes.Kept(named), cancellationToken);
            condition = ConditionJson.Parse(json, "$.condition", references.Context, errors);
            if (condition is not null)
                references.RefuseCircle(id, condition, errors);
        }

        return errors.Count > 0
            ? throw new ProblemException(400, "segment.invalid", "The segment is not right in the places listed.", errors)
            : condition is null ? null : StoredCondition.Write(condition);
    }

    private Task<string> KeyAsync(SegmentId id, SegmentRequest request, List<ProblemError> errors, CancellationToken cancellationToken) =>
        DefinitionKey.ChooseAsync(request.Key, request.Name, SegmentCollection.Name, id.Value, key => IsTakenAsync(id, key, cancellationToken), errors);

    /// <summary>The editors' lock makes the answer hold until the commit.</summary>
    private Task<bool> IsTakenAsync(SegmentId id, string key, CancellationToken cancellationToken) =>
        db.Set<SegmentDefinition>().AnyAsync(other => other.Key == key && other.Id != id, cancellationToken);

    private async Task DemandFreeKeyAsync(SegmentId id, string key, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(id, key, cancellationToken))
        {
            throw new ProblemException(
                409, "segment.keyTaken", $"Another segment, perhaps an archived one, has the key {key}.",
                [new("$.key", "segment.keyTaken", "Choose another key.")]);
        }
    }

    private async Task DemandFreeExternalIdAsync(SegmentId id, string? externalId, CancellationToken cancellationToken)
    {
        if (externalId is not null && await db.Set<SegmentDefinition>().AnyAsync(
            other => other.ExternalId == externalId && other.Id != id && other.Status != DefinitionStatus.Archived, cancellationToken))
        {
            throw new ProblemException(
                409, "segment.externalIdTaken", "Another segment has this external id.",
                [new("$.externalId", "segment.externalIdTaken", "An external id belongs to one segment.")]);
        }
    }

    private async Task SaveAsync(SegmentDefinition segment, bool wasLive, bool changed, CancellationToken cancellationToken)
    {
        segment.Version++;
        segment.UpdatedAt = time.Now();
        if (!wasLive || segment.Status != DefinitionStatus.Live)
            segment.LiveSince = segment.Status == DefinitionStatus.Live ? segment.UpdatedAt : null;
        if (wasLive || segment.Status == DefinitionStatus.Live)
        {
            var epoch = await changes.AdvanceAsync(cancellationToken);
            if (changed)
                segment.ChangedEpoch = epoch;
        }

        changes.Record(SegmentCollection.Name, SegmentCollection.State(segment));
        await db.SaveChangesAsync(cancellationToken);
    }
}
