using System.Text.Json;
using System.Text.Json.Serialization;

namespace PersonalizationPlatform.Http;

/// <summary>JSON that is kept as text and answered as it is, however deep it nests.</summary>
[JsonConverter(typeof(Converter))]
public sealed record RawJson(string Text)
{
    private sealed class Converter : JsonConverter<RawJson>
    {
        public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return new(document.RootElement.GetRawText());
        }

        public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
            writer.WriteRawValue(value.Text, skipInputValidation: true);
    }
}
