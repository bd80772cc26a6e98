using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons.Batches;

/// <summary>
/// Generates codes in the background, chunk by chunk. A chunk's codes and the progress they make are one transaction that holds the
/// batch's row: several nodes never work on the same chunk, and a node that dies leaves nothing half done and nothing locked.
/// </summary>
public sealed partial class CouponBatches(NpgsqlDataSource database, TimeProvider time, ILogger<CouponBatches> logger)
{
    private const int ChunkSize = 10_000;
    private const int MaxAttempts = 10;

    private const string Columns = """
        id, rule_id, quantity, length, format, prefix, suffix, dash_every, expires_at, status, generated, failure, created_at, finished_at
        """;

    private const string Insert = $"""
        insert into coupon_batch ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'queued', 0, null, $10, null)
        """;

    private const string One = $"select {Columns} from coupon_batch where id = $1";

    /// <summary>In turns, so that a small batch does not wait for a large one.</summary>
    private const string Take = $"""
        select {Columns} from coupon_batch where status in ('queued', 'running')
        order by worked_at nulls first, created_at, id limit 1 for update skip locked
        """;

    private const string InsertCodes = """
        insert into coupon (code_key, code, rule_id, kind, expires_at, created_at, batch_id, is_primary)
        select key, code, $3, 'generated', $4, $5, $6, false from unnest($1::text[], $2::text[]) as given (key, code)
        order by key collate "C"
        on conflict do nothing
        """;

    private const string Progress = """
        update coupon_batch set generated = generated + $2, worked_at = $3,
            status = case when $4 then 'failed' when generated + $2 >= quantity then 'done' else 'running' end,
            failure = case when $4 then 'coupon.codesExhausted' end,
            finished_at = case when $4 or generated + $2 >= quantity then $3 end
        where id = $1
        """;

    internal async Task<CouponBatch> AddAsync(
        Guid rule, int quantity, CodeFormat format, DateTimeOffset? expiresAt, NpgsqlConnection within, CancellationToken cancellationToken)
    {
        var batch = new CouponBatch(
            Guid.CreateVersion7(), rule, quantity, format.Length, format.Characters, format.Prefix, format.Suffix, format.DashEvery, expiresAt,
            CouponBatchStatus.Queued, 0, null, time.Now(), null);
        await using var command = new NpgsqlCommand(Insert, within);
        foreach (var value in new object[] { batch.Id, rule, quantity, format.Length, format.Characters.ToString().ToLowerInvariant(), format.Prefix, format.Suffix, format.DashEvery })
            command.Parameters.Add(new() { Value = value });
        command.Parameters.Add(Instant(expiresAt));
        command.Parameters.Add(new() { Value = batch.CreatedAt });
        await command.ExecuteNonQueryAsync(cancellationToken);
        return batch;
    }

    public async Task<CouponBatch?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(One);
        command.Parameters.Add(new() { Value = id });
        return await ReadAsync(command, cancellationToken);
    }

    /// <summary>Generates one chunk of one batch that nobody else is at; false when there is nothing to do.</summary>
    public Task<bool> GenerateOnceAsync(CancellationToken cancellationToken) => Overtaken.RepeatAsync(async () =>
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var take = new NpgsqlCommand(Take, connection, transaction);
        if (await ReadAsync(take, cancellationToken) is not { } batch)
            return false;
        var asked = Math.Min(ChunkSize, batch.Quantity - batch.Generated);
        var made = await GenerateAsync(connection, transaction, batch, asked, cancellationToken);
        await using var progress = new NpgsqlCommand(Progress, connection, transaction);
        progress.Parameters.Add(new() { Value = batch.Id });
        progress.Parameters.Add(new() { Value = made });
        progress.Parameters.Add(new() { Value = time.Now() });
        progress.Parameters.Add(new() { Value = made < asked });
        await progress.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (made < asked)
            LogExhausted(logger, batch.Id, batch.Generated + made);
        else if (batch.Generated + made == batch.Quantity)
            LogDone(logger, batch.Id, batch.Quantity);
        return true;
    });

    /// <summary>Up to as many as asked for: codes that are taken are tried anew, each at most ten times.</summary>
    private async Task<int> GenerateAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, CouponBatch batch, int asked, CancellationToken cancellationToken)
    {
        var format = batch.CodeFormat;
        var made = 0;
        for (var attempt = 1; attempt <= MaxAttempts && made < asked; attempt++)
        {
            var codes = new Dictionary<string, string>(asked - made, StringComparer.Ordinal);
            for (var i = made; i < asked; i++)
            {
                var code = format.Next();
                codes.TryAdd(CouponCode.Key(code), code);
            }

            await using var insert = new NpgsqlCommand(InsertCodes, connection, transaction) { CommandTimeout = 120 };
            insert.Parameters.Add(new() { Value = codes.Keys.ToArray() });
            insert.Parameters.Add(new() { Value = codes.Values.ToArray() });
            insert.Parameters.Add(new() { Value = batch.Rule });
            insert.Parameters.Add(Instant(batch.ExpiresAt));
            insert.Parameters.Add(new() { Value = time.Now() });
            insert.Parameters.Add(new() { Value = batch.Id });
            made += await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        return made;
    }

    private static async Task<CouponBatch?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        return new(
            reader.GetGuid(0), reader.GetGuid(1), reader.GetInt32(2), reader.GetInt32(3), Enum.Parse<CodeCharacters>(reader.GetString(4), true),
            reader.GetString(5), reader.GetString(6), reader.GetInt32(7), reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
            Enum.Parse<CouponBatchStatus>(reader.GetString(9), true), reader.GetInt32(10), reader.IsDBNull(11) ? null : reader.GetString(11),
            reader.GetFieldValue<DateTimeOffset>(12), reader.IsDBNull(13) ? null : reader.GetFieldValue<DateTimeOffset>(13));
    }

    private static NpgsqlParameter Instant(DateTimeOffset? instant) =>
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)instant ?? DBNull.Value };

    [LoggerMessage(Level = LogLevel.Information, Message = "Coupon batch {Batch} is done: {Codes} codes")]
    private static partial void LogDone(ILogger logger, Guid batch, int codes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Coupon batch {Batch} ran out of codes after {Codes}")]
    private static partial void LogExhausted(ILogger logger, Guid batch, int codes);
}
