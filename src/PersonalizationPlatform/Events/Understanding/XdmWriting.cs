using System.Text.Encodings.Web;
using System.Text.Json;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Writes XDM made of something else: members only where there is something to say.</summary>
internal static class XdmWriting
{
    /// <summary>Nobody puts this into a page, and escaped letters would make an event larger than what it is made of.</summary>
    public static readonly JsonWriterOptions Plainly = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void WriteText(this Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    public static void WriteAmount(this Utf8JsonWriter json, string name, decimal? value)
    {
        if (value is { } amount)
            json.WriteNumber(name, amount);
    }

    /// <summary>A value as it came: the one reader of events decides what to make of it.</summary>
    public static void WriteNode(this Utf8JsonWriter json, string name, XdmNode value)
    {
        if (!value.Exists)
            return;
        json.WritePropertyName(name);
        value.Element.WriteTo(json);
    }
}
