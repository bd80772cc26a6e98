using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Keeps the bodies of imports that are worked off in the background, and hands them out piece by piece.</summary>
internal sealed class StoredImports(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>A finished import's report is kept for so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const string Insert = """
        insert into import (id, status, dry_run, total, done, attempts, lease_until, report, created_at)
        values ($1, 'queued', $2, $3, 0, 0, $4, '{}', $4)
        """;

    private const string Copy = "copy import_item (import_id, part, place, path, rule, code, json) from stdin (format binary)";

    // The outer condition is looked at again after waiting for a lock, so two nodes rarely share an import; when they do, the piece's
    // own compare-and-set lets only one of them commit.
    private const string Claim = """
        update import set status = 'running', attempts = attempts + 1, lease_until = $2
        where lease_until <= $1 and status in ('queued', 'running')
          and id = (select id from import where lease_until <= $1 and status in ('queued', 'running') order by created_at limit 1)
        returning id, dry_run, total, done, attempts, report::text
        """;

    private const string Read = """
        select part, path, json, rule, code from import_item where import_id = $1 order by part, place offset $2 limit $3
        """;

    private const string Chosen = "select path, json, rule, code from import_item where import_id = $1 and rule = any($2) and code is not null order by place";

    private const string WithCoupons = "select distinct rule from import_item where import_id = $1 and part = $3 and rule = any($2)";

    private const string Clean = "delete from import_item where import_id = $1";

    private const string Forget = "delete from import where finished_at < $1";

    /// <summary>Keeps a body while the rest of it arrives: all of it or, when it breaks off, nothing.</summary>
    public async Task<Guid> StoreAsync(IReadOnlyList<ImportItem> head, IAsyncEnumerator<ImportItem> rest, bool dryRun, CancellationToken cancellationToken)
    {
        var id = Guid.CreateVersion7();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        long places = 0;
        await using (var copy = await connection.BeginBinaryImportAsync(Copy, cancellationToken))
        {
            foreach (var item in head)
                await WriteAsync(copy, id, item, places++, cancellationToken);
            while (await rest.MoveNextAsync())
                await WriteAsync(copy, id, rest.Current, places++, cancellationToken);
            await copy.CompleteAsync(cancellationToken);
        }

        await using var insert = Command(connection, Insert, id, dryRun, places, time.Now());
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <summary>Takes an import nobody works on for a while; null when there is none.</summary>
    public async Task<ClaimedImport?> ClaimAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var claim = Command(connection, Claim, now, now + lease);
        await using var row = await claim.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? new(row.GetGuid(0), row.GetBoolean(1), row.GetInt64(2), row.GetInt64(3), row.GetInt32(4), row.GetString(5))
            : null;
    }

    /// <summary>The next items in the order they are worked off.</summary>
    public async Task<IReadOnlyList<ImportItem>> ReadAsync(Guid import, long from, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var read = Command(connection, Read, import, from, limit);
        await using var row = await read.ExecuteReaderAsync(cancellationToken);
        var items = new List<ImportItem>();
        while (await row.ReadAsync(cancellationToken))
        {
            items.Add(new(
                (ImportPart)row.GetInt16(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.IsDBNull(3) ? null : row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4)));
        }

        return items;
    }

    /// <summary>What the body says of the coupons of these rules.</summary>
    public async Task<RuleCoupons> CouponsAsync(Guid import, string[] rules, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var chosen = new List<ImportItem>();
        await using (var read = Command(connection, Chosen, import, rules))
        {
            await using var row = await read.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
                chosen.Add(new(ImportPart.Coupons, row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetString(2), row.GetString(3)));
        }

        var any = new HashSet<string>(StringComparer.Ordinal);
        await using (var read = Command(connection, WithCoupons, import, rules, (short)ImportPart.Coupons))
        {
            await using var row = await read.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
                any.Add(row.GetString(0));
        }

        return new(RuleCoupons.Read(chosen), any);
    }

    /// <summary>Deletes the body of an import that has ended, and reports that are old.</summary>
    public async Task CleanAsync(Guid import, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var clean = Command(connection, Clean, import))
            await clean.ExecuteNonQueryAsync(cancellationToken);
        await using var forget = Command(connection, Forget, time.Now() - Kept);
        await forget.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, Guid id, ImportItem item, long place, CancellationToken cancellationToken)
    {
        await copy.StartRowAsync(cancellationToken);
        await copy.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken);
        await copy.WriteAsync((short)item.Part, NpgsqlDbType.Smallint, cancellationToken);
        await copy.WriteAsync(place, NpgsqlDbType.Bigint, cancellationToken);
        await copy.WriteAsync(item.Path, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(item.Rule, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(item.Code, NpgsqlDbType.Text, cancellationToken);
        await copy.WriteAsync(item.Json, NpgsqlDbType.Bytea, cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new() { Value = parameter });
        return command;
    }
}

/// <summary>An import somebody works on.</summary>
internal sealed record ClaimedImport(Guid Id, bool DryRun, long Total, long Done, int Attempts, string Report);
