using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>
/// Two numbers that order everything people define. <b>Publications</b> goes up with every change a decision could notice; a node's
/// copy of the definitions is trusted only while it is of the current one (<see cref="EpochCopy{T}"/>). The <b>epoch</b> goes up with
/// those changes only that could move somebody into or out of a segment or audience; a membership is trusted only when judged under it.
/// Whoever edits anything holds the row of the publications until the commit, so editors wait for one another.
/// </summary>
public static class DefinitionEpoch
{
    /// <summary>Takes the next epoch, and the next publication with it, inside the caller's transaction.</summary>
    public static async Task<long> AdvanceAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        await PublishAsync(db, cancellationToken);
        return await StepAsync(db, "definitions", cancellationToken);
    }

    /// <summary>Takes the next publication inside the caller's transaction: for what moves nobody in or out of a segment.</summary>
    public static Task<long> PublishAsync(PlatformDb db, CancellationToken cancellationToken) => StepAsync(db, "publications", cancellationToken);

    /// <summary>Takes the editors' lock without a step, for edits that change no meaning (a draft) but must not overlap with others.</summary>
    public static async Task LockAsync(PlatformDb db, CancellationToken cancellationToken) =>
        await db.Database.SqlQueryRaw<long>(
            """select value as "Value" from epoch where name = 'publications' for update""").ToListAsync(cancellationToken);

    /// <summary>The epoch as of now, for answers that read no shopper.</summary>
    public static async Task<long> CurrentAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("select value from epoch where name = 'definitions'");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Both numbers as of one instant.</summary>
    public static async Task<(long Epoch, long Publication)> CurrentPublicationAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "select (select value from epoch where name = 'definitions'), (select value from epoch where name = 'publications')");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private static async Task<long> StepAsync(PlatformDb db, string name, CancellationToken cancellationToken)
    {
        var next = await db.Database.SqlQuery<long>(
            $"""update epoch set value = value + 1 where name = {name} returning value as "Value" """).ToListAsync(cancellationToken);
        return next.Single();
    }
}
