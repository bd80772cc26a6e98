using System.Globalization;
using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>
/// A value in Adobe Commerce's JSON whose texts have been checked: numbers and truths may come as text, lists as texts split by commas,
/// and what is missing is simply not there.
/// </summary>
internal sealed class AdobeNode(JsonElement json, string path, List<ProblemError> errors)
{
    private static readonly JsonElement Nothing = default;

    /// <summary>Where it stands.</summary>
    public string Path => path;

    public bool IsThere => json.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A member, there or not.</summary>
    public AdobeNode Object(string member) =>
        new(json.ValueKind == JsonValueKind.Object && json.TryGetProperty(member, out var value) ? value : Nothing, $"{path}.{member}", errors);

    public string? Text(string member) => Object(member).Text();

    public decimal? Number(string member) => Object(member).Number();

    public bool? Truth(string member) => Object(member).Truth();

    public IEnumerable<AdobeNode> List(string member) => Object(member).List();

    /// <summary>The items of a list; none when it is something else. A text is split at its commas.</summary>
    public IEnumerable<AdobeNode> List() => json.ValueKind switch
    {
        JsonValueKind.Array => json.EnumerateArray().Select((item, index) => new AdobeNode(item, $"{path}[{index}]", errors)),
        JsonValueKind.String => (Text() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(item => new AdobeNode(JsonSerializer.SerializeToElement(item), path, errors)),
        _ => [],
    };

    /// <summary>The text of a text or number; null when empty.</summary>
    public string? Text()
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String when json.GetString() is { Length: > 0 } text:
                return text;
            case JsonValueKind.Number:
                return json.GetRawText();
            default:
                return null;
        }
    }

    /// <summary>A number, also as text; null when missing or empty.</summary>
    public decimal? Number()
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var number))
            return number;
        if (!IsThere || json.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(Text()))
            return null;
        if (json.ValueKind == JsonValueKind.String && decimal.TryParse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture, out number))
            return number;
        errors.Add(new(path, "json.type", "This must be a number."));
        return null;
    }

    public bool? Truth() => json.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Number() is { } number ? number != 0 : null,
    };

    /// <summary>A scalar, or a list of scalars, as it is; null for everything else.</summary>
    public JsonElement? Plain()
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Number:
                return json.TryGetDecimal(out _) ? json : null;
            case JsonValueKind.String or JsonValueKind.True or JsonValueKind.False:
                return json;
            case JsonValueKind.Array:
                return json.EnumerateArray().All(item => item.ValueKind != JsonValueKind.Array && new AdobeNode(item, path, errors).Plain() is not null) ? json : null;
            default:
                return null;
        }
    }
}
