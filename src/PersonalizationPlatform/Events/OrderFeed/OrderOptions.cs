using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>
/// What was chosen of a product (<c>productOptions</c>): JSON inside a text, as Commerce keeps it. Of all it holds, the values of the
/// product's attributes (size, colour) and of its own options are told.
/// </summary>
internal static class OrderOptions
{
    private const int MaxDepth = 16;

    public static void Write(Utf8JsonWriter json, string? options)
    {
        if (options is null || Parse(options) is not { } document)
            return;
        using (document)
        {
            var root = new XdmNode(document.RootElement, new XdmProblems());
            json.WriteStartArray("selectedOptions");
            foreach (var option in root["attributes_info"].Each().Concat(root["options"].Each()))
            {
                if (option.Text("label") is not { } label || option.Text("print_value", "value") is not { } value)
                    continue;
                json.WriteStartObject();
                json.WriteString("attribute", label);
                json.WriteString("value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }
    }

    /// <summary>Null when it is something else: it is the shop's note to itself, and no reason to refuse an order.</summary>
    private static JsonDocument? Parse(string options)
    {
        try
        {
            return JsonDocument.Parse(WireText.Clean(Encoding.UTF8.GetBytes(options)), new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
