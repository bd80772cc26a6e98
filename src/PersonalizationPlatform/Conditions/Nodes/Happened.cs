using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>How often something must have happened.</summary>
public enum HowOften
{
    AtLeast,
    AtMost,
    Exactly,
}

/// <summary>An event happened at least, at most or exactly so many times in a stretch of time.</summary>
public sealed record Happened(EventSource Source, HowOften HowOften, int Times, Period Period) : Condition
{
    private const int EvidenceEvents = 10;
    private static readonly string[] Words = ["atLeast", "atMost", "exactly"];

    internal static readonly NodeKind Kind = new()
    {
        Type = "happened",
        UsableIn = FieldScope.Profile,
        Description = "An event happened atLeast (default 1), atMost or exactly n times, within a sliding window, since, between or before dates, or ever; where says what must hold for each.",
        Example = """{ "type": "happened", "event": "addToCart", "atLeast": 2, "within": "P7D" }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope)
    {
        // Fewer than so many are needed to know the answer: the newest ones leave last.
        var limit = HowOften == HowOften.AtLeast ? Times : Times + 1;
        if (Period is Period.Ever && Source.Unread(scope) is { } all)
            return Answer((int)Math.Min(all.Count, limit), null, null, null, null);
        var occurrences = Source.In(scope);
        var from = Period.ScanFrom(scope.Now);
        // A calendar window may let go of a later occurrence first, so all ends are needed, in order.
        var ends = Period is Period.Within { Window.IsCalendar: true } ? new List<DateTimeOffset>() : null;
        DateTimeOffset? fewer = null, more = null, endOfTimes = null, endOfNext = null;
        var count = 0;
        for (var i = occurrences.Count - 1; i >= 0 && (count < limit || ends is not null); i--)
        {
            var at = occurrences.At(i);
            if (at <= from)
                break;
            if (!Period.Contains(at, scope.Now))
                continue;
            var fits = Source.Fits(scope, occurrences, i);
            if (!fits.Matches)
            {
                more = Verdict.Earlier(more, fits.ChangesAt);
                continue;
            }

            count++;
            fewer = Verdict.Earlier(fewer, fits.ChangesAt);
            if (ends is not null)
                ends.Add(Period.Changes(at, scope.Now)!.Value);
            else if (count == Times)
                endOfTimes = Period.Changes(at, scope.Now);
            else if (count == Times + 1)
                endOfNext = Period.Changes(at, scope.Now);
        }

        if (ends is not null)
        {
            ends.Sort((a, b) => b.CompareTo(a));
            endOfTimes = Times > 0 && ends.Count >= Times ? ends[Times - 1] : null;
            endOfNext = ends.Count > Times ? ends[Times] : null;
        }

        return Answer(count, endOfTimes, endOfNext, fewer, more);
    }

    /// <param name="count">How many there are; beyond one more than asked it does not matter.</param>
    /// <param name="endOfTimes">When the count falls below <see cref="Times"/>.</param>
    /// <param name="endOfNext">When the count falls to <see cref="Times"/>.</param>
    /// <param name="fewer">When <c>where</c> may first let go of one that fits.</param>
    /// <param name="more">When <c>where</c> may first take in one that does not fit.</param>
    private Verdict Answer(int count, DateTimeOffset? endOfTimes, DateTimeOffset? endOfNext, DateTimeOffset? fewer, DateTimeOffset? more)
    {
        switch (HowOften)
        {
            case HowOften.AtLeast:
                return count >= Times ? new(true, Verdict.Earlier(endOfTimes, fewer)) : new(false, more);
            case HowOften.AtMost:
                return count <= Times ? new(true, more) : new(false, Verdict.Earlier(endOfNext, fewer));
            default:
                if (count < Times)
                    return new(false, more);
                return count > Times
                    ? new(false, Verdict.Earlier(endOfNext, fewer))
                    : new(true, Verdict.Earlier(endOfTimes, Verdict.Earlier(fewer, more)));
        }
    }

    public override Explanation Explain(in Scope scope)
    {
        var occurrences = Source.In(scope);
        var newest = new List<object?>();
        long count = 0;
        for (var i = occurrences.Count - 1; i >= 0; i--)
        {
            if (!Period.Contains(occurrences.At(i), scope.Now) || !Source.Fits(scope, occurrences, i).Matches)
                continue;
            count++;
            if (newest.Count < EvidenceEvents)
                newest.Add(occurrences.Evidence(i));
        }

        if (Period is Period.Ever && Source.Unread(scope) is { } all)
            count = all.Count;
        var evidence = new Dictionary<string, object?> { ["count"] = count, [Words[(int)HowOften]] = Times, ["newest"] = newest };
        if (Source.TruncatedBefore(scope, Period) is { } cut)
            evidence["notReadBefore"] = cut;
        return Explained("happened", Evaluate(scope), evidence);
    }

    public override void Require(Needs needs) => Source.Require(needs);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "happened");
        Source.Write(json);
        json.WriteNumber(Words[(int)HowOften], Times);
        Period.Write(json);
        json.WriteEndObject();
    }

    internal override string Describe()
    {
        var often = HowOften switch
        {
            HowOften.AtLeast => "at least",
            HowOften.AtMost => "at most",
            _ => "exactly",
        };
        return $"{Source.Describe()} happened {often} {(Times == 1 ? "once" : $"{Times} times")}{Period.Describe()}";
    }

    private static Happened? Parse(NodeReader node)
    {
        var source = EventSource.Parse(node);
        var period = node.Period();
        var given = Words.Where(node.Has).ToList();
        var counts = Words.Select((w, i) => node.Count(w, i == 0 ? 1 : 0)).ToList();
        if (given.Count > 1)
        {
            node.Fail(given[1], "condition.contradictory", $"At most one of {string.Join(", ", Words)} may be given; combine two conditions in a group instead.");
            return null;
        }

        var often = given.Count == 0 ? 0 : Array.IndexOf(Words, given[0]);
        if (source is null || period is null || (given.Count == 1 && counts[often] is null))
            return null;
        return new Happened(source, (HowOften)often, counts[often] ?? 1, period);
    }
}
