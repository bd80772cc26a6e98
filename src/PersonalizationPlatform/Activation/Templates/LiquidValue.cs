using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>What any value of a template is where a text, a list or an instant is asked for. Nothing fails: what is unknown stays unknown.</summary>
internal static class LiquidValue
{
    /// <summary>As it is printed, escaping aside; null when it is unknown.</summary>
    public static string? Text(object? value) => value switch
    {
        null or LiquidObject => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString("0.#############################", CultureInfo.InvariantCulture),
        DateTime at => at.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture),
        IEnumerable list => Joined(list, ""),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>Null when it is no list; a text is none.</summary>
    public static List<object?>? List(object? value) => value is IEnumerable list and not string ? Bounded(list) : null;

    public static string Joined(IEnumerable list, string? glue)
    {
        var joined = new StringBuilder();
        var first = true;
        foreach (var item in list)
        {
            joined.Append(first ? "" : glue).Append(Text(item));
            first = false;
            if (joined.Length > LiquidFilters.MaxText)
                throw new TemplateBoundException("text");
        }

        return joined.ToString();
    }

    /// <summary>Null when it names no instant; a time without an offset is UTC.</summary>
    public static DateTimeOffset? Instant(object? value)
    {
        if (value is DateTime at)
            return new(at);
        if (value is not string && LiquidNumber.Of(value) is { } seconds && value is not (bool or IEnumerable or LiquidObject))
            return Math.Abs(seconds.Value) < 60_000_000_000 ? DateTimeOffset.UnixEpoch.AddSeconds((double)seconds.Value) : null;
        return value is string text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read) ? read : null;
    }

    private static List<object?> Bounded(IEnumerable list)
    {
        var items = new List<object?>();
        foreach (var item in list)
        {
            if (items.Count == LiquidFilters.MaxList)
                throw new TemplateBoundException("of a list");
            items.Add(item);
        }

        return items;
    }
}

/// <summary>A number of a template: a decimal that remembers whether it is whole in kind, as <c>7</c> is and <c>7.0</c> is not.</summary>
internal readonly partial record struct LiquidNumber(decimal Value, bool IsWhole)
{
    /// <summary>Null when it is unknown, or too large for any number here; what is no number counts as 0, and a text for the digits it begins with.</summary>
    public static LiquidNumber? Of(object? value) => value switch
    {
        null => null,
        string text => OfText(text),
        decimal number => new(number, false),
        double or float => OfDouble(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        int or long or short or byte => new(Convert.ToInt64(value, CultureInfo.InvariantCulture), true),
        _ => new(0, true),
    };

    /// <summary>Null when it is no number and no text that is one from beginning to end.</summary>
    public static decimal? Exactly(object? value) => value switch
    {
        string text => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : null,
        decimal or double or float or int or long or short or byte => Of(value)?.Value,
        _ => null,
    };

    /// <summary>As the library keeps it.</summary>
    public object ToLiquid() => IsWhole && Value is >= long.MinValue and <= long.MaxValue ? (long)Value : Value;

    private static LiquidNumber? OfText(string text)
    {
        var match = Digits().Match(text);
        if (!match.Success)
            return new(0, true);
        return decimal.TryParse(match.ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var number)
            ? new(number, !match.ValueSpan.Contains('.'))
            : null;
    }

    private static LiquidNumber? OfDouble(double number) => Math.Abs(number) < 7.9e28 ? new((decimal)number, false) : null;

    [GeneratedRegex(@"\A\s*-?[0-9]+(\.[0-9]+)?")]
    private static partial Regex Digits();
}
