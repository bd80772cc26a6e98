using System.Collections;
using System.Globalization;
using System.Text;
using DotLiquid;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>
/// The filters templates may use: those of the library that neither grow what they are given nor read a clock, and, below, our own in
/// place of those that do. What a tag prints is escaped whatever its filters, so there is no <c>raw</c>: text that is to stay as it is
/// is written beside the tags.
/// </summary>
internal static class LiquidFilters
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

    public static string Append(string? input, string? text) => Bounded((input?.Length ?? 0) + (long)(text?.Length ?? 0), () => input + text);

    public static string Prepend(string? input, string? text) => Append(text, input);

    public static string? Replace(string? input, string? search, string? replacement = "")
    {
        if (string.IsNullOrEmpty(input) || string.IsNullOrEmpty(search))
            return input;
        var found = 0L;
        for (var i = input.IndexOf(search, StringComparison.Ordinal); i >= 0; i = input.IndexOf(search, i + search.Length, StringComparison.Ordinal))
            found++;
        return Bounded(input.Length + (found * ((replacement?.Length ?? 0) - search.Length)), () => input.Replace(search, replacement, StringComparison.Ordinal));
    }

    public static string? ReplaceFirst(string? input, string? search, string? replacement = "")
    {
        if (string.IsNullOrEmpty(input) || string.IsNullOrEmpty(search))
            return input;
        var at = input.IndexOf(search, StringComparison.Ordinal);
        return at < 0 ? input : Append(input[..at], Append(replacement, input[(at + search.Length)..]));
    }

    public static string? Remove(string? input, string? search) => Replace(input, search);

    public static string? RemoveFirst(string? input, string? search) => ReplaceFirst(input, search);

    public static string? Join(object? input, string? glue = " ")
    {
        if (input is string || input is not IEnumerable list)
            return input?.ToString();
        var joined = new StringBuilder();
        foreach (var item in list)
        {
            joined.Append(joined.Length == 0 ? "" : glue).Append(Convert.ToString(item, CultureInfo.InvariantCulture));
            if (joined.Length > MaxText)
                throw new TemplateBoundException("text");
        }

        return joined.ToString();
    }

    public static string[] Split(string? input, string? separator)
    {
        if (string.IsNullOrEmpty(input))
            return [];
        var parts = string.IsNullOrEmpty(separator)
            ? [.. input.Take(MaxList + 1).Select(letter => letter.ToString())]
            : input.Split(separator, MaxList + 1, StringSplitOptions.None);
        return parts.Length <= MaxList ? parts : throw new TemplateBoundException("of a list");
    }

    public static string? UrlEncode(string? input) => input is null ? null : Bounded(input.Length * 3L, () => Uri.EscapeDataString(input));

    /// <summary>Everything is escaped where it is printed; doing it before would do it twice.</summary>
    public static string? Escape(string? input) => input;

    /// <inheritdoc cref="Escape"/>
    public static string? EscapeOnce(string? input) => input;

    /// <summary>As the library has it, but <c>now</c> is the instant of the decision.</summary>
    public static string? Date(Context context, object? input, string? format) => StandardFilters.Date(
        context, input is string text && text.Trim().ToLowerInvariant() is "now" or "today" ? context.Registers[NowRegister] : input, format);

    private static string Bounded(long length, Func<string> make) => length <= MaxText ? make() : throw new TemplateBoundException("text");
}

/// <summary>A template made more than it may.</summary>
internal sealed class TemplateBoundException(string what) : Exception($"The template makes too much {what}.");
