using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>The first time an event happened lies in a stretch of time. False when it never happened.</summary>
public sealed record FirstTime(EventSource Source, Period Period) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "firstTime",
        UsableIn = FieldScope.Profile,
        Description = "The very first time an event happened lies within, since, between, before, or is olderThan. False when it never happened.",
        Example = """{ "type": "firstTime", "event": "orderPlaced", "within": "P30D" }""",
        Parse = static node => EdgeTime.Parse(node) is var (source, period) ? new FirstTime(source, period) : null,
    };

    public override Verdict Evaluate(in Scope scope) => EdgeTime.Judge(scope, Source, Period, first: true).Verdict;

    public override Explanation Explain(in Scope scope)
    {
        var (verdict, evidence) = EdgeTime.Judge(scope, Source, Period, first: true);
        return Explained("firstTime", verdict, evidence());
    }

    public override void Require(Needs needs) => Source.Require(needs);

    internal override void Write(Utf8JsonWriter json) => EdgeTime.Write(json, "firstTime", Source, Period);

    internal override string Describe() => $"{Source.Describe()} first happened{Period.Describe()}";
}

/// <summary>The last time an event happened lies in a stretch of time. False when it never happened.</summary>
public sealed record LastTime(EventSource Source, Period Period) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "lastTime",
        UsableIn = FieldScope.Profile,
        Description = "The latest time an event happened lies within, since, between, before, or is olderThan. False when it never happened.",
        Example = """{ "type": "lastTime", "event": "orderPlaced", "olderThan": "P90D" }""",
        Parse = static node => EdgeTime.Parse(node) is var (source, period) ? new LastTime(source, period) : null,
    };

    public override Verdict Evaluate(in Scope scope) => EdgeTime.Judge(scope, Source, Period, first: false).Verdict;

    public override Explanation Explain(in Scope scope)
    {
        var (verdict, evidence) = EdgeTime.Judge(scope, Source, Period, first: false);
        return Explained("lastTime", verdict, evidence());
    }

    public override void Require(Needs needs) => Source.Require(needs);

    internal override void Write(Utf8JsonWriter json) => EdgeTime.Write(json, "lastTime", Source, Period);

    internal override string Describe() => $"{Source.Describe()} last happened{Period.Describe()}";
}

/// <summary>What first and last time share.</summary>
internal static class EdgeTime
{
    public static (Verdict Verdict, Func<Dictionary<string, object?>> Evidence) Judge(Scope scope, EventSource source, Period period, bool first)
    {
        var occurrences = source.In(scope);
        if (first && source.Unread(scope) is { } unread && unread.FirstAt <= scope.Now)
            return (At(unread.FirstAt), () => new() { ["first"] = unread.FirstAt });
        DateTimeOffset? whereChanges = null;
        for (var i = 0; i < occurrences.Count; i++)
        {
            var index = first ? i : occurrences.Count - 1 - i;
            var fits = source.Fits(scope, occurrences, index);
            // Those passed over may come to fit as time goes by.
            whereChanges = Verdict.Earlier(whereChanges, fits.ChangesAt);
            if (!fits.Matches)
                continue;
            var verdict = At(occurrences.At(index));
            return (verdict with { ChangesAt = Verdict.Earlier(verdict.ChangesAt, whereChanges) }, () => Evidence(first ? "first" : "last", occurrences.Evidence(index)));
        }

        return (new Verdict(false, whereChanges), () => Evidence(first ? "first" : "last", null));

        Verdict At(DateTimeOffset at) => new(period.Contains(at, scope.Now), period.Changes(at, scope.Now));

        Dictionary<string, object?> Evidence(string name, object? occurrence)
        {
            var evidence = new Dictionary<string, object?> { [name] = occurrence };
            if (source.TruncatedBefore(scope, period) is { } cut)
                evidence["notReadBefore"] = cut;
            return evidence;
        }
    }

    public static (EventSource, Period)? Parse(NodeReader node)
    {
        var source = EventSource.Parse(node);
        var period = node.Period(required: true, olderThan: true);
        return source is null || period is null ? null : (source, period);
    }

    public static void Write(Utf8JsonWriter json, string type, EventSource source, Period period)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        source.Write(json);
        period.Write(json);
        json.WriteEndObject();
    }
}
