using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>
/// Writes the members of lists from bodies of any size, at most a thousand identities a transaction, so that no event waits
/// long for one of them. A replacement is written beside the list and takes effect as a whole, by one step of the epoch;
/// additions and removals take effect batch by batch, by the marks of the identities they touch.
/// </summary>
public sealed class ListImport(PlatformDb db, NpgsqlDataSource database, IdentityHash hash, TimeProvider time)
{
    private const int BatchSize = 1000;

    /// <summary>Replaces the list. Of replacements that overlap, the one begun last wins; the others end with 409 <c>audience.overtaken</c>.</summary>
    public async Task<ImportAnswer> ReplaceAsync(
        AudienceId list, IAsyncEnumerable<RequestLine> body, MemberLines lines, CancellationToken cancellationToken)
    {
        var version = await StageAsync(list, cancellationToken);
        long read = 0, imported = 0;
        try
        {
            await foreach (var batch in BatchesAsync(body, lines, count => read += count, cancellationToken))
                imported += await Overtaken.RepeatAsync(() => StageBatchAsync(list, version, batch, cancellationToken));
            await SwitchAsync(list, version, imported, cancellationToken);
        }
        catch
        {
            await GiveUpAsync(list, version);
            throw;
        }

        return new(imported, read - imported, lines.RefusedCount, lines.Refused, imported);
    }

    /// <summary>Puts identities on the list.</summary>
    public async Task<ImportAnswer> AddAsync(
        AudienceId list, IAsyncEnumerable<RequestLine> body, MemberLines lines, CancellationToken cancellationToken)
    {
        long read = 0, imported = 0;
        await foreach (var batch in BatchesAsync(body, lines, count => read += count, cancellationToken))
        {
            imported += await Overtaken.RepeatAsync(() => ChangeAsync(
                list, +1, batch.Put(mark: true),
                version => ListStatements.Command(ListStatements.InsertEntries, batch.Ids, list.Value, version, time.Now()), cancellationToken));
        }

        return new(imported, read - imported, lines.RefusedCount, lines.Refused, await SizeAsync(list, cancellationToken));
    }

    /// <summary>Takes identities off the list.</summary>
    public async Task<RemovalAnswer> RemoveAsync(
        AudienceId list, IAsyncEnumerable<RequestLine> body, MemberLines lines, CancellationToken cancellationToken)
    {
        long read = 0, removed = 0;
        await foreach (var batch in BatchesAsync(body, lines, count => read += count, cancellationToken))
        {
            removed += await Overtaken.RepeatAsync(() => ChangeAsync(
                list, -1, ListStatements.Command(ListStatements.Mark, batch.Ids),
                version => ListStatements.Command(ListStatements.DeleteEntries, batch.Ids, list.Value, version), cancellationToken));
        }

        return new(removed, read - removed, lines.RefusedCount, lines.Refused, await SizeAsync(list, cancellationToken));
    }

    /// <summary>Distinct identities, up to a thousand at a time; <paramref name="count"/> is told how many lines made them.</summary>
    private async IAsyncEnumerable<IdentityRows> BatchesAsync(
        IAsyncEnumerable<RequestLine> body, MemberLines lines, Action<int> count,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batch = new Dictionary<IdentityId, Identity>(BatchSize);
        await foreach (var line in body.WithCancellation(cancellationToken))
        {
            if (lines.Read(line) is not { } identity)
                continue;
            count(1);
            batch.TryAdd(hash.Of(identity), identity);
            if (batch.Count < BatchSize)
                continue;
            yield return new(batch);
            batch.Clear();
        }

        if (batch.Count > 0)
            yield return new(batch);
    }

    private async Task<long> StageAsync(AudienceId list, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ListStatements.Stage);
        command.Parameters.Add(new() { Value = list.Value });
        command.Parameters.Add(new() { Value = time.Now() });
        return await command.ExecuteScalarAsync(cancellationToken) is long version ? version : throw Gone();
    }

    private async Task<long> StageBatchAsync(AudienceId list, long version, IdentityRows batch, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var work = new NpgsqlBatch(connection, transaction);
        var now = time.Now();
        work.BatchCommands.Add(ListStatements.Command(ListStatements.StillStaged, list.Value, version, now));
        work.BatchCommands.Add(batch.Put(mark: false));
        work.BatchCommands.Add(ListStatements.Command(ListStatements.InsertEntries, batch.Ids, list.Value, version, now));
        await work.ExecuteNonQueryAsync(cancellationToken);
        if (work.BatchCommands[0].RecordsAffected == 0)
            throw Replaced();
        await transaction.CommitAsync(cancellationToken);
        return work.BatchCommands[2].RecordsAffected;
    }

    private async Task SwitchAsync(AudienceId list, long version, long size, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await DefinitionEpoch.AdvanceAsync(db, cancellationToken);
        var now = time.Now();
        var switched = await db.Set<Audience>()
            .Where(audience => audience.Id == list && audience.StagedVersion == version && audience.Status != DefinitionStatus.Archived)
            .ExecuteUpdateAsync(
                audience => audience.SetProperty(row => row.ListVersion, version).SetProperty(row => row.Size, size).SetProperty(row => row.UpdatedAt, now),
                cancellationToken);
        if (switched == 0)
            throw Replaced();
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Leaves what was written to <see cref="ListCleanup"/>. When even this fails, its being silent for long does the same.</summary>
    private async Task GiveUpAsync(AudienceId list, long version)
    {
        try
        {
            await using var command = database.CreateCommand(ListStatements.GiveUp);
            command.Parameters.Add(new() { Value = list.Value });
            command.Parameters.Add(new() { Value = version });
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The failure that brought us here is the one to tell.
        }
    }

    private async Task<long> ChangeAsync(
        AudienceId list, int sign, NpgsqlBatchCommand identities, Func<long, NpgsqlBatchCommand> entries, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // The row lock keeps the version current until the commit: a switch waits.
        await using var current = new NpgsqlCommand(ListStatements.LockCurrent, connection, transaction);
        current.Parameters.Add(new() { Value = list.Value });
        if (await current.ExecuteScalarAsync(cancellationToken) is not long version)
            throw Gone();
        await using var work = new NpgsqlBatch(connection, transaction);
        work.BatchCommands.Add(identities);
        work.BatchCommands.Add(entries(version));
        await work.ExecuteNonQueryAsync(cancellationToken);
        var changed = (long)work.BatchCommands[1].RecordsAffected;
        await using var resize = new NpgsqlCommand(ListStatements.Resize, connection, transaction);
        resize.Parameters.Add(new() { Value = list.Value });
        resize.Parameters.Add(new() { Value = sign * changed });
        await resize.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return changed;
    }

    private async Task<long> SizeAsync(AudienceId list, CancellationToken cancellationToken) =>
        await db.Set<Audience>().Where(audience => audience.Id == list).Select(audience => audience.Size).SingleAsync(cancellationToken);

    private static ProblemException Gone() => new(409, "audience.archived", "The audience has been archived.");

    private static ProblemException Replaced() =>
        new(409, "audience.overtaken", "Another replacement of this list was begun meanwhile, or it was archived; this one has no effect.");
}
