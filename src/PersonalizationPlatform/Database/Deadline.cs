namespace PersonalizationPlatform.Database;

/// <summary>Bounds how long somebody waits for the database, whatever keeps it: a lock, a slow disk, a server that does not answer.</summary>
public static class Deadline
{
    /// <summary>Does the work, and ends it when the time is up.</summary>
    /// <exception cref="TimeoutException">The time was up: see <see cref="DatabaseUnavailable"/>.</exception>
    public static async Task<T> WithinAsync<T>(TimeSpan most, TimeProvider time, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var working = work(enough.Token);
        try
        {
            return await working.WaitAsync(most, time, cancellationToken);
        }
        catch (TimeoutException) when (!working.IsCompleted)
        {
            // Asking a server that hangs to stop may hang as well, so nobody waits for that; nor for what comes of it.
            _ = enough.CancelAsync();
            _ = working.ContinueWith(ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            throw;
        }
        finally
        {
            if (working.IsCompleted)
                enough.Dispose();
        }
    }
}
