using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>
/// Reads one JSON object strictly: what is missing, repeated, unknown or of the wrong type is reported where it stands,
/// and reading goes on so that everything wrong is told at once.
/// </summary>
internal sealed class NodeReader
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly JsonPath _path;
    private readonly Reading _reading;

    public NodeReader(JsonElement json, JsonPath path, Reading reading, FieldScope place)
    {
        _path = path;
        _reading = reading;
        Place = place;
        IsObject = json.ValueKind == JsonValueKind.Object;
        if (!IsObject)
        {
            reading.Fail(path, "condition.wrongType", "An object is expected here.");
            return;
        }

        foreach (var member in json.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
                Fail(member.Name, "condition.duplicateMember", $"The member {ConditionJson.Shorten(member.Name)} stands here twice.");
        }
    }

    public bool IsObject { get; }
    public FieldScope Place { get; }
    public ConditionContext Context => _reading.Context;

    public bool Has(string name) => _members.ContainsKey(name);

    public void Fail(string member, string code, string detail) => _reading.Fail(_path.Member(member), code, detail);

    /// <summary>The member's value; null (with an error when <paramref name="required"/>) if it is not there.</summary>
    public JsonElement? Raw(string name, bool required = false)
    {
        _known.Add(name);
        if (_members.TryGetValue(name, out var value))
            return value;
        if (required && IsObject)
            Fail(name, "condition.missingMember", $"The member {name} is needed here.");
        return null;
    }

    public string? Text(string name, bool required = false)
    {
        if (Raw(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } text && !string.IsNullOrWhiteSpace(text))
            return text;
        Fail(name, "condition.wrongType", $"{name} is a text that is not empty.");
        return null;
    }

    public string? RequiredText(string name) => Text(name, required: true);

    public decimal? Number(string name, bool required = false)
    {
        if (Raw(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number))
            return number;
        if (value.ValueKind == JsonValueKind.String && FieldValues.TryNumber(value.GetString()!, out number))
            return number;
        Fail(name, "condition.wrongType", $"{name} is a number.");
        return null;
    }

    public int? Count(string name, int least)
    {
        if (Raw(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= least && count <= 1_000_000)
            return count;
        Fail(name, "condition.wrongType", $"{name} is a whole number from {least} to 1000000.");
        return null;
    }

    /// <summary>A positive duration.</summary>
    public Window? Duration(string name, bool required = false, bool orZero = false)
    {
        if (Raw(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && Window.TryParse(value.GetString(), out var window) && (orZero || !window.IsZero))
            return window;
        Fail(name, "condition.wrongType", $"{name} is an ISO 8601 duration such as P7D, P1M, PT2H or P1DT12H, at most a hundred years.");
        return null;
    }

    public Operand.When? Instant(string name, bool required = false)
    {
        if (Raw(name, required) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.String && Operand.When.Read(value.GetString()!) is { } time)
            return time;
        Fail(name, "condition.wrongType", $"{name} is a date such as 2026-06-15 (UTC) or an instant such as 2026-06-15T08:00:00Z.");
        return null;
    }

    /// <summary>One of some words.</summary>
    public string? Word(string name, IReadOnlyList<string> words, bool required = false)
    {
        if (Text(name, required) is not { } text)
            return null;
        if (words.Contains(text))
            return text;
        Fail(name, "condition.unknownWord", $"{name} is one of {string.Join(", ", words)}.{Nearest.Hint(text, words)}");
        return null;
    }

    /// <summary>One of the numeric operators and the number it compares with.</summary>
    public (Operator Operator, decimal Value)? NumericComparison()
    {
        var name = Word("operator", [.. Operators.Numeric.Select(o => Operators.Of(o).Name)], required: true);
        var value = Number("value", required: true);
        return name is not null && value is { } number ? (Operators.Find(name)!.Operator, number) : null;
    }

    public Condition? Condition(string name, FieldScope place, bool required = false) =>
        Raw(name, required) is { } value ? ConditionJson.Parse(value, _path.Member(name), _reading, place) : null;

    /// <summary>A list of conditions; null when the list or any of them is wrong.</summary>
    public IReadOnlyList<Condition>? Conditions(string name, FieldScope place) =>
        List(name, required: true, (json, path) => ConditionJson.Parse(json, path, _reading, place));

    /// <summary>A list of objects that are no conditions themselves.</summary>
    public IReadOnlyList<T>? Objects<T>(string name, bool required, Func<NodeReader, T?> read) where T : class =>
        List(name, required, (json, path) =>
        {
            // They count as nodes, so that no list is longer than a tree is wide.
            if (!_reading.Counts(path))
                return null;
            var inner = new NodeReader(json, path, _reading, Place);
            if (!inner.IsObject)
                return null;
            var item = read(inner);
            inner.Finish();
            return item;
        });

    /// <summary>Reads a member that is an object.</summary>
    public NodeReader? Object(string name)
    {
        if (Raw(name) is not { } value)
            return null;
        var inner = new NodeReader(value, _path.Member(name), _reading, Place);
        return inner.IsObject ? inner : null;
    }

    /// <summary>Reports members nobody asked for.</summary>
    public void Finish()
    {
        foreach (var name in _members.Keys)
        {
            if (!_known.Contains(name))
                Fail(name, "condition.unknownMember", $"There is no member {ConditionJson.Shorten(name)} here.{Nearest.Hint(name, _known)}");
        }
    }

    private List<T>? List<T>(string name, bool required, Func<JsonElement, JsonPath, T?> read) where T : class
    {
        if (Raw(name, required) is not { } value)
            return null;
        if (value.ValueKind != JsonValueKind.Array)
        {
            Fail(name, "condition.wrongType", $"{name} is a list.");
            return null;
        }

        var path = _path.Member(name);
        var items = new List<T>();
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            // Too large was reported once; nothing more is read.
            if (_reading.IsFull)
                return null;
            if (read(element, path.Element(index++)) is { } item)
                items.Add(item);
        }

        return items.Count == index ? items : null;
    }
}
