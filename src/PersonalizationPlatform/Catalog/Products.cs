using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Catalog;

/// <summary>Writes products. Each write takes the next change of the catalogue in its own transaction, so writers wait for one another.</summary>
public sealed class Products(NpgsqlDataSource database, LiveCatalog live)
{
    // In the order given, which is the order of first arrival; the counter's lock already orders those who write the same products.
    private const string Upsert = """
        with step as (update epoch set value = value + 1 where name = 'catalogue' returning value)
        insert into product (sku, name, price, currency, categories, attributes, details, external_id, external_number, updated_at, change)
        select sku, name, price, currency, array(select jsonb_array_elements_text(categories)), attributes, details, external_id, external_number, $10, step.value
        from step, unnest($1, $2, $3, $4, $5, $6, $7, $8, $9) with ordinality
            as given (sku, name, price, currency, categories, attributes, details, external_id, external_number, place)
        order by place
        on conflict (sku) do update set
            name = excluded.name, price = excluded.price, currency = excluded.currency, categories = excluded.categories,
            attributes = excluded.attributes, details = excluded.details, external_id = excluded.external_id,
            external_number = coalesce(excluded.external_number, product.external_number), updated_at = excluded.updated_at, change = excluded.change
        """;

    // What an external id was called before, and is called otherwise now. The removal is told before the products of the same write.
    private const string Rename = """
        with step as (update epoch set value = value + 1 where name = 'catalogue' returning value),
             gone as (delete from product using step, unnest($1, $2) as given (sku, external_id)
                      where product.external_id = given.external_id and product.sku <> given.sku returning product.sku, step.value)
        insert into catalogue_removal (kind, key, change) select distinct 'product', sku, value from gone
        on conflict (kind, key) do update set change = excluded.change
        """;

    private const string Delete = """
        with step as (update epoch set value = value + 1 where name = 'catalogue' returning value),
             gone as (delete from product using step where sku = $1 returning sku, step.value)
        insert into catalogue_removal (kind, key, change) select 'product', sku, value from gone
        on conflict (kind, key) do update set change = excluded.change
        """;

    /// <summary>
    /// Creates or replaces the products, all or none; no SKU twice. One that its external id names is known by it, and takes its new SKU in
    /// place of the old one. Seen here at once, elsewhere within a second.
    /// </summary>
    public async Task UpsertAsync(IReadOnlyCollection<Product> products, DateTimeOffset now, CancellationToken cancellationToken)
    {
        try
        {
            await StoreAsync(products, now, cancellationToken);
        }
        finally
        {
            // Also when it failed: a broken connection does not tell whether the write was committed.
            live.Forget();
        }
    }

    /// <summary>The same as one part of many; whoever writes the last part calls <see cref="LiveCatalog.Forget"/>.</summary>
    internal async Task StoreAsync(IReadOnlyCollection<Product> products, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var write = database.CreateBatch();
        Product[] named = [.. products.Where(product => product.IsNamedByExternalId)];
        if (named.Length > 0)
        {
            write.BatchCommands.Add(new(Rename)
            {
                Parameters = { Array(named, product => product.Sku, NpgsqlDbType.Text), Array(named, product => product.ExternalId, NpgsqlDbType.Text) },
            });
        }

        var command = new NpgsqlBatchCommand(Upsert);
        write.BatchCommands.Add(command);
        command.Parameters.Add(Array(products, product => product.Sku, NpgsqlDbType.Text));
        command.Parameters.Add(Array(products, product => product.Name, NpgsqlDbType.Text));
        command.Parameters.Add(Array(products, product => product.Price, NpgsqlDbType.Numeric));
        command.Parameters.Add(Array(products, product => product.Currency, NpgsqlDbType.Text));
        // unnest flattens arrays of arrays, so each list travels as one JSON value.
        command.Parameters.Add(Array(products, product => JsonSerializer.Serialize(product.Categories), NpgsqlDbType.Jsonb));
        command.Parameters.Add(Array(products, product => product.Attributes, NpgsqlDbType.Jsonb));
        command.Parameters.Add(Array(products, product => product.Details, NpgsqlDbType.Jsonb));
        command.Parameters.Add(Array(products, product => product.ExternalId, NpgsqlDbType.Text));
        command.Parameters.Add(Array(products, product => product.ExternalNumber, NpgsqlDbType.Bigint));
        command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await write.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Whether there was such a product.</summary>
    public async Task<bool> DeleteAsync(string sku, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = database.CreateCommand(Delete);
            command.Parameters.Add(new() { Value = sku });
            return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
        }
        finally
        {
            live.Forget();
        }
    }

    private static NpgsqlParameter Array<T>(IReadOnlyCollection<Product> products, Func<Product, T> member, NpgsqlDbType type) =>
        new() { Value = products.Select(member).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
