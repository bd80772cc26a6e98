using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Profiles.Erasure;

/// <summary>Runs an erasure's statements one after the other in its transaction.</summary>
internal sealed class Step(NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancellationToken)
{
    internal async Task<int> RunAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return Math.Max(0, await command.ExecuteNonQueryAsync(cancellationToken));
    }

    internal async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    internal async Task<List<Guid>> GuidsAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
            ids.Add(reader.GetGuid(0));
        return ids;
    }

    internal async Task<List<LockedIdentity>> LockAsync(Guid[] identities)
    {
        await using var command = Command(ErasureSql.LockIdentities, [identities]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LockedIdentity>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(new LockedIdentity(reader.GetGuid(0), reader.IsDBNull(1) ? null : reader.GetString(1), At(reader, 2), reader.GetGuid(3)));
        return rows;
    }

    /// <summary>
    /// Runs the last statement and commits in the same round trip: it takes the feed's next position, and everybody who has something
    /// to log waits until that is committed.
    /// </summary>
    internal async Task CommitAsync(string sql, params object[] values)
    {
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { new NpgsqlBatchCommand(sql), new NpgsqlBatchCommand("commit") } };
        foreach (var value in values)
            batch.BatchCommands[0].Parameters.Add(Parameter(value));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    internal async Task<List<IdentitySpan>> SpansAsync(Guid profile)
    {
        await using var command = Command(ErasureSql.Spans, [profile]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var spans = new List<IdentitySpan>();
        while (await reader.ReadAsync(cancellationToken))
            spans.Add(new IdentitySpan(
                reader.GetGuid(0), reader.GetBoolean(1), At(reader, 2) is { } from && from != DateTimeOffset.MinValue ? from : null,
                reader.IsDBNull(3) ? null : reader.GetGuid(3), At(reader, 4), reader.IsDBNull(5) ? null : reader.GetGuid(5)));
        return spans;
    }

    internal async Task<List<(Guid Identity, DateTimeOffset OccurredAt, Guid Key, Guid[] Ids, string Content, string Body)>> EventsAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<(Guid, DateTimeOffset, Guid, Guid[], string, string)>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetGuid(2), reader.GetFieldValue<Guid[]>(3), reader.GetString(4), reader.GetString(5)));
        return events;
    }

    private static DateTimeOffset? At(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var value in values)
            command.Parameters.Add(Parameter(value));
        return command;
    }

    private static NpgsqlParameter Parameter(object value) => value switch
    {
        Guid[] v => Array(NpgsqlDbType.Uuid, v),
        Guid?[] v => Array(NpgsqlDbType.Uuid, v),
        bool[] v => Array(NpgsqlDbType.Boolean, v),
        string[] v => Array(NpgsqlDbType.Text, v),
        DateTimeOffset?[] v => Array(NpgsqlDbType.TimestampTz, v),
        _ => new NpgsqlParameter { Value = value },
    };

    private static NpgsqlParameter Array(NpgsqlDbType type, object value) => new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = value };
}

/// <summary>An identity whose row is locked.</summary>
/// <param name="Id">The keyed hash.</param>
/// <param name="Value">The value it was made from; null when it was erased before.</param>
/// <param name="Latest">The latest instant at which anything about it counts.</param>
/// <param name="OwnProfile">The profile it is, or was before a person had it.</param>
internal sealed record LockedIdentity(Guid Id, string? Value, DateTimeOffset? Latest, Guid OwnProfile);
