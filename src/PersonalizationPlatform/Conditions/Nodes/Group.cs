using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>How a group combines its conditions. A group without conditions is true, whatever its match.</summary>
public enum Match
{
    /// <summary>Every condition holds.</summary>
    All,

    /// <summary>At least one holds.</summary>
    Any,

    /// <summary>None holds.</summary>
    None,

    /// <summary>At least one does not hold.</summary>
    NotAll,
}

/// <summary>ALL, ANY, NONE or NOT ALL of some conditions.</summary>
public sealed record Group(Match Match, IReadOnlyList<Condition> Of) : Condition
{
    private static readonly string[] Words = ["all", "any", "none", "notAll"];

    internal static readonly NodeKind Kind = new()
    {
        Type = "group",
        UsableIn = (FieldScope)511,
        Description = "Combines conditions: match all, any, none or notAll of them. A group without conditions is true.",
        Example = """{ "type": "group", "match": "all", "of": [] }""",
        Parse = Parse,
    };

    /// <summary>The answer that settles the group as soon as one condition gives it: false for all and notAll, true for any and none.</summary>
    private bool Decisive => Match is Match.Any or Match.None;

    private bool Negated => Match is Match.None or Match.NotAll;

    public override Verdict Evaluate(in Scope scope)
    {
        if (Of.Count == 0)
            return Verdict.True;
        DateTimeOffset? changesAt = null;
        for (var i = 0; i < Of.Count; i++)
        {
            var verdict = scope.Line is null ? Of[i].Evaluate(scope) : CompositeLines.Judge(Of[i], scope, !Negated);
            // One decisive answer holds the group up until it changes itself.
            if (verdict.Matches == Decisive)
                return new Verdict(Decisive != Negated, verdict.ChangesAt);
            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        return new Verdict(Decisive == Negated, changesAt);
    }

    public override Explanation Explain(in Scope scope)
    {
        var of = new List<Explanation>(Of.Count);
        foreach (var condition in Of)
            of.Add(CompositeLines.Explain(condition, scope, !Negated));
        var decisive = of.Find(e => e.Matches == Decisive);
        var verdict = of.Count == 0
            ? Verdict.True
            : decisive is not null
                ? new Verdict(Decisive != Negated, decisive.ChangesAt)
                : new Verdict(Decisive == Negated, of.Aggregate((DateTimeOffset?)null, (earliest, e) => Verdict.Earlier(earliest, e.ChangesAt)));
        var evidence = new Dictionary<string, object?>
        {
            ["match"] = Words[(int)Match],
            ["holding"] = of.Count(e => e.Matches),
            ["conditions"] = Of.Count,
        };
        return Explained("group", verdict, evidence, of);
    }

    public override void Require(Needs needs)
    {
        foreach (var condition in Of)
            condition.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "group");
        json.WriteString("match", Words[(int)Match]);
        json.WriteStartArray("of");
        foreach (var condition in Of)
            condition.Write(json);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal override string Describe()
    {
        if (Of.Count == 0)
            return "always";
        var lead = Match switch
        {
            Match.All => "all of",
            Match.Any => "any of",
            Match.None => "none of",
            _ => "not all of",
        };
        // Sentences of sentences would grow with the square of the depth: an inner group only says how many it has.
        return $"{lead} ({string.Join("; ", Of.Take(5).Select(c => c is Group g && g.Of.Count > 0 ? $"a group of {g.Of.Count}" : c.Describe()))}{(Of.Count > 5 ? $"; and {Of.Count - 5} more" : "")})";
    }

    private static Group? Parse(NodeReader node)
    {
        var match = node.Word("match", Words, required: true);
        var of = node.Conditions("of", node.Place);
        return match is null || of is null ? null : new Group((Match)Array.IndexOf(Words, match), of);
    }
}
