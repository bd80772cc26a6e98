using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>
/// What the database rolls back whole to break a circle of waits, or because another transaction was faster. Locks are taken in one
/// order, so this is rare; but who is concerned by a link is only known once its persons are locked.
/// </summary>
public static class Overtaken
{
    private const int MaxAttempts = 10;

    /// <summary>Whether the same work may simply be done again.</summary>
    public static bool Is(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure };

    /// <summary>Does the work, a transaction of its own, and does it again while it is overtaken, at most ten times.</summary>
    public static async Task<T> RepeatAsync<T>(Func<Task<T>> work)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await work();
            }
            catch (PostgresException e) when (Is(e) && attempt < MaxAttempts)
            {
                // Nothing of it is left.
            }
        }
    }
}
