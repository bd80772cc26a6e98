using System.Text.Json;
using System.Text.Json.Serialization;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Events;

/// <summary>How contents are kept: camelCase, without what is missing, generated readers and writers.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventContent))]
[JsonSerializable(typeof(OrderContent))]
[JsonSerializable(typeof(IReadOnlyList<LineItem>))]
internal sealed partial class EventContentJson : JsonSerializerContext
{
    internal static EventContent ReadContent(string json) => JsonSerializer.Deserialize(json, Default.EventContent)!;

    internal static OrderContent ReadOrder(string json) => JsonSerializer.Deserialize(json, Default.OrderContent)!;

    internal static IReadOnlyList<LineItem> ReadItems(string json) => JsonSerializer.Deserialize(json, Default.IReadOnlyListLineItem)!;
}
