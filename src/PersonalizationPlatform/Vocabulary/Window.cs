using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace PersonalizationPlatform.Vocabulary;

/// <summary>
/// A sliding length of time, read and printed as an ISO 8601 duration (<c>P7D</c>, <c>P1M</c>, <c>PT2H</c>, <c>P1DT12H</c>).
/// Years and months are calendar months in UTC, weeks and days are 7 × 24 and 24 hours.
/// Something at <c>t</c> lies in the window at <c>now</c> exactly while <c>EndOf(t) &gt; now</c>.
/// </summary>
public readonly record struct Window
{
    /// <summary>No window is longer than a hundred years; it keeps every sum of an instant and a window in range.</summary>
    private const int MaxMonths = 1200;

    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(36_525);
    private static readonly DateTimeOffset Latest = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Earliest = new(1000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private Window(int months, TimeSpan time)
    {
        Months = months;
        Time = time;
    }

    /// <summary>The calendar part, years included.</summary>
    public int Months { get; }

    /// <summary>The exact part: weeks, days, hours, minutes, seconds; to the microsecond.</summary>
    public TimeSpan Time { get; }

    public bool IsZero => Months == 0 && Time == TimeSpan.Zero;

    /// <summary>
    /// Whether the length depends on the calendar. Then <see cref="EndOf"/> is not monotone: 30 January 10:00 and
    /// 31 January 09:00 plus one month are 28 February 10:00 and 09:00.
    /// </summary>
    public bool IsCalendar => Months != 0;

    public static Window Of(TimeSpan time) => new(0, time);

    /// <summary>The instant at which something that happened at <paramref name="from"/> leaves the window.</summary>
    public DateTimeOffset EndOf(DateTimeOffset from) =>
        from > Latest ? DateTimeOffset.MaxValue : from.ToUniversalTime().AddMonths(Months) + Time;

    /// <summary>The instant one window before <paramref name="to"/>.</summary>
    public DateTimeOffset StartOf(DateTimeOffset to) =>
        to < Earliest ? DateTimeOffset.MinValue : to.ToUniversalTime().AddMonths(-Months) - Time;

    public bool Contains(DateTimeOffset at, DateTimeOffset now) => at <= now && EndOf(at) > now;

    /// <summary>
    /// Everything at or before this instant has certainly left the window; what is later must be asked with <see cref="EndOf"/>
    /// when the window is a calendar one.
    /// </summary>
    public DateTimeOffset CertainlyOutside(DateTimeOffset now) => IsCalendar ? StartOf(now).AddDays(-4) : StartOf(now);

    /// <summary>Reads an ISO 8601 duration; false for signs, fractions of anything but seconds, and more than a hundred years.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Window window)
    {
        window = default;
        if (text is null || text.Length < 3 || text.Length > 64 || text[0] != 'P')
            return false;
        long months = 0;
        decimal seconds = 0;
        const string Order = "YMWDhms";
        var inTime = false;
        var last = -1;
        for (var i = 1; i < text.Length;)
        {
            if (text[i] == 'T' && !inTime && i + 1 < text.Length)
            {
                inTime = true;
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && (char.IsAsciiDigit(text[i]) || text[i] == '.'))
                i++;
            if (i == start || i == text.Length)
                return false;
            var unit = inTime && text[i] is 'H' or 'M' or 'S' && inTime ? char.ToLowerInvariant(text[i]) : inTime ? '?' : text[i];
            var rank = Order.IndexOf(unit, StringComparison.Ordinal);
            var digits = text.AsSpan(start, i - start);
            if (rank <= last || digits.Length > 16 || (digits.Contains('.') && unit != 's') || !TryNumber(digits, out var n))
                return false;
            last = rank;
            switch (unit)
            {
                case 'Y': months += (long)Math.Min(n, 10_000) * 12; break;
                case 'M': months += (long)Math.Min(n, 100_000); break;
                case 'W': seconds += n * 604_800; break;
                case 'D': seconds += n * 86_400; break;
                case 'h': seconds += n * 3_600; break;
                case 'm': seconds += n * 60; break;
                default: seconds += n; break;
            }

            i++;
        }

        if (last < 0 || months > MaxMonths || seconds > (decimal)MaxTime.TotalSeconds)
            return false;
        window = new Window((int)months, TimeSpan.FromTicks((long)(seconds * 1_000_000) * TimeSpan.TicksPerMicrosecond));
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out decimal n) =>
        decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out n) && digits[0] != '.' && digits[^1] != '.';

    /// <summary>The canonical ISO 8601 form: <c>P1W</c> prints as <c>P7D</c>, <c>PT26H</c> as <c>P1DT2H</c>.</summary>
    public override string ToString()
    {
        if (IsZero)
            return "P0D";
        var text = new StringBuilder("P");
        Append(text, Months / 12, 'Y');
        Append(text, Months % 12, 'M');
        Append(text, Time.Days, 'D');
        var rest = Time - TimeSpan.FromDays(Time.Days);
        if (rest == TimeSpan.Zero)
            return text.ToString();
        text.Append('T');
        Append(text, rest.Hours, 'H');
        Append(text, rest.Minutes, 'M');
        var seconds = (rest.Ticks % TimeSpan.TicksPerMinute) / (decimal)TimeSpan.TicksPerSecond;
        if (seconds != 0)
            text.Append(seconds.ToString("0.######", CultureInfo.InvariantCulture)).Append('S');
        return text.ToString();
    }

    private static void Append(StringBuilder text, int n, char unit)
    {
        if (n != 0)
            text.Append(n.ToString(CultureInfo.InvariantCulture)).Append(unit);
    }
}
