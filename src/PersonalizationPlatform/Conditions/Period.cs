using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>The stretch of time a condition looks at. Only sliding ones (<see cref="Within"/>, <see cref="OlderThan"/>) change as time passes.</summary>
public abstract record Period
{
    /// <summary>All of the past.</summary>
    public sealed record Ever : Period
    {
        public static readonly Ever Value = new();
    }

    /// <summary>The last <paramref name="Window"/>: an occurrence is in it exactly while its time + window is later than now.</summary>
    public sealed record Within(Window Window) : Period;

    /// <summary>At or after.</summary>
    public sealed record Since(Operand.When Start) : Period;

    /// <summary>Both ends included; a date as the end means the whole day, UTC.</summary>
    public sealed record Between(Operand.When From, Operand.When To) : Period;

    /// <summary>Earlier than the instant, or than the start of the day.</summary>
    public sealed record Before(Operand.When End) : Period;

    /// <summary>The length of time has passed since.</summary>
    public sealed record OlderThan(Window Window) : Period;

    public bool Contains(DateTimeOffset at, DateTimeOffset now) => this switch
    {
        Within within => within.Window.EndOf(at) > now,
        OlderThan older => older.Window.EndOf(at) <= now,
        Since since => at >= since.Start.From,
        Between between => at >= between.From.From && at < between.To.End,
        Before before => at < before.End.From,
        _ => true,
    };

    /// <summary>When an occurrence inside (or not yet inside) changes its place by time alone; null when it never does.</summary>
    public DateTimeOffset? Changes(DateTimeOffset at, DateTimeOffset now) => this switch
    {
        Within within when within.Window.EndOf(at) is var end && end > now => end,
        OlderThan older when older.Window.EndOf(at) is var end && end > now => end,
        _ => null,
    };

    /// <summary>Occurrences at or before this instant are certainly outside; scanning newest first may stop there.</summary>
    internal DateTimeOffset ScanFrom(DateTimeOffset now) => this switch
    {
        Within within => within.Window.CertainlyOutside(now),
        Since since => since.Start.From.AddTicks(-1),
        Between between => between.From.From.AddTicks(-1),
        _ => DateTimeOffset.MinValue,
    };

    internal void Write(Utf8JsonWriter json)
    {
        switch (this)
        {
            case Within within: json.WriteString("within", within.Window.ToString()); break;
            case OlderThan older: json.WriteString("olderThan", older.Window.ToString()); break;
            case Since since: json.WriteString("since", since.Start.Show()); break;
            case Before before: json.WriteString("before", before.End.Show()); break;
            case Between between:
                json.WriteStartObject("between");
                json.WriteString("from", between.From.Show());
                json.WriteString("to", between.To.Show());
                json.WriteEndObject();
                break;
        }
    }

    internal string Describe() => this switch
    {
        Within within => $" within the last {within.Window}",
        OlderThan older => $" longer ago than {older.Window}",
        Since since => $" since {since.Start.Show()}",
        Before before => $" before {before.End.Show()}",
        Between between => $" between {between.From.Show()} and {between.To.Show()}",
        _ => "",
    };
}
