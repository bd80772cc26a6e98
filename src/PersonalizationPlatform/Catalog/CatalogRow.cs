using System.Text.Json;
using Npgsql;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Catalog;

/// <summary>Makes products for memory from rows.</summary>
internal sealed class CatalogRow(CategoryTexts categories, IReadOnlyList<AttributeDefinition> attributes)
{
    public const string Columns = "sku, name, price, currency, categories, attributes, details, external_id, coalesce(external_number, arrival)";

    private readonly HashSet<string> multiselect = attributes.Where(attribute => attribute.Type == AttributeType.Multiselect)
        .Select(attribute => attribute.Code).ToHashSet(StringComparer.OrdinalIgnoreCase);

    // Thousands of products name the same attributes.
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal);

    public CatalogProduct Read(NpgsqlDataReader row)
    {
        var given = row.GetFieldValue<string[]>(4);
        var (all, own, containing) = categories.Of(given);
        var details = ProductDetails.Read(row.GetString(6));
        return new()
        {
            Sku = row.GetString(0),
            Name = row.GetString(1),
            Price = row.IsDBNull(2) ? null : row.GetDecimal(2),
            Currency = row.IsDBNull(3) ? null : row.GetString(3),
            Type = JsonNamingPolicy.CamelCase.ConvertName(details.Type.ToString()),
            Categories = all,
            OwnCategories = own,
            ContainingCategories = containing,
            Attributes = Attributes(row.GetString(5)),
            Number = row.GetInt64(8),
            ExternalId = row.IsDBNull(7) ? null : row.GetString(7),
            Enabled = details.Status == ProductStatus.Enabled,
            Visible = details.Visibility is ProductVisibility.Both or ProductVisibility.Catalog,
            InStock = details.Stock?.InStock ?? true,
            Websites = details.Websites ?? [],
            SpecialPrice = details.SpecialPrice,
            SpecialFrom = details.SpecialFrom,
            SpecialTo = details.SpecialTo,
            TierPrices = details.TierPrices ?? [],
            Weight = details.Weight,
            TaxClass = details.TaxClass,
            Children = details.Children ?? [],
            ChildrenGiven = details.Children ?? [],
            ChildExternalIds = details.ChildExternalIds ?? [],
            Related = details.Related ?? [],
            UpSells = details.UpSells ?? [],
            CrossSells = details.CrossSells ?? [],
            CategoriesGiven = given,
        };
    }

    private Dictionary<string, FieldValue> Attributes(string stored)
    {
        using var json = JsonDocument.Parse(stored);
        var values = new Dictionary<string, FieldValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.RootElement.EnumerateObject())
        {
            if (FieldValues.Read(member.Value) is not { } value)
                continue;
            if (!names.TryGetValue(member.Name, out var name))
                names[member.Name] = name = member.Name;
            values[name] = value is FieldValue.Text text && multiselect.Contains(name) ? Choices(text.Value) : value;
        }

        return values;
    }

    private static FieldValue.Many Choices(string text) =>
        new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(choice => new FieldValue.Text(choice))]);
}
