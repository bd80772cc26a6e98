using Npgsql;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>Deletes entries that count for nothing any more: replaced versions, replacements given up, archived lists. Safe on several nodes.</summary>
public sealed class ListCleanup(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>A replacement that wrote nothing for so long has died with its node.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    private const int BatchSize = 5000;

    private const string GiveUpSilent = """
        update audience set staged_version = staged_version + 1, staged_at = null
        where staged_version > list_version and staged_at < $1
        """;

    private const string FindOne = """
        select audience.id, left_over.version
        from audience cross join lateral (
            (select version from list_entry
             where audience_id = audience.id and (audience.status = 'archived' or version < audience.list_version) limit 1)
            union all
            (select version from list_entry
             where audience_id = audience.id and version > audience.list_version and version < audience.staged_version limit 1)
        ) left_over
        where audience.kind = 'list'
        limit 1
        """;

    private const string Delete = """
        delete from list_entry
        where audience_id = $1 and version = $2
          and identity_id = any(array(select identity_id from list_entry where audience_id = $1 and version = $2 limit $3))
        """;

    /// <summary>Deletes one batch; how many entries, 0 when there is nothing left to do.</summary>
    public async Task<int> OnceAsync(CancellationToken cancellationToken)
    {
        await using (var giveUp = database.CreateCommand(GiveUpSilent))
        {
            giveUp.Parameters.Add(new() { Value = time.Now() - Patience });
            await giveUp.ExecuteNonQueryAsync(cancellationToken);
        }

        Guid audience;
        long version;
        await using (var find = database.CreateCommand(FindOne))
        {
            await using var found = await find.ExecuteReaderAsync(cancellationToken);
            if (!await found.ReadAsync(cancellationToken))
                return 0;
            (audience, version) = (found.GetGuid(0), found.GetInt64(1));
        }

        await using var delete = database.CreateCommand(Delete);
        delete.Parameters.Add(new() { Value = audience });
        delete.Parameters.Add(new() { Value = version });
        delete.Parameters.Add(new() { Value = BatchSize });
        return await delete.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>Calls <see cref="ListCleanup"/> once a minute, and at once again while there is something to do.</summary>
internal sealed partial class ListCleanupDuty(ListCleanup cleanup, TimeProvider time, ILogger<ListCleanupDuty> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var deleted = 0;
                for (var batch = 1; batch > 0; deleted += batch)
                    batch = await cleanup.OnceAsync(stoppingToken);
                if (deleted > 0)
                    LogDeleted(deleted);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                LogFailed(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Entries} list entries that no longer count were deleted")]
    private partial void LogDeleted(int entries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deleting list entries failed; it is tried again")]
    private partial void LogFailed(Exception exception);
}
