using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>
/// The number that goes up with every change of any definition or list. A membership is only trusted when judged under the
/// current one, and a node's cached definitions only when they were read under it.
/// </summary>
public static class DefinitionEpoch
{
    /// <summary>Takes the next epoch inside the caller's transaction; its row lock orders concurrent editors until commit.</summary>
    public static async Task<long> AdvanceAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var next = await db.Database.SqlQueryRaw<long>(
            """update epoch set value = value + 1 where name = 'definitions' returning value as "Value" """).ToListAsync(cancellationToken);
        return next.Single();
    }

    /// <summary>Takes the same row lock without a step, for edits that change no meaning (a draft) but must not overlap with others.</summary>
    public static async Task LockAsync(PlatformDb db, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<long>(
            """select value as "Value" from epoch where name = 'definitions' for update""").ToListAsync(cancellationToken);

    /// <summary>The epoch as of now, for answers that read no shopper.</summary>
    public static async Task<long> CurrentAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select value from epoch where name = 'definitions'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
