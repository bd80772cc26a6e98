using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Bench;

/// <summary>
/// What the database takes when nothing but storing is asked of it: binary COPY of a thousand rows a commit on two connections, rows
/// that the service itself has stored before, into a table of the event table's shape. With its primary key it is R.
/// </summary>
internal sealed class CopyRate
{
    private const int RowsPerCommit = 1_000;
    private const int Connections = 2;

    private const string Columns =
        "identity_id, occurred_at, key, counts_at, received_at, door, id, kind, event_type, website, store_view, skus, categories, order_id, value, currency, identity_ids, content, body";

    private static readonly NpgsqlDbType[] Types =
    [
        NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz, NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz, NpgsqlDbType.TimestampTz, NpgsqlDbType.Smallint,
        NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text | NpgsqlDbType.Array,
        NpgsqlDbType.Text | NpgsqlDbType.Array, NpgsqlDbType.Text, NpgsqlDbType.Numeric, NpgsqlDbType.Text, NpgsqlDbType.Uuid | NpgsqlDbType.Array,
        NpgsqlDbType.Json, NpgsqlDbType.Json,
    ];

    private readonly BenchStage stage;
    private readonly object[][] rows;

    private CopyRate(BenchStage stage, object[][] rows)
    {
        this.stage = stage;
        this.rows = rows;
    }

    public static async Task<CopyRate> PrepareAsync(BenchStage stage)
    {
        await using (var create = stage.Database.CreateCommand("""
            create table bench_bare (like event including defaults);
            create table bench_keyed (like event including defaults, primary key (identity_id, occurred_at, key));
            """))
            await create.ExecuteNonQueryAsync(stage.CancellationToken);
        var rows = new List<object[]>();
        await using var some = stage.Database.CreateCommand($"select {Columns} from event limit {RowsPerCommit}");
        await using var reader = await some.ExecuteReaderAsync(stage.CancellationToken);
        while (await reader.ReadAsync(stage.CancellationToken))
        {
            var row = new object[Types.Length];
            reader.GetValues(row);
            rows.Add(row);
        }

        return new CopyRate(stage, [.. rows]);
    }

    /// <summary>Rows without any index.</summary>
    public Task<LoadResult> BareAsync() => RoundAsync("bench_bare");

    /// <summary>R: rows with the event table's primary key.</summary>
    public Task<LoadResult> KeyedAsync() => RoundAsync("bench_keyed");

    private async Task<LoadResult> RoundAsync(string table)
    {
        await using (var empty = stage.Database.CreateCommand($"truncate {table}"))
            await empty.ExecuteNonQueryAsync(stage.CancellationToken);
        var watch = Stopwatch.StartNew();
        var copied = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => RepeatAsync(table, watch))));
        return new LoadResult(copied.Sum(c => c.Rows), watch.Elapsed, [.. copied.SelectMany(c => c.Latencies).Order()]);
    }

    private async Task<(long Rows, List<long> Latencies)> RepeatAsync(string table, Stopwatch watch)
    {
        await using var connection = await stage.Database.OpenConnectionAsync(stage.CancellationToken);
        var latencies = new List<long>();
        for (var done = 0L; ; done += RowsPerCommit)
        {
            if (watch.Elapsed.TotalSeconds >= stage.RoundSeconds)
                return (done, latencies);
            var started = Stopwatch.GetTimestamp();
            await CopyAsync(connection, table);
            latencies.Add(Stopwatch.GetTimestamp() - started);
        }
    }

    private async Task CopyAsync(NpgsqlConnection connection, string table)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} ({Columns}) from stdin (format binary)", stage.CancellationToken);
        for (var i = 0; i < RowsPerCommit; i++)
        {
            var row = rows[i % rows.Length];
            await copy.StartRowAsync(stage.CancellationToken);
            for (var column = 0; column < Types.Length; column++)
            {
                // Identity and key are new each time; everything else is as the service stored it.
                if (column is 0 or 2)
                    await copy.WriteAsync(Guid.NewGuid(), NpgsqlDbType.Uuid, stage.CancellationToken);
                else if (row[column] is DBNull)
                    await copy.WriteNullAsync(stage.CancellationToken);
                else
                    await copy.WriteAsync(row[column], Types[column], stage.CancellationToken);
            }
        }

        await copy.CompleteAsync(stage.CancellationToken);
    }
}
