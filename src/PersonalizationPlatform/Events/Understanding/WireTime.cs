using System.Globalization;
using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>Reads ISO 8601 as clients write it; results are UTC, cut (not rounded) to the microsecond.</summary>
public static partial class WireTime
{
    /// <summary>An instant: date, time and offset (<c>Z</c>, <c>+02:00</c>, <c>+0200</c>, <c>+02</c>), up to nine digits of fraction.</summary>
    public static bool TryReadInstant(string text, out DateTimeOffset instant) => TryRead(text, offsetRequired: true, out instant);

    /// <summary>The same, but a date alone or a time without an offset is taken as UTC, as the shop's back office writes them.</summary>
    public static bool TryReadLenient(string text, out DateTimeOffset instant) => TryRead(text, offsetRequired: false, out instant);

    private static bool TryRead(string text, bool offsetRequired, out DateTimeOffset instant)
    {
        instant = default;
        var match = Iso8601().Match(text.Trim());
        if (!match.Success)
            return false;
        var offset = match.Groups["offset"].Value;
        if (offset.Length == 0 && offsetRequired)
            return false;
        var fraction = match.Groups["fraction"].Value;
        var time = match.Groups["time"].Success ? match.Groups["time"].Value : "00:00";
        var canonical = $"{match.Groups["date"].Value}T{time}{(match.Groups["seconds"].Success ? "" : ":00")}.{(fraction.Length > 6 ? fraction[..6] : fraction).PadRight(6, '0')}{Offset(offset)}";
        if (!DateTimeOffset.TryParseExact(canonical, "yyyy-MM-ddTHH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out instant))
            return false;
        return true;
    }

    private static string Offset(string sent) => sent switch
    {
        "" or "Z" or "z" => "+00:00",
        { Length: 3 } => sent + ":00",
        { Length: 5 } => sent[..3] + ":" + sent[3..],
        _ => sent,
    };

    [GeneratedRegex(@"^(?<date>\d{4}-\d{2}-\d{2})(?:[Tt ](?<time>\d{2}:\d{2}(?<seconds>:\d{2})?)(?:[.,](?<fraction>\d{1,9}))?(?<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Iso8601();
}
