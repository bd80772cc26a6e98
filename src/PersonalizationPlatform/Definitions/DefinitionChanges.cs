using PersonalizationPlatform.Database;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Definitions;

/// <summary>
/// One step of changes to definitions, of one or many of them: one transaction under the editors' lock, so that decisions see all of it
/// or nothing. Editors call <see cref="InOneStepAsync{T}"/>; called inside another step they join it.
/// </summary>
public sealed class DefinitionChanges(PlatformDb db, TimeProvider time)
{
    private bool inStep;
    private bool returning;
    private bool published;
    private long? epoch;

    /// <summary>Runs an edit; whoever began the step commits it.</summary>
    public async Task<T> InOneStepAsync<T>(Func<Task<T>> edit, CancellationToken cancellationToken)
    {
        if (inStep)
            return await edit();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        (inStep, published, epoch) = (true, false, null);
        try
        {
            await DefinitionEpoch.LockAsync(db, cancellationToken);
            var result = await edit();
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch
        {
            // What was not committed is not to be saved by whatever comes after.
            db.ChangeTracker.Clear();
            throw;
        }
        finally
        {
            inStep = false;
        }
    }

    /// <summary>Runs an edit inside a step and takes back whatever it did: for what is to be checked now and done later.</summary>
    public async Task RehearseAsync(Func<Task> edit, CancellationToken cancellationToken)
    {
        const string Savepoint = "rehearsal";
        var transaction = inStep ? db.Database.CurrentTransaction! : throw new InvalidOperationException("A rehearsal is part of a step.");
        var before = (published, epoch);
        await transaction.CreateSavepointAsync(Savepoint, cancellationToken);
        await edit();
        await transaction.RollbackToSavepointAsync(Savepoint, cancellationToken);
        db.ChangeTracker.Clear();
        (published, epoch) = before;
    }

    /// <summary>Runs an edit that takes a definition back to what it was: nothing that has been archived since may hold that up.</summary>
    public async Task ReturnAsync(Func<Task> edit)
    {
        returning = true;
        try
        {
            await edit();
        }
        finally
        {
            returning = false;
        }
    }

    /// <summary>The archived definitions that an edit may name.</summary>
    /// <param name="named">Those the definition names already.</param>
    public KeptReferences Kept(KeptReferences named) => returning ? KeptReferences.All : named;

    /// <summary>What decisions read has changed in this step, but nobody's memberships.</summary>
    public async Task PublishAsync(CancellationToken cancellationToken)
    {
        if (published)
            return;
        await DefinitionEpoch.PublishAsync(db, cancellationToken);
        published = true;
    }

    /// <summary>Memberships may have changed in this step; gives the epoch they are to be judged under.</summary>
    public async Task<long> AdvanceAsync(CancellationToken cancellationToken)
    {
        epoch ??= await DefinitionEpoch.AdvanceAsync(db, cancellationToken);
        published = true;
        return epoch.Value;
    }

    /// <summary>
    /// Keeps what a definition says before it is changed, if nobody kept it when it was saved: it is older than histories are.
    /// </summary>
    public async Task KeepAsync(string collection, DefinitionState state, CancellationToken cancellationToken)
    {
        // Finds also what this step has kept and not saved yet.
        if (await db.Set<DefinitionVersion>().FindAsync([collection, state.Head.Id, state.Head.Version], cancellationToken) is null)
            Add(collection, state);
    }

    /// <summary>Keeps what a definition says from now on, beside what it said before. Saved with the step.</summary>
    public void Record(string collection, DefinitionState state) => Add(collection, state);

    /// <inheritdoc cref="Record(string, DefinitionState)"/>
    /// <param name="collection">Its collection in addresses, e.g. <c>cart-rules</c>.</param>
    /// <param name="body">The definition as a person would write it, so that putting it again restores it.</param>
    public void Record(string collection, Guid id, int version, DefinitionStatus status, string name, string body) =>
        Add(collection, new(new(id, "", name, status, version), body, time.Now()));

    private void Add(string collection, DefinitionState state) => db.Add(new DefinitionVersion
    {
        Collection = collection,
        Definition = state.Head.Id,
        Version = state.Head.Version,
        Status = state.Head.Status,
        Name = state.Head.Name,
        Body = state.Body,
        SavedAt = state.SavedAt,
    });
}
