using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>A product as the shop sends it.</summary>
[ReadOnlyMembers("updatedAt")]
public sealed record ProductRequest
{
    /// <summary>May be left out where the address names it.</summary>
    public string? Sku { get; init; }
    public required string Name { get; init; }
    public decimal? Price { get; init; }

    /// <summary>ISO 4217, e.g. <c>EUR</c>.</summary>
    public string? Currency { get; init; }

    /// <summary>Each by id, name or path; <c>Gear/Bags</c> also counts as <c>Gear</c> and as <c>Bags</c>.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Name to text, number, truth, or a list of these.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>The product, or null when <paramref name="errors"/> were added.</summary>
    public Product? ToProduct(string? addressed, DateTimeOffset now, List<ProblemError> errors)
    {
        var before = errors.Count;
        var sku = addressed ?? Sku ?? "";
        if (sku.Length is 0 or > 128 || sku.Contains('\0'))
            errors.Add(new("$.sku", "product.sku", "sku must have 1 to 128 characters."));
        else if (Sku is not null && Sku != sku)
            errors.Add(new("$.sku", "product.sku", "sku must be the one in the address."));
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 512)
            errors.Add(new("$.name", "product.name", "name must have 1 to 512 characters."));
        if (Price < 0)
            errors.Add(new("$.price", "product.price", "price must not be negative."));
        if (Currency is not null && (Currency.Length != 3 || Currency.AsSpan().ContainsAnyExceptInRange('A', 'Z')))
            errors.Add(new("$.currency", "product.currency", "currency must be an ISO 4217 code such as EUR."));
        if (Categories?.Count > 500)
            errors.Add(new("$.categories", "product.categories", "At most 500 categories."));
        for (var i = 0; i < (Categories?.Count ?? 0); i++)
        {
            if (string.IsNullOrWhiteSpace(Categories![i]) || Categories[i].Length > 1024)
                errors.Add(new($"$.categories[{i}]", "product.category", "A category must have 1 to 1024 characters."));
        }

        if (Attributes?.Count > 1000)
            errors.Add(new("$.attributes", "product.attributes", "At most 1,000 attributes."));
        foreach (var (name, value) in Attributes ?? new Dictionary<string, JsonElement>())
        {
            if (name.Length == 0 || !IsScalar(value) && !(value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsScalar)))
                errors.Add(new($"$.attributes.{name}", "product.attribute", "An attribute must be a text, a number, true, false, or a list of these."));
        }

        return errors.Count > before
            ? null
            : new()
            {
                Sku = sku,
                Name = Name!,
                Price = Price,
                Currency = Currency,
                Categories = [.. Categories ?? []],
                Attributes = JsonSerializer.Serialize(Attributes ?? new Dictionary<string, JsonElement>()),
                UpdatedAt = now,
            };
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
        || (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _));
}

/// <summary>A product as it is kept.</summary>
public sealed record ProductAnswer(
    string Sku, string Name, decimal? Price, string? Currency, IReadOnlyList<string> Categories, RawJson Attributes, DateTimeOffset UpdatedAt)
{
    internal static ProductAnswer Of(Product product) => new(
        product.Sku, product.Name, product.Price, product.Currency, product.Categories, new(product.Attributes), product.UpdatedAt);
}

/// <summary>What became of a bulk request.</summary>
/// <param name="Stored">Products written; of lines with the same SKU the last one counts.</param>
/// <param name="RefusedCount">Lines refused; the first hundred of them are listed.</param>
public sealed record BulkAnswer(long Stored, long RefusedCount, IReadOnlyList<RefusedLine> Refused);

/// <summary>A line that was not taken; the others of the body were.</summary>
/// <param name="Line">Counted from 1.</param>
public sealed record RefusedLine(long Line, string Code, string Detail);
