using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Catalog;

/// <summary>Writes attribute definitions. A change has every product read again, so that its values are what the definition says.</summary>
public sealed class ProductAttributes(NpgsqlDataSource database, LiveCatalog live)
{
    private const string Upsert = """
        with step as (update epoch set value = value + 1 where name = 'catalogue' returning value)
        insert into product_attribute (code, type, label, options, usable_in_rules, change, updated_at)
        select $1, $2, $3, $4, $5, value, $6 from step
        on conflict (code) do update set type = excluded.type, label = excluded.label, options = excluded.options,
            usable_in_rules = excluded.usable_in_rules, change = excluded.change, updated_at = excluded.updated_at
        """;

    private const string Delete = """
        with step as (update epoch set value = value + 1 where name = 'catalogue' returning value),
             gone as (delete from product_attribute using step where code = $1 returning code, step.value)
        insert into catalogue_removal (kind, key, change) select 'attribute', code, value from gone
        on conflict (kind, key) do update set change = excluded.change
        """;

    /// <summary>Creates or replaces a definition.</summary>
    public Task PutAsync(AttributeDefinition definition, DateTimeOffset now, CancellationToken cancellationToken) => WriteAsync(
        Upsert, cancellationToken,
        new() { Value = definition.Code }, new() { Value = definition.Type.ToString().ToLowerInvariant() }, new() { Value = definition.Label },
        new() { Value = JsonSerializer.Serialize(definition.Options, AttributeDefinition.Json), NpgsqlDbType = NpgsqlDbType.Json }, new() { Value = definition.UsableInRules },
        new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });

    /// <summary>Whether there was such a definition.</summary>
    public async Task<bool> DeleteAsync(string code, CancellationToken cancellationToken) => await WriteAsync(Delete, cancellationToken, new NpgsqlParameter { Value = code }) > 0;

    private async Task<int> WriteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        try
        {
            await using var command = database.CreateCommand(sql);
            command.Parameters.AddRange(parameters);
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        finally
        {
            live.Forget();
        }
    }
}
