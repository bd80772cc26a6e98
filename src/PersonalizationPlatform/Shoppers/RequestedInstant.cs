using System.Globalization;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Shoppers;

/// <summary>An instant asked about in a query.</summary>
internal static class RequestedInstant
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    /// <summary>
    /// ISO 8601; without an offset it is UTC, whatever the server's time zone. A plus sign that came undecoded, as a blank, is one
    /// still. 400 <c>at.invalid</c>.
    /// </summary>
    internal static DateTimeOffset? Of(string? at)
    {
        if (string.IsNullOrEmpty(at))
            return null;
        var text = at.Contains('T', StringComparison.Ordinal) ? at.Replace(' ', '+') : at;
        return char.IsAsciiDigit(text[0]) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var instant)
            ? instant
            : throw ProblemException.Invalid(
                "at.invalid", "at must be an instant.", new ProblemError("at", "at.invalid", "ISO 8601, such as 2026-06-15T12:00:00Z or 2026-06-15."));
    }
}
