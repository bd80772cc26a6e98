using System.Globalization;
using System.Text.Json;

namespace PersonalizationPlatform.Conditions;

/// <summary>Reading values from what events and records hold, and showing them.</summary>
internal static class FieldValues
{
    public static FieldValue? Of(string? text) => string.IsNullOrEmpty(text) ? null : new FieldValue.Text(text);

    public static FieldValue? Of(decimal? number) => number is { } value ? new FieldValue.Number(value) : null;

    public static FieldValue Of(bool truth) => new FieldValue.Truth(truth);

    public static FieldValue? Of(DateTimeOffset? instant) => instant is { } value ? new FieldValue.Instant(value) : null;

    public static FieldValue? Of(IReadOnlyList<string> texts) =>
        texts.Count == 0 ? null : new FieldValue.Many([.. texts.Select(t => new FieldValue.Text(t))]);

    /// <summary>A JSON scalar or (nested) list of scalars; null for null, an empty list or text, and objects, which are never equal to anything.</summary>
    public static FieldValue? Read(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return Of(json.GetString());
            case JsonValueKind.Number:
                return json.TryGetDecimal(out var number) ? new FieldValue.Number(number) : new FieldValue.Text(json.GetRawText());
            case JsonValueKind.True:
            case JsonValueKind.False:
                return new FieldValue.Truth(json.GetBoolean());
            case JsonValueKind.Array:
                var values = new List<FieldValue>();
                foreach (var element in json.EnumerateArray())
                    AddFlat(values, Read(element));
                return Of(values);
            default:
                return null;
        }
    }

    /// <summary>Follows a dotted path; a list on the way is walked through, so the answer may be a list.</summary>
    public static FieldValue? Read(JsonElement json, ReadOnlySpan<char> path)
    {
        if (path.IsEmpty)
            return Read(json);
        if (json.ValueKind == JsonValueKind.Array)
        {
            var values = new List<FieldValue>();
            foreach (var element in json.EnumerateArray())
                AddFlat(values, Read(element, path));
            return Of(values);
        }

        if (json.ValueKind != JsonValueKind.Object)
            return null;
        // A member may itself have dots in its name (tenant namespaces do); the whole rest is tried first.
        if (json.TryGetProperty(path, out var whole))
            return Read(whole);
        var dot = path.IndexOf('.');
        return dot > 0 && json.TryGetProperty(path[..dot], out var inner) ? Read(inner, path[(dot + 1)..]) : null;
    }

    public static FieldValue? Of(List<FieldValue> values) => values.Count == 0 ? null : new FieldValue.Many(values);

    public static void AddFlat(List<FieldValue> values, FieldValue? value)
    {
        if (value is FieldValue.Many many)
            values.AddRange(many.Values);
        else if (value is not null)
            values.Add(value);
    }

    public static bool TryNumber(FieldValue value, out decimal number)
    {
        switch (value)
        {
            case FieldValue.Number n:
                number = n.Value;
                return true;
            case FieldValue.Text t:
                return t.TryNumber(out number);
            default:
                number = 0;
                return false;
        }
    }

    public static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture, out number);

    /// <summary>An instant, or a date given as text; a text without an offset is UTC.</summary>
    public static bool TryInstant(FieldValue value, out DateTimeOffset instant)
    {
        if (value is FieldValue.Instant i)
        {
            instant = i.Value;
            return true;
        }

        instant = default;
        return value is FieldValue.Text t && TryInstant(t.Value, out instant, out _);
    }

    /// <summary>Reads <c>2026-06-15</c> (a whole day) or an ISO 8601 date and time, cut to the microsecond.</summary>
    public static bool TryInstant(string text, out DateTimeOffset instant, out bool wholeDay)
    {
        wholeDay = false;
        instant = default;
        if (text.Length is < 10 or > 40 || text[4] != '-' || text[7] != '-')
            return false;
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (text.Length == 10)
            return wholeDay = DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, Utc, out instant);
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out instant))
            return false;
        instant = new DateTimeOffset(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
        return true;
    }

    /// <summary>The value as text compares it: numbers without trailing zeros, truths as <c>true</c> and <c>false</c>.</summary>
    public static string Show(FieldValue? value) => value switch
    {
        FieldValue.Text t => t.Value,
        FieldValue.Number n => n.Value.ToString("0.############################", CultureInfo.InvariantCulture),
        FieldValue.Truth b => b.Value ? "true" : "false",
        FieldValue.Instant i => Show(i.Value),
        FieldValue.Many m => string.Join(", ", m.Values.Select(Show)),
        _ => "nothing",
    };

    /// <summary>An instant as ISO 8601 UTC in its shortest exact form.</summary>
    public static string Show(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString(instant.UtcTicks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    /// <summary>The value for an explanation's evidence.</summary>
    public static object? Plain(FieldValue? value) => value switch
    {
        FieldValue.Text t => t.Value,
        FieldValue.Number n => n.Value,
        FieldValue.Truth b => b.Value,
        FieldValue.Instant i => i.Value,
        FieldValue.Many m => m.Values.Select(Plain).ToList(),
        _ => null,
    };

    /// <summary>No sum of amounts anybody sends may overflow.</summary>
    public static decimal Bounded(decimal amount) => Math.Clamp(amount, -1e20m, 1e20m);
}
