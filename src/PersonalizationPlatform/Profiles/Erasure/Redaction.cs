using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PersonalizationPlatform.Profiles.Erasure;

/// <summary>Takes values out of JSON: strings that are one of them go whole, longer ones lose the part.</summary>
internal static class Redaction
{
    internal const string Erased = "[erased]";

    internal static string Of(string json, IReadOnlyCollection<string> values)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 512 });
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = 512 }))
            Write(document.RootElement, writer, values);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(JsonElement element, Utf8JsonWriter writer, IReadOnlyCollection<string> values)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(Clean(member.Name, values));
                    Write(member.Value, writer, values);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(item, writer, values);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(Clean(element.GetString()!, values));
                break;
            case JsonValueKind.Number when values.Contains(element.GetRawText()):
                writer.WriteStringValue(Erased);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static string Clean(string text, IReadOnlyCollection<string> values)
    {
        foreach (var value in values)
        {
            if (text.Equals(value, StringComparison.OrdinalIgnoreCase))
                return Erased;
            // A short number such as a customer id says nothing inside a longer text; an e-mail does.
            if (value.Length >= 6)
                text = text.Replace(value, Erased, StringComparison.OrdinalIgnoreCase);
        }

        return text;
    }
}
