using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>One step of a sequence.</summary>
/// <param name="After">How long after the step before at most; null = any time.</param>
public sealed record Step(EventSource Source, Window? After);

/// <summary>
/// Events happened one after the other, none of <paramref name="Without"/> in between; or, with <paramref name="QuietFor"/>,
/// none of them since either, and so much time has passed: "A and no B within T".
/// </summary>
/// <param name="Steps">In order; each strictly later, by (time, key), than the one before.</param>
/// <param name="Without">What must not happen strictly between the first and the last step; with QuietFor, strictly after the first.</param>
/// <param name="Within">The last step lies in this window.</param>
/// <param name="QuietFor">True from the last step's time + this.</param>
public sealed record Sequence(IReadOnlyList<Step> Steps, IReadOnlyList<EventSource> Without, Window? Within, Window? QuietFor) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "sequence",
        UsableIn = FieldScope.Profile,
        Description = "Events happened in this order, each at most after its duration later than the one before, none of without in between, the last one within the window. With quietFor: true once so much time has passed since the last step and none of without happened since the first.",
        Example = """{ "type": "sequence", "steps": [ { "event": "addToCart" } ], "without": [ { "event": "orderPlaced" } ], "quietFor": "PT2H", "within": "P7D" }""",
        Parse = SequenceReading.Parse,
    };

    public override Verdict Evaluate(in Scope scope) => new SequenceWalk(this, scope).Run();

    public override Explanation Explain(in Scope scope)
    {
        var walk = new SequenceWalk(this, scope);
        var verdict = walk.Run();
        var evidence = new Dictionary<string, object?> { ["steps"] = Steps.Count, ["reached"] = walk.Reached };
        if (walk.LastCompleted is { } completed)
            evidence["lastCompletedAt"] = completed;
        foreach (var step in Steps)
        {
            if (step.Source.TruncatedBefore(scope, Period.Ever.Value) is { } cut)
                evidence["notReadBefore"] = cut;
        }

        return Explained("sequence", verdict, evidence);
    }

    public override void Require(Needs needs)
    {
        foreach (var step in Steps)
            step.Source.Require(needs);
        foreach (var source in Without)
            source.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "sequence");
        json.WriteStartArray("steps");
        foreach (var step in Steps)
        {
            json.WriteStartObject();
            step.Source.Write(json);
            if (step.After is { } after)
                json.WriteString("after", after.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (Without.Count > 0)
        {
            json.WriteStartArray("without");
            foreach (var source in Without)
            {
                json.WriteStartObject();
                source.Write(json);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (Within is { } within)
            json.WriteString("within", within.ToString());
        if (QuietFor is { } quiet)
            json.WriteString("quietFor", quiet.ToString());
        json.WriteEndObject();
    }

    internal override string Describe()
    {
        var text = string.Join(", then ", Steps.Select(s => s.Source.Describe() + (s.After is { } after ? $" at most {after} later" : "")));
        if (Without.Count > 0)
            text += $", without {string.Join(" or ", Without.Select(w => w.Describe()))}{(QuietFor is null ? " in between" : " since")}";
        if (QuietFor is { } quiet)
            text += $", {quiet} ago or longer";
        return Within is { } within ? $"{text}, the last within the last {within}" : text;
    }
}
