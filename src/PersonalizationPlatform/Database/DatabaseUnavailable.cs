using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>
/// Whether a failure is the database's and not that of what was asked of it: it is away, does not answer in time, takes no writes just
/// now, or lacks room. Asked again later, the same may succeed.
/// </summary>
public static class DatabaseUnavailable
{
    /// <summary>
    /// What begins like this: connections, resources, an operator who shuts it down, the machine below it. A statement that was ended for
    /// taking too long, a server that only reads (a standby whose turn has not come yet), and a fault inside the server count, too.
    /// </summary>
    private static readonly string[] States = ["08", "53", "57P", "58", PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.ReadOnlySqlTransaction, PostgresErrorCodes.InternalError];

    /// <summary>Looks into what EF Core and others put around it.</summary>
    public static bool Is(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException answered)
                return answered.IsTransient || States.Any(state => answered.SqlState.StartsWith(state, StringComparison.Ordinal));
            if (cause is NpgsqlException or TimeoutException)
                return true;
        }

        return false;
    }
}
