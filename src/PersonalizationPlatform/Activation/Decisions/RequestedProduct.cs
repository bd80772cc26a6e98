using System.Text.Json;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>A product a decision is asked about: its SKU, or an object with the SKU and what the caller says of the product.</summary>
/// <param name="Sku">As asked.</param>
/// <param name="Product">Null when the catalogue does not know it and nothing is said of it.</param>
/// <param name="IsDescribed">Whether the caller said something of it that the catalogue may not say.</param>
internal sealed record RequestedProduct(string Sku, CatalogProduct? Product, decimal Quantity, bool IsDescribed)
{
    private const decimal MaxPrice = 1_000_000_000_000;
    private const decimal MaxQuantity = 1_000_000_000;
    private const int MaxCategories = 500;
    private const int MaxAttributes = 1000;

    /// <summary>400 with the path and one of <c>product.sku</c>, <c>product.quantity</c>, <c>product.price</c>, …</summary>
    /// <param name="path">Where it stands in the request.</param>
    /// <param name="describable">Whether what the caller says of the product counts.</param>
    public static RequestedProduct Read(JsonElement json, string path, CatalogSnapshot catalogue, bool describable)
    {
        var isObject = json.ValueKind == JsonValueKind.Object;
        var name = isObject ? json.TryGetProperty("sku", out var given) ? given : default : json;
        var sku = name.ValueKind == JsonValueKind.String ? name.GetString()! : null;
        if (sku is not { Length: > 0 and <= 128 })
            throw Invalid(isObject ? path + ".sku" : path, "product.sku", "A SKU has 1 to 128 characters.");
        var known = catalogue.Find(sku);
        if (!isObject)
            return new(sku, known, 1, false);
        var quantity = Number(json, path, "quantity", MaxQuantity) ?? 1;
        if (quantity <= 0)
            throw Invalid(path + ".quantity", "product.quantity", "quantity is greater than 0.");
        var described = describable ? Describe(json, path, known ?? new CatalogProduct { Sku = sku, Number = 0 }, catalogue) : null;
        return new(sku, described ?? known, quantity, described is not null);
    }

    private static CatalogProduct? Describe(JsonElement json, string path, CatalogProduct product, CatalogSnapshot catalogue)
    {
        var described = product;
        if (json.TryGetProperty("price", out _))
            described = described with { Price = Number(json, path, "price", MaxPrice) };
        if (json.TryGetProperty("specialPrice", out _))
            described = described with { SpecialPrice = Number(json, path, "specialPrice", MaxPrice), SpecialFrom = null, SpecialTo = null };
        if (json.TryGetProperty("tierPrice", out _))
            described = described with { TierPrices = Number(json, path, "tierPrice", MaxPrice) is { } tier ? [new() { Quantity = 0, Price = tier }] : [] };
        if (json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String)
            described = described with { Type = type.GetString()! };
        if (Categories(json, path) is { } categories)
        {
            var (all, own, containing) = new CategoryTexts(catalogue.Categories).Of(categories);
            described = described with { Categories = all, OwnCategories = own, ContainingCategories = containing };
        }

        if (Attributes(json, path) is { } attributes)
            described = described with { Attributes = attributes };
        return ReferenceEquals(described, product) ? null : described;
    }

    private static decimal? Number(JsonElement json, string path, string member, decimal most)
    {
        if (!json.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null)
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number >= 0 && number <= most && decimal.Round(number, 6) == number
            ? number
            : throw Invalid($"{path}.{member}", "product." + member, $"{member} is a number from 0 to {most} with at most 6 decimals.");
    }

    private static string[]? Categories(JsonElement json, string path)
    {
        if (!json.TryGetProperty("categories", out var list) || list.ValueKind == JsonValueKind.Null)
            return null;
        return list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= MaxCategories
            && list.EnumerateArray().All(entry => entry.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            ? [.. list.EnumerateArray().Select(entry => entry.ValueKind == JsonValueKind.String ? entry.GetString()! : entry.GetRawText())]
            : throw Invalid(path + ".categories", "product.categories", $"This is a list of at most {MaxCategories} ids, names or paths.");
    }

    private static Dictionary<string, FieldValue>? Attributes(JsonElement json, string path)
    {
        if (!json.TryGetProperty("attributes", out var given) || given.ValueKind == JsonValueKind.Null)
            return null;
        if (given.ValueKind != JsonValueKind.Object)
            throw Invalid(path + ".attributes", "product.attributes", "This is an object: name to text, number, true, false, or a list of these.");
        var attributes = new Dictionary<string, FieldValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in given.EnumerateObject().Take(MaxAttributes))
        {
            if (FieldValues.Read(member.Value) is { } value)
                attributes[member.Name] = value;
        }

        return attributes;
    }

    private static ProblemException Invalid(string path, string code, string detail) =>
        ProblemException.Invalid(code, "The request is not right in the places listed.", new ProblemError(path, code, detail));
}
