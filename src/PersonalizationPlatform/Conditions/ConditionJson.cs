using System.Buffers;
using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Conditions.Nodes;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Conditions;

/// <summary>Reads conditions strictly, reporting everything wrong at once, and writes them in their canonical form.</summary>
public static class ConditionJson
{
    /// <summary>The language has no depth of its own; this bound keeps evaluation within a thread's stack.</summary>
    public const int MaxDepth = 1_000;

    /// <summary>Nodes in one tree.</summary>
    public const int MaxNodes = 10_000;

    /// <summary>What a reader or writer of condition JSON must allow: two JSON levels for each node, and the request around it.</summary>
    public const int MaxJsonDepth = (4 * MaxDepth) + 64;

    /// <summary>Every kind of node.</summary>
    public static readonly IReadOnlyList<NodeKind> Kinds =
    [
        Group.Kind, Compare.Kind, CompareWithViewed.Kind, Happened.Kind, FirstTime.Kind, LastTime.Kind, Measure.Kind, AnyItem.Kind, ItemsTotal.Kind,
        AnyAddress.Kind, AnyOrder.Kind, Sequence.Kind, InSegment.Kind, InAudience.Kind,
    ];

    private static readonly Dictionary<string, NodeKind> ByType = Kinds.ToDictionary(k => k.Type, StringComparer.Ordinal);

    /// <summary>Reads a tree; null when <paramref name="errors"/> grew.</summary>
    /// <param name="json">The tree's root node.</param>
    /// <param name="path">Where it stands in the request, e.g. <c>$.condition</c>.</param>
    /// <param name="context">Look-ups and the root's place.</param>
    /// <param name="errors">Everything that is wrong, by JSON path.</param>
    public static Condition? Parse(JsonElement json, string path, ConditionContext context, List<ProblemError> errors)
    {
        var reading = new Reading(context, errors);
        var before = errors.Count;
        var condition = Parse(json, new JsonPath(null, path, -1), reading, context.Root);
        return errors.Count == before ? condition : null;
    }

    /// <summary>The canonical JSON of a tree.</summary>
    public static JsonElement Write(Condition condition)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = MaxJsonDepth }))
            condition.Write(json);
        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        return document.RootElement.Clone();
    }

    /// <summary>Parses JSON text as deep as a condition may be.</summary>
    public static JsonElement ReadText(string text)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(text), new JsonDocumentOptions { MaxDepth = MaxJsonDepth });
        return document.RootElement.Clone();
    }

    internal static Condition? Parse(JsonElement json, JsonPath path, Reading reading, FieldScope place)
    {
        if (!reading.Counts(path))
            return null;
        if (reading.Depth >= MaxDepth || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            reading.Fail(path, "condition.tooDeep", $"Conditions nest at most {MaxDepth} deep.");
            return null;
        }

        reading.Depth++;
        var condition = Node(new NodeReader(json, path, reading, place));
        reading.Depth--;
        return condition;
    }

    private static Condition? Node(NodeReader node)
    {
        if (!node.IsObject)
            return null;
        if (node.RequiredText("type") is not { } type)
            return null;
        if (!ByType.TryGetValue(type, out var kind))
        {
            var usable = Kinds.Where(k => (k.UsableIn & node.Place) != 0).Select(k => k.Type);
            node.Fail("type", "condition.unknownType", $"There is no condition of type \"{Shorten(type)}\".{Nearest.Hint(type, usable)}");
            return null;
        }

        if ((kind.UsableIn & node.Place) == 0)
        {
            var usable = string.Join(", ", Kinds.Where(k => (k.UsableIn & node.Place) != 0).Select(k => k.Type));
            node.Fail("type", "condition.notHere", $"A {type} condition cannot stand here; possible are {usable}.");
            return null;
        }

        var condition = kind.Parse(node);
        node.Finish();
        return condition;
    }

    internal static string Shorten(string text) => text.Length <= 80 ? text : text[..80] + "…";
}

/// <summary>The state of reading one tree.</summary>
internal sealed class Reading(ConditionContext context, List<ProblemError> errors)
{
    private const int MaxErrors = 200;
    private int _reported;
    private int _nodes;

    public ConditionContext Context { get; } = context;
    public int Depth { get; set; }

    /// <summary>Whether the tree has grown too large; nothing more is read then.</summary>
    public bool IsFull => _nodes > ConditionJson.MaxNodes;

    /// <summary>Counts a node; the first one too many is reported, it and those after it are not read.</summary>
    public bool Counts(JsonPath path)
    {
        if (++_nodes == ConditionJson.MaxNodes + 1)
            Fail(path, "condition.tooLarge", $"A condition has at most {ConditionJson.MaxNodes} nodes.");
        return !IsFull;
    }

    public void Fail(JsonPath path, string code, string detail)
    {
        if (++_reported <= MaxErrors)
            errors.Add(new ProblemError(path.ToString(), code, detail));
    }
}

/// <summary>A place in the JSON, spelt out only when something is wrong there.</summary>
internal sealed record JsonPath(JsonPath? Parent, string Name, int Index)
{
    public JsonPath Member(string name) => new(this, name, -1);

    public JsonPath Element(int index) => new(this, "", index);

    public override string ToString()
    {
        var steps = new Stack<JsonPath>();
        for (var step = this; step is not null; step = step.Parent)
            steps.Push(step);
        var text = new StringBuilder();
        foreach (var step in steps)
        {
            if (step.Index >= 0)
                text.Append('[').Append(step.Index).Append(']');
            else if (step.Parent is null)
                text.Append(step.Name);
            else if (step.Name.Length > 0 && step.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
                text.Append('.').Append(step.Name);
            else
                text.Append("['").Append(ConditionJson.Shorten(step.Name)).Append("']");
        }

        return text.ToString();
    }
}
