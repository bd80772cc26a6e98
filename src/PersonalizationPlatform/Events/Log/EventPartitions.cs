using System.Collections.Concurrent;
using Npgsql;

namespace PersonalizationPlatform.Events.Log;

/// <summary>Months of the event table: made ahead by a duty, older ones on demand, always outside the shared commit; retention drops whole months.</summary>
public sealed class EventPartitions(NpgsqlDataSource database)
{
    private const long LockKey = 0x5050_4556_5054;
    private readonly ConcurrentDictionary<DateOnly, bool> _known = new();

    /// <summary>Makes sure the month of an instant can be written to.</summary>
    public ValueTask EnsureAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        var month = MonthOf(at);
        return _known.ContainsKey(month) ? ValueTask.CompletedTask : new ValueTask(CreateAsync(month, cancellationToken));
    }

    /// <summary>Makes this month, the one before and the two to come.</summary>
    public async Task EnsureAroundAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        for (var offset = -1; offset <= 2; offset++)
            await EnsureAsync(now.AddMonths(offset), cancellationToken);
    }

    /// <summary>Drops months that ended before <paramref name="keepFrom"/>; returns their names.</summary>
    public async Task<IReadOnlyList<string>> DropOlderThanOnceAsync(DateTimeOffset keepFrom, CancellationToken cancellationToken)
    {
        var limit = NameOf(MonthOf(keepFrom));
        var dropped = new List<string>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var list = new NpgsqlCommand(
            "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'event'::regclass and c.relname < $1", connection)
        { Parameters = { new() { Value = limit } } })
        await using (var reader = await list.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                dropped.Add(reader.GetString(0));
        foreach (var name in dropped)
        {
            await using var drop = new NpgsqlCommand($"drop table \"{name}\"", connection);
            await drop.ExecuteNonQueryAsync(cancellationToken);
        }

        _known.Clear();
        return dropped;
    }

    /// <summary>Forgets keys of untimed events after their 24 hours; at most 5,000 a call, returns how many.</summary>
    public async Task<int> ForgetUntimedOnceAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            delete from untimed_event
            where received_at <= $1 and (identity_id, slot) = any(array(select (identity_id, slot) from untimed_event where received_at <= $1 limit 5000))
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = now - TimeSpan.FromHours(24) });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CreateAsync(DateOnly month, CancellationToken cancellationToken)
    {
        var name = NameOf(month);
        var next = month.AddMonths(1);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var serialise = new NpgsqlCommand("select pg_advisory_xact_lock($1)", connection, transaction) { Parameters = { new() { Value = LockKey } } })
            await serialise.ExecuteNonQueryAsync(cancellationToken);
        await using (var exists = new NpgsqlCommand("select to_regclass($1) is not null", connection, transaction) { Parameters = { new() { Value = name } } })
            if ((bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
            {
                _known[month] = true;
                return;
            }

        // Attaching takes a weaker lock on the parent than creating the partition in place, so appends to other months go on.
        var sql = $"""
            create table {name} (like event including defaults including constraints);
            alter table event attach partition {name} for values from ('{month:yyyy-MM-dd}T00:00:00Z') to ('{next:yyyy-MM-dd}T00:00:00Z');
            """;
        await using (var create = new NpgsqlCommand(sql, connection, transaction))
            await create.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        _known[month] = true;
    }

    private static DateOnly MonthOf(DateTimeOffset at) => new(at.UtcDateTime.Year, at.UtcDateTime.Month, 1);

    private static string NameOf(DateOnly month) => $"event_{month:yyyy_MM}";
}
