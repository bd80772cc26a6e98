using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>Publications as people make and call them off; <see cref="DuePublications"/> sees to them when their time comes.</summary>
public sealed class Publications(PlatformDb db, DefinitionChanges changes, DefinitionKinds kinds, PublicationSteps steps, TimeProvider time)
{
    /// <summary>
    /// Does its changes now, or keeps them until their time after having tried them. 400 <c>publication.invalid</c>, 409
    /// <c>publication.overlaps</c>, and whatever one of its changes is refused with.
    /// </summary>
    public Task<Publication> CreateAsync(PublicationRequest request, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var now = time.Now();
        var publication = await PublicationReading.ReadAsync(request, kinds, now, cancellationToken);
        if (publication.At > now || publication.Until is not null)
            await DemandFreeAsync(publication, cancellationToken);
        if (publication.At > now)
        {
            await changes.RehearseAsync(() => steps.ApplyAsync(publication.Changes, cancellationToken), cancellationToken);
            foreach (var change in publication.Changes)
                (change.FromVersion, change.FromStatus, change.ToVersion) = (null, null, null);
            publication.DueAt = publication.At;
        }
        else
        {
            await StartAsync(publication, now, cancellationToken);
        }

        // Whatever decisions answer from now on keeps until its time at the most.
        if (publication.DueAt is not null)
            await changes.PublishAsync(cancellationToken);
        db.Add(publication);
        await db.SaveChangesAsync(cancellationToken);
        return publication;
    }, cancellationToken);

    /// <summary>Null when there is none.</summary>
    public Task<Publication?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        db.Set<Publication>().AsNoTracking().Include(publication => publication.Changes).SingleOrDefaultAsync(publication => publication.Id == id, cancellationToken);

    /// <summary>Newest first.</summary>
    /// <param name="before">Only those made before this one.</param>
    /// <param name="rows">How many at most.</param>
    public async Task<IReadOnlyList<PublicationSummary>> ListAsync(PublicationStatus? status, Guid? before, int rows, CancellationToken cancellationToken) =>
        await db.Set<Publication>().AsNoTracking()
            .Where(publication => (status == null || publication.Status == status) && (before == null || publication.Id < before))
            .OrderByDescending(publication => publication.Id).Take(rows)
            .Select(publication => new PublicationSummary(
                publication.Id, publication.Name, publication.Status, publication.At, publication.Until, publication.Changes.Count,
                publication.CreatedAt, publication.StartedAt, publication.EndedAt))
            .ToListAsync(cancellationToken);

    /// <summary>Calls it off. 404, 409 <c>publication.notScheduled</c>.</summary>
    public Task<Publication> CancelAsync(Guid id, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var publication = await db.Set<Publication>().Include(publication => publication.Changes)
            .SingleOrDefaultAsync(publication => publication.Id == id, cancellationToken) ?? throw ProblemException.NotFound("publication with this id");
        if (publication.Status != PublicationStatus.Scheduled)
            throw new ProblemException(409, "publication.notScheduled", "Only a publication whose time has not come can be called off.");
        (publication.Status, publication.DueAt, publication.EndedAt) = (PublicationStatus.Cancelled, null, time.Now());
        await changes.PublishAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return publication;
    }, cancellationToken);

    /// <summary>Does what is due with a publication, all of it or nothing. False when it is no longer due: another node was faster.</summary>
    internal Task<bool> CarryOutAsync(Guid id, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var now = time.Now();
        // The editors' lock is held, so whoever finds it due is the only one.
        var publication = await db.Set<Publication>().Include(publication => publication.Changes)
            .SingleOrDefaultAsync(publication => publication.Id == id && publication.DueAt <= now, cancellationToken);
        if (publication is null)
            return false;
        if (publication.Status == PublicationStatus.Scheduled)
        {
            await StartAsync(publication, now, cancellationToken);
        }
        else
        {
            await steps.RevertAsync(publication.Changes, cancellationToken);
            (publication.Status, publication.DueAt, publication.EndedAt) = (PublicationStatus.Ended, null, now);
        }

        await changes.PublishAsync(cancellationToken);

        await db.SaveChangesAsync(cancellationToken);
        return true;
    }, cancellationToken);

    /// <summary>Notes that it could not be carried out and is not tried again. False when it is no longer due.</summary>
    internal Task<bool> FailAsync(Guid id, PublicationProblem problem, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var now = time.Now();
        var publication = await db.Set<Publication>().SingleOrDefaultAsync(publication => publication.Id == id && publication.DueAt <= now, cancellationToken);
        if (publication is null)
            return false;
        (publication.Status, publication.DueAt, publication.EndedAt, publication.Problem) = (PublicationStatus.Failed, null, now, problem.Write());
        await changes.PublishAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }, cancellationToken);

    private async Task StartAsync(Publication publication, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await steps.ApplyAsync(publication.Changes, cancellationToken);
        (publication.Status, publication.StartedAt, publication.DueAt) = (PublicationStatus.Live, now, publication.Until);
    }

    /// <summary>A definition is in one open publication at a time: scheduled, or live with an end to come.</summary>
    private async Task DemandFreeAsync(Publication publication, CancellationToken cancellationToken)
    {
        var ids = publication.Changes.ConvertAll(change => change.Definition);
        var open = await db.Set<Publication>().AsNoTracking().Where(other => other.DueAt != null)
            .SelectMany(other => other.Changes, (other, change) => new { other.Name, other.Id, change.Collection, change.Definition })
            .Where(change => ids.Contains(change.Definition)).ToListAsync(cancellationToken);
        var errors = publication.Changes
            .Select(change => (change.Position, Other: open.Find(other => other.Collection == change.Collection && other.Definition == change.Definition)))
            .Where(found => found.Other is not null)
            .Select(found => new ProblemError(
                $"$.changes[{found.Position}].id", "publication.overlaps", $"The publication {found.Other!.Name} ({found.Other.Id}) is not over yet and changes the same definition."))
            .ToList();
        if (errors.Count > 0)
            throw new ProblemException(409, "publication.overlaps", "A definition is in one open publication at a time.", errors);
    }
}
