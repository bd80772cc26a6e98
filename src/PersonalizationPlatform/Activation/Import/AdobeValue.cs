using System.Globalization;
using System.Text.Json;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// Values as Adobe Commerce's REST API writes them: numbers also as texts (<c>"10.0000"</c>), truths also as 1 and "1", lists also as one
/// text joined by commas, dates also with a time. Null = absent, null or empty; a value that is none of these is told apart by <c>wrong</c>.
/// </summary>
internal static class AdobeValue
{
    public static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Whether it holds nothing; PHP writes that also as [], {}, an empty text, 0 or false.</summary>
    public static bool IsNothing(JsonElement? json) => json?.ValueKind switch
    {
        null or JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => json.Value.ValueEquals("") || json.Value.ValueEquals("0"),
        JsonValueKind.Number => json.Value.TryGetDecimal(out var number) && number == 0,
        JsonValueKind.Array => json.Value.GetArrayLength() == 0,
        JsonValueKind.Object => !json.Value.EnumerateObject().Any(),
        _ => false,
    };

    public static string? Text(JsonElement? json) => json?.ValueKind switch
    {
        JsonValueKind.String => json.Value.GetString(),
        JsonValueKind.Number => json.Value.GetRawText(),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => null,
    };

    /// <summary>One value, also as a list of just that one.</summary>
    public static string? Scalar(JsonElement? json) => json is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1 ? Text(list[0]) : Text(json);

    public static decimal? Number(JsonElement? json, out bool wrong)
    {
        var text = Text(json);
        var good = decimal.TryParse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var number);
        wrong = !good && json is not null && text != "";
        return good ? number : null;
    }

    public static int? Whole(JsonElement? json, out bool wrong)
    {
        var number = Number(json, out wrong);
        if (number is null)
            return null;
        wrong = number != decimal.Truncate(number.Value) || number is < int.MinValue or > int.MaxValue;
        return wrong ? null : (int)number.Value;
    }

    public static bool? Truth(JsonElement? json, out bool wrong)
    {
        wrong = false;
        switch (Text(json)?.Trim().ToLowerInvariant())
        {
            case "1" or "true" or "yes":
                return true;
            case "0" or "false" or "no":
                return false;
            case null or "":
                wrong = json is not null && Text(json) is null;
                return null;
            default:
                wrong = true;
                return null;
        }
    }

    /// <summary>The day of <c>2026-06-01</c> or <c>2026-06-01 00:00:00</c>.</summary>
    /// <param name="withTime">Whether there is a time of day other than midnight.</param>
    public static DateOnly? Date(JsonElement? json, out bool wrong, out bool withTime)
    {
        withTime = wrong = false;
        var text = Text(json)?.Trim();
        if (string.IsNullOrEmpty(text) || text.StartsWith("0000-00-00", StringComparison.Ordinal))
        {
            wrong = json is not null && text is null;
            return null;
        }

        if (text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            && (text.Length == 10 || DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)))
        {
            withTime = text.Length > 10 && !text.AsSpan(11).StartsWith("00:00:00", StringComparison.Ordinal) && !text.AsSpan(11).StartsWith("23:59:59", StringComparison.Ordinal);
            return day;
        }

        wrong = true;
        return null;
    }

    /// <summary>The elements of a list, which PHP writes as an object when there is a gap in it; null = no list.</summary>
    public static IReadOnlyList<JsonElement>? Elements(JsonElement? json) => json?.ValueKind switch
    {
        JsonValueKind.Array => [.. json.Value.EnumerateArray()],
        JsonValueKind.Object => [.. json.Value.EnumerateObject().Select(member => member.Value)],
        _ => null,
    };

    /// <summary>A list, or one text split at commas and semicolons; blanks and empty pieces dropped.</summary>
    public static IReadOnlyList<string> Texts(JsonElement? json) => Elements(json) is { } elements
        ? [.. elements.Select(element => Text(element)?.Trim() ?? "").Where(piece => piece.Length > 0)]
        : Split(Text(json) ?? "");

    public static IReadOnlyList<string> Split(string text) =>
        text.Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
