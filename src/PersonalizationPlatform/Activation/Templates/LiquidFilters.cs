using System.Text.RegularExpressions;
using DotLiquid;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>
/// The filters templates may use; those that calculate are <see cref="LiquidMath"/>'s. Each takes whatever it is given and never fails but
/// for its bounds, where the library's would: of something unknown they make nothing. What a tag prints is escaped whatever its filters, so
/// there is no <c>raw</c>: text that is to stay as it is is written beside the tags.
/// </summary>
internal static partial class LiquidFilters
{
    /// <summary>Characters of any text made while rendering.</summary>
    public const int MaxText = 64 << 10;

    /// <summary>Elements of any list made while rendering.</summary>
    public const int MaxList = 1_000;

    /// <summary>Where the instant of the decision is found in a context's registers.</summary>
    public const string NowRegister = "now";

    public static readonly IReadOnlySet<string> Names = new HashSet<string>(StringComparer.Ordinal)
    {
        "abs", "append", "at_least", "at_most", "capitalize", "ceil", "compact", "date", "default", "divided_by", "downcase", "escape",
        "escape_once", "first", "floor", "join", "last", "lstrip", "minus", "modulo", "plus", "prepend", "remove", "remove_first", "replace",
        "replace_first", "reverse", "round", "rstrip", "size", "slice", "sort", "split", "strip", "strip_newlines", "times", "truncate",
        "uniq", "upcase", "url_encode",
    };

    public static string? Append(object? input, object? text = null)
    {
        var (one, other) = (LiquidValue.Text(input), LiquidValue.Text(text));
        return Bounded((one?.Length ?? 0) + (long)(other?.Length ?? 0), () => one + other);
    }

    public static string? Prepend(object? input, object? text = null) => Append(text, input);

    public static string? Replace(object? input, object? search = null, object? replacement = null)
    {
        var (text, part, by) = (LiquidValue.Text(input), LiquidValue.Text(search), LiquidValue.Text(replacement) ?? "");
        if (string.IsNullOrEmpty(text) || string.IsNullOrEmpty(part))
            return text;
        var found = 0L;
        for (var i = text.IndexOf(part, StringComparison.Ordinal); i >= 0; i = text.IndexOf(part, i + part.Length, StringComparison.Ordinal))
            found++;
        return Bounded(text.Length + (found * (by.Length - part.Length)), () => text.Replace(part, by, StringComparison.Ordinal));
    }

    public static string? ReplaceFirst(object? input, object? search = null, object? replacement = null)
    {
        var (text, part) = (LiquidValue.Text(input), LiquidValue.Text(search));
        if (string.IsNullOrEmpty(text) || string.IsNullOrEmpty(part))
            return text;
        var at = text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? text : Append(text[..at], Append(replacement, text[(at + part.Length)..]));
    }

    public static string? Remove(object? input, object? search = null) => Replace(input, search);

    public static string? RemoveFirst(object? input, object? search = null) => ReplaceFirst(input, search);

    public static string? Upcase(object? input) => LiquidValue.Text(input)?.ToUpperInvariant();

    public static string? Downcase(object? input) => LiquidValue.Text(input)?.ToLowerInvariant();

    public static string? Capitalize(object? input) =>
        LiquidValue.Text(input) is { Length: > 0 } text ? char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant() : LiquidValue.Text(input);

    public static string? Strip(object? input) => LiquidValue.Text(input)?.Trim();

    public static string? Lstrip(object? input) => LiquidValue.Text(input)?.TrimStart();

    public static string? Rstrip(object? input) => LiquidValue.Text(input)?.TrimEnd();

    public static string? StripNewlines(object? input) =>
        LiquidValue.Text(input)?.Replace("\r\n", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);

    public static string? Truncate(object? input, object? length = null, object? ellipsis = null)
    {
        var (text, end) = (LiquidValue.Text(input), ellipsis is null ? "..." : LiquidValue.Text(ellipsis) ?? "");
        var most = Whole(length, 50);
        return text is null || text.Length <= most ? text : Append(text[..Math.Clamp(most - end.Length, 0, text.Length)], end);
    }

    public static string? UrlEncode(object? input) =>
        LiquidValue.Text(input) is { } text ? Bounded(text.Length * 3L, () => Uri.EscapeDataString(text)) : null;

    /// <summary>Everything is escaped where it is printed; doing it before would do it twice.</summary>
    public static object? Escape(object? input) => input;

    /// <inheritdoc cref="Escape"/>
    public static object? EscapeOnce(object? input) => input;

    /// <summary>Stands in for what is unknown, false, empty or blank.</summary>
    public static object? Default(object? input, object? instead = null) =>
        input is null or false or LiquidObject || (input is string text ? string.IsNullOrWhiteSpace(text) : LiquidValue.List(input) is { Count: 0 }) ? instead : input;

    public static string? Join(object? input, object? glue = null) =>
        LiquidValue.List(input) is { } list ? LiquidValue.Joined(list, glue is null ? " " : LiquidValue.Text(glue)) : LiquidValue.Text(input);

    public static string[] Split(object? input, object? separator = null)
    {
        var (text, between) = (LiquidValue.Text(input), LiquidValue.Text(separator));
        if (string.IsNullOrEmpty(text))
            return [];
        var parts = string.IsNullOrEmpty(between)
            ? [.. text.Take(MaxList + 1).Select(letter => letter.ToString())]
            : text.Split(between, MaxList + 1, StringSplitOptions.None);
        return parts.Length <= MaxList ? parts : throw new TemplateBoundException("of a list");
    }

    public static object? First(object? input) => LiquidValue.List(input) is { } list ? list.FirstOrDefault() : input is string ? Slice(input, 0) : null;

    public static object? Last(object? input) => LiquidValue.List(input) is { } list ? list.LastOrDefault() : input is string ? Slice(input, -1) : null;

    /// <summary>Elements of a list, else characters of a text; a start below zero counts from the end.</summary>
    public static object? Slice(object? input, object? start = null, object? length = null)
    {
        var (from, count) = (Whole(start, 0), Math.Max(Whole(length, 1), 0));
        if (LiquidValue.List(input) is { } list)
            return Within(list.Count) is var (first, taken) ? list.GetRange(first, taken) : null;
        return LiquidValue.Text(input) is { } text && Within(text.Length) is var (at, size) ? text.Substring(at, size) : null;

        (int From, int Count)? Within(int size)
        {
            var at = from < 0 ? from + size : from;
            return at < 0 || at > size ? (0, 0) : (at, Math.Min(count, size - at));
        }
    }

    public static int Size(object? input) => LiquidValue.List(input)?.Count ?? (input as string)?.Length ?? 0;

    /// <summary>Numbers by value before texts by their characters, what is unknown last.</summary>
    public static object? Sort(object? input) => LiquidValue.List(input) is { } list
        ? list.OrderBy(item => item is null).ThenBy(item => item is string).ThenBy(item => item is string ? 0 : LiquidNumber.Exactly(item))
            .ThenBy(LiquidValue.Text, StringComparer.Ordinal).ToList()
        : input;

    public static object? Reverse(object? input) => LiquidValue.List(input) is { } list ? Enumerable.Reverse(list).ToList() : input;

    public static object? Uniq(object? input) => LiquidValue.List(input) is { } list ? list.Distinct().ToList() : input;

    public static object? Compact(object? input) => LiquidValue.List(input) is { } list ? list.Where(item => item is not null).ToList() : input;

    /// <summary>As the library has it, but <c>now</c> is the instant of the decision, and a time without an offset is UTC wherever the service runs.</summary>
    public static object? Date(Context context, object? input, object? format = null)
    {
        var named = input is string text && text.Trim().ToLowerInvariant() is "now" or "today" ? context.Registers[NowRegister] : input;
        var wanted = LiquidValue.Text(format);
        if (string.IsNullOrWhiteSpace(wanted) || LiquidValue.Instant(named) is not { } at)
            return named;
        if (WidePadding().IsMatch(wanted))
            throw new TemplateBoundException("text");
        return StandardFilters.Date(context, at, wanted);
    }

    private static int Whole(object? value, int otherwise) => (int)decimal.Clamp(LiquidNumber.Of(value)?.Value ?? otherwise, -MaxText, MaxText);

    private static string Bounded(long length, Func<string> make) => length <= MaxText ? make() : throw new TemplateBoundException("text");

    [GeneratedRegex(@"%[^A-Za-z%]*[0-9]{4}")]
    private static partial Regex WidePadding();
}

/// <summary>A template made more than it may.</summary>
internal sealed class TemplateBoundException(string what) : Exception($"The template makes too much {what}.");
