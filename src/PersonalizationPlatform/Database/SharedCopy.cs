namespace PersonalizationPlatform.Database;

/// <summary>
/// This node's copy of a few rows that every request needs: read whole and at most so often, so that neither good nor guessed names cost a
/// query each. Of many callers only one reads, and all of them get what it read or why it failed: nobody queues behind anybody. While the
/// database is slow or away, whoever comes is served the copy before.
/// </summary>
/// <param name="read">Reads it.</param>
/// <param name="staleness">How old a copy may be before somebody looks for a newer one; and how long nobody tries again after a failure.</param>
/// <param name="lasting">How old the copy before may be to be served in the place of one that cannot be read.</param>
/// <param name="time">The clock.</param>
public sealed class SharedCopy<T>(Func<CancellationToken, Task<T>> read, TimeSpan staleness, TimeSpan lasting, TimeProvider time)
    where T : class
{
    /// <summary>How long a caller waits for a newer copy while there is one before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>How long one without any waits.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(3);

    private readonly Lock gate = new();
    private volatile Copy? copy;
    private Reading? running;
    private long? failedAt;

    /// <summary>The copy, not staler than it may be wherever the database answers.</summary>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        copy is { } current && IsFresh(current) ? new(current.Value) : new(NewerAsync(cancellationToken));

    /// <summary>Forgets the copy, and the one being read: something of it was changed here.</summary>
    public void Forget()
    {
        lock (gate)
            (copy, running) = (null, null);
    }

    private async Task<T> NewerAsync(CancellationToken cancellationToken)
    {
        Copy? before;
        Task<T> reading;
        lock (gate)
        {
            before = copy is { } kept && time.GetElapsedTime(kept.ReadAt) < lasting ? kept : null;
            // Somebody was faster, or has just found that nothing can be read.
            if (before is not null && (IsFresh(before) || (failedAt is { } failed && time.GetElapsedTime(failed) < staleness)))
                return before.Value;
            reading = (running ??= Begin()).Task;
        }

        if (before is null)
            return await reading.WaitAsync(cancellationToken);
        try
        {
            return await reading.WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception e) when (DatabaseUnavailable.Is(e))
        {
            return before.Value;
        }
    }

    private bool IsFresh(Copy kept) => time.GetElapsedTime(kept.ReadAt) < staleness;

    /// <summary>No caller's own: none of them can end it, and it does not begin under the lock.</summary>
    private Reading Begin()
    {
        var reading = new Reading();
        reading.Task = Task.Run(() => ReadAsync(reading));
        return reading;
    }

    private async Task<T> ReadAsync(Reading reading)
    {
        var readAt = time.GetTimestamp();
        try
        {
            var value = await Deadline.WithinAsync(LongestRead, time, read, CancellationToken.None);
            End(reading, new(value, readAt), null);
            return value;
        }
        catch (Exception e)
        {
            End(reading, null, DatabaseUnavailable.Is(e) ? time.GetTimestamp() : null);
            throw;
        }
    }

    /// <summary>What was forgotten meanwhile is given to those who waited for it, and not kept.</summary>
    private void End(Reading reading, Copy? found, long? failed)
    {
        lock (gate)
        {
            if (running == reading)
                (running, copy, failedAt) = (null, found ?? copy, failed);
        }
    }

    private sealed record Copy(T Value, long ReadAt);

    private sealed class Reading
    {
        public Task<T> Task { get; set; } = null!;
    }
}
