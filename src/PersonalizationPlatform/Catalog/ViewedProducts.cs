using Npgsql;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Catalog;

/// <summary>Products as contents and rules see them, read as they are now.</summary>
public sealed class ViewedProducts(NpgsqlDataSource database)
{
    private const string Select = "select sku, name, price, currency, categories, attributes from product where sku = $1";

    /// <summary>Null when the catalogue has no product with this SKU.</summary>
    public async Task<ProductFact?> FindAsync(string sku, CancellationToken cancellationToken)
    {
        // PostgreSQL keeps no NUL in a text, so there is no such SKU.
        if (sku.Contains('\0'))
            return null;
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new() { Value = sku });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        var facts = ProductFacts.Of(row.GetFieldValue<string[]>(4), row.GetString(5));
        return new()
        {
            Sku = row.GetString(0),
            Name = row.GetString(1),
            Price = row.IsDBNull(2) ? null : row.GetDecimal(2),
            Currency = row.IsDBNull(3) ? null : row.GetString(3),
            Categories = facts.Categories,
            Attributes = facts.Attributes,
        };
    }
}
