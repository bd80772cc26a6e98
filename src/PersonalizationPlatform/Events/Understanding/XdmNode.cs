using System.Globalization;
using System.Text.Json;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>
/// A place in an event's JSON, read tolerantly: a missing or oddly shaped member reads as nothing. Only what would harm the store
/// is noted in <see cref="XdmProblems"/> and refuses the event.
/// </summary>
internal readonly struct XdmNode(JsonElement element, XdmProblems problems)
{
    public JsonElement Element { get; } = element;

    public bool Exists => Element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    public bool IsObject => Element.ValueKind == JsonValueKind.Object;
    public bool IsScalar => Element.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    /// <summary>A member, or nothing.</summary>
    public XdmNode this[string name] => IsObject && Element.TryGetProperty(name, out var member) ? new XdmNode(member, problems) : default;

    /// <summary>The first of several names that says something: empty text says nothing.</summary>
    public XdmNode First(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (this[name] is { Exists: true } found && (found.Element.ValueKind != JsonValueKind.String || found.AsText() is not null))
                return found;
        return default;
    }

    /// <summary>A scalar as text; null when missing, empty, or not a scalar.</summary>
    public string? AsText() => Element.ValueKind switch
    {
        JsonValueKind.String => Element.GetString() is { Length: > 0 } text && !string.IsNullOrWhiteSpace(text) ? text : null,
        JsonValueKind.Number => Element.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (this[name].AsText() is { } text)
                return text;
        return null;
    }

    /// <summary>Text that rows are looked up by, so it must fit an index.</summary>
    public string? Code(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (this[name].AsText() is not { } text)
                continue;
            if (text.Length > XdmProblems.LongestCode)
                problems.Note(RefusalCodes.ValueTooLong, $"{name} is longer than {XdmProblems.LongestCode} characters.");
            return text;
        }

        return null;
    }

    /// <summary>The first of several members that is a number, or text that is one.</summary>
    public decimal? Amount(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (this[name].AsAmount(name) is { } amount)
                return amount;
        return null;
    }

    /// <summary>This as a number. Notes amounts that cannot be added up exactly; what is not a number reads as nothing.</summary>
    public decimal? AsAmount(string name = "An amount")
    {
        if (Element.ValueKind is not (JsonValueKind.Number or JsonValueKind.String) || AsText()?.Trim() is not { } text)
            return null;
        // A double tells "too large a number" from "not a number"; the amount itself is never one. "NaN" and "Infinity" are words.
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var size) || char.IsAsciiLetter(text[^1]))
            return null;
        if (Math.Abs(size) < XdmProblems.LargestAmount && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount))
            return Normal(decimal.Round(amount, XdmProblems.AmountDecimals));
        problems.Note(RefusalCodes.ValueOutOfRange, $"{name} is beyond ±10^13.");
        return null;
    }

    public int? Integer(string name) => Amount(name) is { } amount && amount == decimal.Truncate(amount) && amount is >= 0 and <= int.MaxValue ? (int)amount : null;

    public bool? Truth(string name) => AsTruth(this[name].AsText());

    /// <summary>An instant; a time without an offset is UTC.</summary>
    public DateTimeOffset? Instant(params ReadOnlySpan<string> names) =>
        Text(names) is { } text && WireTime.TryReadLenient(text, out var instant) ? instant : null;

    /// <summary>An array's elements that are there; anything else is a list of itself.</summary>
    public IEnumerable<XdmNode> Each()
    {
        if (Element.ValueKind == JsonValueKind.Array)
        {
            foreach (var element in Element.EnumerateArray())
                if (element.ValueKind != JsonValueKind.Null)
                    yield return new XdmNode(element, problems);
        }
        else if (Exists)
        {
            yield return this;
        }
    }

    public IEnumerable<(string Name, XdmNode Value)> Members()
    {
        if (!IsObject)
            yield break;
        foreach (var member in Element.EnumerateObject())
            yield return (member.Name, new XdmNode(member.Value, problems));
    }

    /// <summary>Every scalar below, by its dotted path; lists of objects are not entered.</summary>
    public IEnumerable<(string Path, XdmNode Value)> Scalars(string prefix = "")
    {
        foreach (var (name, value) in Members())
        {
            if (value.IsScalar)
                yield return (prefix + name, value);
            foreach (var below in value.Scalars(prefix + name + "."))
                yield return below;
        }
    }

    /// <summary>A marker: a number, truth, or <c>{ "value": n }</c>, that is not zero.</summary>
    public bool IsMark => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Number or JsonValueKind.String => AsText() is { } text && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && count != 0,
        JsonValueKind.Object => !this["value"].Exists || this["value"].IsMark,
        _ => false,
    };

    internal static bool? AsTruth(string? text) => text?.ToLowerInvariant() switch
    {
        "true" or "1" or "yes" or "y" => true,
        "false" or "0" or "no" or "n" => false,
        _ => null,
    };

    /// <summary>Without trailing zeros, so that equal amounts read alike.</summary>
    private static decimal Normal(decimal amount) => amount / 1.0000000000000000000000000000m;
}

/// <summary>The first thing found that refuses the whole event.</summary>
internal sealed class XdmProblems
{
    /// <summary>Characters of a name or number that rows are looked up by.</summary>
    public const int LongestCode = 256;

    /// <summary>Thousands of these still add up without overflow, and so does one times another.</summary>
    public const double LargestAmount = 1e13;
    public const int AmountDecimals = 8;

    public (string Code, string Detail)? Found { get; private set; }

    public void Note(string code, string detail) => Found ??= (code, detail);
}
