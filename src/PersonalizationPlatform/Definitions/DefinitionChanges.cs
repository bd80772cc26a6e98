using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Definitions;

/// <summary>
/// One step of changes to definitions, of one or many of them: one transaction under the editors' lock, so that decisions see all of it
/// or nothing. Editors call <see cref="InOneStepAsync{T}"/>; called inside another step they join it.
/// </summary>
public sealed class DefinitionChanges(PlatformDb db, TimeProvider time)
{
    private bool inStep;
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
        finally
        {
            inStep = false;
        }
    }

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

    /// <summary>Keeps what a definition says from now on, beside what it said before. Saved with the step.</summary>
    /// <param name="collection">Its collection in addresses, e.g. <c>cart-rules</c>.</param>
    /// <param name="body">The definition as a person would write it, so that putting it again restores it.</param>
    public void Record(string collection, Guid id, int version, DefinitionStatus status, string name, string body) => db.Add(new DefinitionVersion
    {
        Collection = collection,
        Definition = id,
        Version = version,
        Status = status,
        Name = name,
        Body = body,
        SavedAt = time.GetUtcNow(),
    });
}
