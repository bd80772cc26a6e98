using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>The shopper's choices as consent tools attach them to messages (<c>context.consent.categoryPreferences</c>), by purpose.</summary>
internal static class SegmentConsents
{
    public static void Write(Utf8JsonWriter json, XdmNode preferences, SegmentOptions options)
    {
        var choices = new SortedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (category, choice) in preferences.Members())
        {
            if (choice.Element.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                continue;
            // Where several categories stand for one purpose, refusing one of them refuses it.
            foreach (var purpose in options.Purposes(category))
                choices[purpose] = choice.Element.GetBoolean() && choices.GetValueOrDefault(purpose, true);
        }

        if (choices.Count == 0)
            return;
        json.WriteStartObject("consents");
        foreach (var (purpose, isIn) in choices)
        {
            json.WriteStartObject(purpose);
            json.WriteString("val", isIn ? "y" : "n");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
