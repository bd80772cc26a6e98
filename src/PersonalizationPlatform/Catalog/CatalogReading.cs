using System.Data;
using System.Text.Json;
using Npgsql;

namespace PersonalizationPlatform.Catalog;

/// <summary>Brings a snapshot of the catalogue up to now by reading what has changed since.</summary>
internal static class CatalogReading
{
    private const string Counter = "select value from epoch where name = 'catalogue'";

    public static async Task<CatalogSnapshot> ReadAsync(NpgsqlDataSource database, CatalogSnapshot before, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using (var counter = new NpgsqlCommand(Counter, connection))
        {
            if ((long)(await counter.ExecuteScalarAsync(cancellationToken))! == before.Change)
                return before;
        }

        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var (change, removed, tree, attributes) = await ReadGroundAsync(connection, before, cancellationToken);
        var build = new CatalogBuild(before, change, tree, attributes);
        build.Remove(removed);
        // What an attribute is decides how the values of every product are read.
        await using var products = Command($"select {CatalogRow.Columns} from product where change > $1", connection, attributes == before.Attributes ? before.Change : -1);
        await using var rows = await products.ExecuteReaderAsync(cancellationToken);
        var row = new CatalogRow(build.Texts, attributes);
        while (await rows.ReadAsync(cancellationToken))
            build.Put(row.Read(rows));
        return build.Finish();
    }

    private static async Task<Ground> ReadGroundAsync(NpgsqlConnection connection, CatalogSnapshot before, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(Counter),
                Since("select kind, key from catalogue_removal where change > $1", before),
                Since("select id, name, parent_id, position, active from category where change > $1", before),
                new("select max(change) from product_attribute"),
                new("select code, type, label, options, usable_in_rules from product_attribute order by code"),
            },
        };
        await using var rows = await batch.ExecuteReaderAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var change = rows.GetInt64(0);
        await rows.NextResultAsync(cancellationToken);
        var removed = new List<(string Kind, string Key)>();
        while (await rows.ReadAsync(cancellationToken))
            removed.Add((rows.GetString(0), rows.GetString(1)));
        await rows.NextResultAsync(cancellationToken);
        var changed = new List<CategoryNode>();
        while (await rows.ReadAsync(cancellationToken))
            changed.Add(new(rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? null : rows.GetString(2), rows.GetInt32(3), rows.GetBoolean(4)));
        var tree = Tree(before.Categories, changed, [.. removed.Where(key => key.Kind == Removal.Category).Select(key => key.Key)]);

        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var defined = !rows.IsDBNull(0) && rows.GetInt64(0) > before.Change;
        if (!defined && !removed.Exists(key => key.Kind == Removal.Attribute))
            return new(change, removed, tree, before.Attributes);
        await rows.NextResultAsync(cancellationToken);
        var attributes = new List<AttributeDefinition>();
        while (await rows.ReadAsync(cancellationToken))
        {
            attributes.Add(new(
                rows.GetString(0), Enum.Parse<AttributeType>(rows.GetString(1), true), rows.GetString(2),
                JsonSerializer.Deserialize<List<AttributeOption>>(rows.GetString(3), AttributeDefinition.Json)!, rows.GetBoolean(4)));
        }

        return new(change, removed, tree, attributes);
    }

    private static CategoryTree Tree(CategoryTree before, List<CategoryNode> changed, HashSet<string> removed)
    {
        if (changed.Count == 0 && removed.Count == 0)
            return before;
        // What was removed and is there again is among the changed ones.
        var nodes = before.All.Where(node => !removed.Contains(node.Id)).ToDictionary(node => node.Id, StringComparer.Ordinal);
        foreach (var node in changed)
            nodes[node.Id] = node;
        return new(nodes.Values);
    }

    private static NpgsqlBatchCommand Since(string sql, CatalogSnapshot before)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new() { Value = before.Change });
        return command;
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, long after)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = after });
        return command;
    }

    private sealed record Ground(long Change, List<(string Kind, string Key)> Removed, CategoryTree Tree, IReadOnlyList<AttributeDefinition> Attributes);
}
