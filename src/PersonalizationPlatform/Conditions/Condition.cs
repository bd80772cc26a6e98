using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>One node of the condition tree. A node kind is one file that knows its own meaning.</summary>
public abstract record Condition
{
    /// <summary>Judges the tree for the shopper at a moment.</summary>
    public Verdict Evaluate(Moment moment) => Evaluate(new Scope(moment));

    /// <summary>The same judgement with its evidence, for <c>?explain=true</c>.</summary>
    public Explanation Explain(Moment moment) => Explain(new Scope(moment));

    /// <summary>Judges this node. Pure and bounded.</summary>
    public abstract Verdict Evaluate(in Scope scope);

    /// <summary>Judges this node and says why.</summary>
    public abstract Explanation Explain(in Scope scope);

    /// <summary>Adds what this node needs loaded.</summary>
    public abstract void Require(Needs needs);

    /// <summary>The canonical JSON: defaults left out, segments and audiences as ids, durations in their shortest form.</summary>
    public JsonElement ToJson() => ConditionJson.Write(this);

    /// <summary>Writes the canonical JSON object.</summary>
    internal abstract void Write(Utf8JsonWriter json);

    /// <summary>The condition in a phrase of plain English.</summary>
    internal abstract string Describe();

    /// <summary>Records print themselves with every member; a tree prints as its sentence.</summary>
    public sealed override string ToString() => Describe();

    private protected Explanation Explained(string type, Verdict verdict, IReadOnlyDictionary<string, object?>? evidence = null, IReadOnlyList<Explanation>? of = null) =>
        new() { Type = type, Text = Describe(), Matches = verdict.Matches, ChangesAt = verdict.ChangesAt, Evidence = evidence, Of = of };
}

/// <summary>What a tree needs loaded before it can be judged.</summary>
public sealed class Needs
{
    /// <summary>Event kinds asked for; orders are asked for with <see cref="Orders"/>.</summary>
    public HashSet<string> Kinds { get; } = new(StringComparer.OrdinalIgnoreCase);
    public bool Orders { get; set; }
    public bool Attributes { get; set; }

    /// <summary>Raw bodies are needed (<c>event.data.*</c>).</summary>
    public bool Bodies { get; set; }

    /// <summary>Catalogue attributes of the lines' SKUs are needed (<c>item.attributes.*</c>).</summary>
    public bool Products { get; set; }
    public HashSet<SegmentId> Segments { get; } = [];
    public HashSet<AudienceId> Audiences { get; } = [];

    /// <summary>Everything a tree needs.</summary>
    public static Needs Of(Condition condition)
    {
        var needs = new Needs();
        condition.Require(needs);
        return needs;
    }
}

/// <summary>A node's verdict with the evidence for it, ready to be written as JSON.</summary>
public sealed record Explanation
{
    /// <summary>The node's type, e.g. <c>happened</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The condition in a sentence.</summary>
    public required string Text { get; init; }
    public required bool Matches { get; init; }
    public DateTimeOffset? ChangesAt { get; init; }

    /// <summary>Counts, thresholds, values compared, ids and times of the events that decided.</summary>
    public IReadOnlyDictionary<string, object?>? Evidence { get; init; }
    public IReadOnlyList<Explanation>? Of { get; init; }
}
