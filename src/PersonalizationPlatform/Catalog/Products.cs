using Npgsql;
using NpgsqlTypes;

namespace PersonalizationPlatform.Catalog;

/// <summary>Writes products, and tells this node's <see cref="ProductCatalogue"/> that what it remembers may be old.</summary>
public sealed class Products(NpgsqlDataSource database, ProductCatalogue catalogue)
{
    // Sorted, so that two imports of the same products wait for each other instead of deadlocking.
    private const string Upsert = """
        insert into product (sku, name, price, currency, categories, attributes, updated_at)
        select sku, name, price, currency, array(select jsonb_array_elements_text(categories)), attributes, $7
        from unnest($1, $2, $3, $4, $5, $6) as given (sku, name, price, currency, categories, attributes)
        order by sku
        on conflict (sku) do update set
            name = excluded.name, price = excluded.price, currency = excluded.currency,
            categories = excluded.categories, attributes = excluded.attributes, updated_at = excluded.updated_at
        """;

    private const string Delete = "delete from product where sku = $1";

    /// <summary>Creates or replaces the products, all or none; no SKU twice.</summary>
    public async Task UpsertAsync(IReadOnlyCollection<Product> products, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Upsert);
        command.Parameters.Add(Array(products, product => product.Sku, NpgsqlDbType.Text));
        command.Parameters.Add(Array(products, product => product.Name, NpgsqlDbType.Text));
        command.Parameters.Add(Array(products, product => product.Price, NpgsqlDbType.Numeric));
        command.Parameters.Add(Array(products, product => product.Currency, NpgsqlDbType.Text));
        // unnest flattens arrays of arrays, so each list travels as one JSON value.
        command.Parameters.Add(Array(products, product => System.Text.Json.JsonSerializer.Serialize(product.Categories), NpgsqlDbType.Jsonb));
        command.Parameters.Add(Array(products, product => product.Attributes, NpgsqlDbType.Jsonb));
        command.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await WriteAsync(command, cancellationToken);
    }

    /// <summary>Whether there was such a product.</summary>
    public async Task<bool> DeleteAsync(string sku, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Delete);
        command.Parameters.Add(new() { Value = sku });
        return await WriteAsync(command, cancellationToken) > 0;
    }

    private async Task<int> WriteAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ExecuteNonQueryAsync(cancellationToken);
        }
        finally
        {
            // Also when it failed: a broken connection does not tell whether the write was committed.
            catalogue.Forget();
        }
    }

    private static NpgsqlParameter Array<T>(IReadOnlyCollection<Product> products, Func<Product, T> member, NpgsqlDbType type) =>
        new() { Value = products.Select(member).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}
