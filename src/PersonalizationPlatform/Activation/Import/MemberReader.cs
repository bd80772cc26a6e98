using System.Text.Json;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Reads the members of one object as Adobe Commerce writes them; what cannot be read is noted, and remembered as a reason to refuse the item.</summary>
internal sealed class MemberReader(JsonElement json, JsonPath path, List<ImportNote> notes)
{
    private readonly HashSet<string> read = new(StringComparer.Ordinal);
    private readonly HashSet<string> failed = new(StringComparer.Ordinal);

    /// <summary>Whether a value could not be read.</summary>
    public bool HasFailed => failed.Count > 0;

    public JsonPath Path => path;

    /// <summary>Whether the value of this member could not be read.</summary>
    public bool HasFailedAt(string name) => failed.Contains(name);

    public JsonElement? Raw(string name)
    {
        read.Add(name);
        return AdobeValue.Member(json, name);
    }

    public string? Text(string name)
    {
        var value = Raw(name);
        if (value is { ValueKind: JsonValueKind.Array or JsonValueKind.Object })
            Fail(name, "a text");
        return AdobeValue.Text(value);
    }

    public decimal? Number(string name) => Checked(name, AdobeValue.Number(Raw(name), out var wrong), wrong, "a number");

    public int? Whole(string name) => Checked(name, AdobeValue.Whole(Raw(name), out var wrong), wrong, "a whole number");

    public bool Truth(string name) => Checked(name, AdobeValue.Truth(Raw(name), out var wrong), wrong, "true or false, 1 or 0") ?? false;

    public DateOnly? Date(string name)
    {
        var day = Checked(name, AdobeValue.Date(Raw(name), out var wrong, out var withTime), wrong, "a date such as 2026-06-01");
        if (withTime)
            Note(name, "value.timeOfDay", "Rules begin and end with a whole day of the website; the time of day is left out.");
        return day;
    }

    /// <summary>Whole numbers, as a list or joined by commas.</summary>
    public IReadOnlyList<int> Wholes(string name)
    {
        var numbers = new List<int>();
        var list = Raw(name);
        if (AdobeValue.Elements(list)?.Any(element => element.ValueKind is JsonValueKind.Array or JsonValueKind.Object) == true)
            Fail(name, "a list of numbers");
        foreach (var text in AdobeValue.Texts(list))
        {
            if (int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number) && number >= 0)
                numbers.Add(number);
            else
                Fail(name, "a list of numbers");
        }

        return numbers;
    }

    public void Note(string name, string code, string detail) => notes.Add(new(code, detail, path.Member(name).ToString()));

    public void Refuse(string name, string code, string detail)
    {
        failed.Add(name);
        Note(name, code, detail);
    }

    /// <summary>Members nobody asked for that hold something.</summary>
    public IEnumerable<string> Others() => json.ValueKind != JsonValueKind.Object
        ? []
        : json.EnumerateObject()
            .Where(member => !read.Contains(member.Name) && !AdobeValue.IsNothing(member.Value)).Select(member => member.Name).Distinct();

    private T? Checked<T>(string name, T? value, bool wrong, string expected)
        where T : struct
    {
        if (wrong)
            Fail(name, expected);
        return value;
    }

    private void Fail(string name, string expected) => Refuse(name, "value.invalid", $"{name} must be {expected}.");
}
