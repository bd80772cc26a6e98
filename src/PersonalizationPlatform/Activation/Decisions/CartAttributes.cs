using System.Text.Json;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>The attributes of a line: its own, then the product's. One that the line says is empty is not filled from the catalogue.</summary>
internal static class CartAttributes
{
    private const int MaxAttributes = 1_000;
    private const int MaxValues = 1_000;
    private const int MaxText = 10_000;
    private const int Dozen = 12;

    /// <summary>How much is said: values, and characters by the dozen.</summary>
    public static long SaidIn(IReadOnlyDictionary<string, JsonElement>? own)
    {
        long said = 0;
        foreach (var json in own?.Values ?? [])
            said += SaidIn(json);
        return said;
    }

    public static IReadOnlyDictionary<string, FieldValue> Of(
        IReadOnlyDictionary<string, JsonElement>? own, CatalogProduct? product, string path, List<ProblemError> errors)
    {
        if (own is not { Count: > 0 })
            return product?.Attributes ?? new Dictionary<string, FieldValue>();
        var attributes = new Dictionary<string, FieldValue>(StringComparer.Ordinal);
        if (own.Count > MaxAttributes)
        {
            errors.Add(new(path, "cart.attributes", $"A line has at most {MaxAttributes} attributes."));
            return attributes;
        }

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
        if (!IsBounded(json, 0))
        {
            errors.Add(new(path, "cart.attributes", $"An attribute has at most {MaxValues} values, of at most {MaxText} characters each."));
            return null;
        }

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

    private static long SaidIn(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => 1 + (json.GetRawText().Length / Dozen),
        JsonValueKind.Array => 1 + json.EnumerateArray().Sum(SaidIn),
        _ => 1,
    };

    private static bool IsBounded(JsonElement json, int depth) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetRawText().Length <= MaxText + 2,
        JsonValueKind.Array => depth < 2 && json.GetArrayLength() <= MaxValues && json.EnumerateArray().All(element => IsBounded(element, depth + 1)),
        _ => true,
    };
}
