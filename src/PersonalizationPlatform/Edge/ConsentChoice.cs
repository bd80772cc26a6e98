using System.Text.Json;

namespace PersonalizationPlatform.Edge;

/// <summary>What a shopper chose, read from the body of <c>privacy/set-consent</c>.</summary>
/// <param name="Collect">Whether we may collect; null when only other purposes were chosen.</param>
/// <param name="Consents">All of it as an XDM consents object.</param>
public sealed record ConsentChoice(bool? Collect, ReadOnlyMemory<byte> Consents)
{
    private const int MaxConsents = 20;
    private const int MaxPurposes = 100;

    /// <summary>What is chosen where everything is chosen at once.</summary>
    private static readonly string[] Everything = ["collect", "share", "personalize", "targeting"];

    /// <summary>What Global Privacy Control takes away, whatever the page says.</summary>
    private static readonly string[] Withdrawn = ["share", "targeting"];

    /// <summary>
    /// Adobe 1.0 (<c>general</c>), Adobe 2.0 (an XDM consents object) and IAB TCF 2.0. Where several are given, one "no" to collection is
    /// enough. Null when nothing of it says anything.
    /// </summary>
    /// <param name="consent">The body's <c>consent</c>.</param>
    /// <param name="privacyControl">Whether the browser sends <c>Sec-GPC: 1</c>.</param>
    internal static ConsentChoice? Read(ReadOnlyMemory<byte> consent, bool privacyControl)
    {
        var purposes = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        bool? collect = null;
        foreach (var given in JsonSlices.Elements(consent, MaxConsents))
        {
            var standard = JsonSlices.Text(JsonSlices.At(given, "standard"))?.Trim() ?? "";
            var value = JsonSlices.At(given, "value");
            bool? chosen;
            if (standard.StartsWith("IAB", StringComparison.OrdinalIgnoreCase))
                chosen = All(purposes, Tcf(given, value));
            else if (JsonSlices.Text(JsonSlices.At(value, "general")) is { } general)
                chosen = All(purposes, IsIn(general));
            else
                chosen = Each(purposes, value);
            collect = collect == false ? false : chosen ?? collect;
        }

        if (purposes.Count == 0)
            return null;
        // A "no" that came before a "yes" of another standard still stands.
        if (collect is { } may)
            purposes["collect"] = Val(may);
        if (privacyControl)
            foreach (var purpose in Withdrawn)
                purposes[purpose] = Val(false);
        return new(collect, Written(purposes));
    }

    /// <summary>
    /// A string that cannot be read consents to nothing. Where the law does not apply there is nothing to consent to; where nothing
    /// says whether it does, the string decides.
    /// </summary>
    private static bool Tcf(ReadOnlyMemory<byte> given, ReadOnlyMemory<byte> value) =>
        JsonSlices.At(given, "gdprApplies").Span.SequenceEqual("false"u8) || (JsonSlices.Text(value) is { } text && TcfString.Purpose1(text) == true);

    private static bool? All(Dictionary<string, ReadOnlyMemory<byte>> purposes, bool? chosen)
    {
        if (chosen is { } may)
            foreach (var purpose in Everything)
                purposes[purpose] = Val(may);
        return chosen;
    }

    private static bool? Each(Dictionary<string, ReadOnlyMemory<byte>> purposes, ReadOnlyMemory<byte> value)
    {
        foreach (var (name, choice) in JsonSlices.Members(value, MaxPurposes))
            purposes[name] = choice;
        return IsIn(JsonSlices.Text(JsonSlices.At(value, "collect", "val")));
    }

    private static bool? IsIn(string? text) => text?.Trim().ToLowerInvariant() switch
    {
        "in" or "y" => true,
        "out" or "n" => false,
        _ => null,
    };

    private static byte[] Val(bool may) => may ? """{"val":"y"}"""u8.ToArray() : """{"val":"n"}"""u8.ToArray();

    private static ReadOnlyMemory<byte> Written(Dictionary<string, ReadOnlyMemory<byte>> purposes)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var (name, choice) in purposes)
            {
                json.WritePropertyName(name);
                // Read as JSON when it came; a second look would be limited in depth.
                json.WriteRawValue(choice.Span, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
