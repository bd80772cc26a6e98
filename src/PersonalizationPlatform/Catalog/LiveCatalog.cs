using Npgsql;

namespace PersonalizationPlatform.Catalog;

/// <summary>
/// This node's copy of the catalogue. At most <see cref="MaxAge"/> old as to other nodes' changes, never as to its own; kept up by
/// reading only what has changed since.
/// </summary>
public sealed class LiveCatalog(NpgsqlDataSource database, TimeProvider time) : IDisposable
{
    /// <summary>How old an answer may be, counted from before it was read.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim reading = new(1, 1);
    private volatile Copy? current;

    // Goes up with each change made here; a copy that began to be read before it is not enough.
    private long generation;

    /// <summary>The catalogue as of now.</summary>
    public ValueTask<CatalogSnapshot> CurrentAsync(CancellationToken cancellationToken)
    {
        if (current is not { } copy || !IsGood(copy))
            return new(ReadAsync(cancellationToken));
        // From half of the time on, one caller looks for changes while all the others go on with what is there.
        return time.GetElapsedTime(copy.ReadAt) >= MaxAge / 2 && reading.Wait(0, CancellationToken.None) ? new(ReadAndReleaseAsync(cancellationToken)) : new(copy.Snapshot);
    }

    public void Dispose() => reading.Dispose();

    /// <summary>Something has been changed here, or may have been.</summary>
    internal void Forget() => Interlocked.Increment(ref generation);

    private bool IsGood(Copy copy) => copy.Generation == Interlocked.Read(ref generation) && time.GetElapsedTime(copy.ReadAt) < MaxAge;

    private async Task<CatalogSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await reading.WaitAsync(cancellationToken);
        if (current is not { } copy || !IsGood(copy))
            return await ReadAndReleaseAsync(cancellationToken);
        // Whoever waited here while another read gets what that one read.
        reading.Release();
        return copy.Snapshot;
    }

    private async Task<CatalogSnapshot> ReadAndReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            var began = time.GetTimestamp();
            var seen = Interlocked.Read(ref generation);
            var snapshot = await CatalogReading.ReadAsync(database, current?.Snapshot ?? CatalogSnapshot.Nothing, cancellationToken);
            current = new(snapshot, began, seen);
            return snapshot;
        }
        finally
        {
            reading.Release();
        }
    }

    private sealed record Copy(CatalogSnapshot Snapshot, long ReadAt, long Generation);
}
