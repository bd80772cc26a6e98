using Npgsql;
using NpgsqlTypes;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>
/// Writes categories: all that are given or, where one closes a circle or lies too deep, the others. Writers wait for one another on the
/// catalogue's counter, so the tree that is checked is the tree that is written to.
/// </summary>
public sealed class Categories(NpgsqlDataSource database, LiveCatalog live)
{
    private const string Step = "update epoch set value = value + 1 where name = 'catalogue' returning value";

    private const string Select = "select id, name, parent_id, position, active from category";

    private const string Upsert = """
        insert into category (id, name, parent_id, position, active, change, updated_at)
        select id, name, parent_id, position, active, $6, $7 from unnest($1, $2, $3, $4, $5) as given (id, name, parent_id, position, active)
        on conflict (id) do update set name = excluded.name, parent_id = excluded.parent_id, position = excluded.position, active = excluded.active,
            change = excluded.change, updated_at = excluded.updated_at
        """;

    private const string Delete = """
        with gone as (delete from category where id = $1 and not exists (select 1 from category child where child.parent_id = $1) returning id)
        insert into catalogue_removal (kind, key, change) select 'category', id, $2 from gone
        on conflict (kind, key) do update set change = excluded.change
        """;

    /// <summary>Creates or replaces the categories; those that stand there as given are not written.</summary>
    /// <param name="given">No id twice. A parent need not be there yet unless <paramref name="parentsKnown"/>.</param>
    /// <param name="dryRun">Only tells what would become of them.</param>
    public Task<WrittenCategories> WriteAsync(
        IReadOnlyDictionary<string, CategoryNode> given, bool parentsKnown, bool dryRun, DateTimeOffset now, CancellationToken cancellationToken) =>
        InStepAsync(async (connection, change) =>
        {
            var tree = await ReadAsync(connection, cancellationToken);
            var refused = CategoryShape.Refuse(tree, given, parentsKnown);
            var good = given.Values.Where(node => !refused.ContainsKey(node.Id)).ToList();
            var other = good.Where(node => tree.GetValueOrDefault(node.Id) != node).ToList();
            if (other.Count > 0 && !dryRun)
                await WriteAsync(connection, other, change, now, cancellationToken);
            var created = other.Count(node => !tree.ContainsKey(node.Id));
            return new WrittenCategories(refused, created, other.Count - created, good.Count - other.Count);
        }, cancellationToken);

    /// <summary>Whether there was such a category. 409 <c>category.hasChildren</c> while others lie in it.</summary>
    public Task<bool> DeleteAsync(string id, CancellationToken cancellationToken) => InStepAsync(async (connection, change) =>
    {
        await using var command = new NpgsqlCommand(Delete, connection) { Parameters = { new() { Value = id }, new() { Value = change } } };
        if (await command.ExecuteNonQueryAsync(cancellationToken) > 0)
            return true;
        await using var found = new NpgsqlCommand("select exists (select 1 from category where id = $1)", connection) { Parameters = { new() { Value = id } } };
        return (bool)(await found.ExecuteScalarAsync(cancellationToken))!
            ? throw new ProblemException(409, "category.hasChildren", "Other categories lie in this one; move or delete them first.")
            : false;
    }, cancellationToken);

    private async Task<T> InStepAsync<T>(Func<NpgsqlConnection, long, Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var step = new NpgsqlCommand(Step, connection);
            var change = (long)(await step.ExecuteScalarAsync(cancellationToken))!;
            var result = await write(connection, change);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        finally
        {
            live.Forget();
        }
    }

    private static async Task<Dictionary<string, CategoryNode>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var nodes = new Dictionary<string, CategoryNode>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellationToken))
            nodes[row.GetString(0)] = new(row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetInt32(3), row.GetBoolean(4));
        return nodes;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, List<CategoryNode> nodes, long change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Upsert, connection);
        command.Parameters.Add(Array(node => node.Id, NpgsqlDbType.Text));
        command.Parameters.Add(Array(node => node.Name, NpgsqlDbType.Text));
        command.Parameters.Add(Array(node => node.ParentId, NpgsqlDbType.Text));
        command.Parameters.Add(Array(node => node.Position, NpgsqlDbType.Integer));
        command.Parameters.Add(Array(node => node.Active, NpgsqlDbType.Boolean));
        command.Parameters.Add(new() { Value = change });
        command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Array<T>(Func<CategoryNode, T> member, NpgsqlDbType type) =>
            new() { Value = nodes.Select(member).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}

/// <summary>What became of categories.</summary>
/// <param name="Refused">By id; the others are kept.</param>
public sealed record WrittenCategories(IReadOnlyDictionary<string, ProblemError> Refused, int Created, int Updated, int Unchanged);
