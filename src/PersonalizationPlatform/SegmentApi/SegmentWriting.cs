using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>Members of an event, written only where there is something to say.</summary>
internal static class SegmentWriting
{
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
