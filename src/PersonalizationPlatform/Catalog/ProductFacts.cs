using System.Text.Json;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Catalog;

/// <summary>What conditions may know of a product.</summary>
internal sealed record ProductFacts(IReadOnlyList<string> Categories, IReadOnlyDictionary<string, FieldValue> Attributes)
{
    public static ProductFacts Of(string[] categories, string attributes)
    {
        using var json = JsonDocument.Parse(attributes);
        var values = new Dictionary<string, FieldValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in json.RootElement.EnumerateObject())
        {
            if (ValueOf(member.Value) is { } value)
                values[member.Name] = value;
        }

        return new([.. categories.SelectMany(WithParts).Distinct(StringComparer.OrdinalIgnoreCase)], values);
    }

    /// <summary><c>Gear/Bags</c> stands for itself, for <c>Gear</c> and for <c>Bags</c>, as a category path on an event's line does.</summary>
    private static IEnumerable<string> WithParts(string category) =>
        category.Contains('/') ? [category, .. category.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)] : [category];

    private static FieldValue? ValueOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new FieldValue.Text(value.GetString()!),
        JsonValueKind.Number => new FieldValue.Number(value.GetDecimal()),
        JsonValueKind.True or JsonValueKind.False => new FieldValue.Truth(value.GetBoolean()),
        JsonValueKind.Array => new FieldValue.Many([.. value.EnumerateArray().Select(ValueOf).OfType<FieldValue>()]),
        _ => null,
    };
}
