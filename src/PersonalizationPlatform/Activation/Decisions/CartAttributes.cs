using System.Text.Json;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>The attributes of a line: its own, then the product's. One that the line says is empty is not filled from the catalogue.</summary>
internal static class CartAttributes
{
    public static IReadOnlyDictionary<string, FieldValue> Of(
        IReadOnlyDictionary<string, JsonElement>? own, CatalogProduct? product, string path, List<ProblemError> errors)
    {
        if (own is not { Count: > 0 })
            return product?.Attributes ?? new Dictionary<string, FieldValue>();
        var attributes = new Dictionary<string, FieldValue>(StringComparer.Ordinal);
        foreach (var (name, json) in own)
        {
            if (Read(json, $"{path}.{name}", errors) is { } value)
                attributes[name] = value;
        }

        if (product is null)
            return attributes;
        var named = own.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in product.Attributes)
        {
            if (!named.Contains(name))
                attributes.TryAdd(name, value);
        }

        return attributes;
    }

    private static FieldValue? Read(JsonElement json, string path, List<ProblemError> errors)
    {
        try
        {
            return FieldValues.Read(json);
        }
        catch (InvalidOperationException)
        {
            errors.Add(new(path, "json.text", "This text holds half a surrogate pair."));
            return null;
        }
    }
}
