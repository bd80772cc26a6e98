namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>Which of a composite line's parts a comparison looks at.</summary>
public enum LineScope
{
    /// <summary>The children, then the line itself; any of them giving the wanted answer settles it.</summary>
    Any,

    /// <summary>The line only.</summary>
    Parent,

    /// <summary>The children only, or the line when it has none.</summary>
    Children,
}

/// <summary>
/// What a condition says of a cart line that has children. As in Adobe Commerce each condition of a group is tried on the parts one by
/// one until a part gives the answer the group wants: true in all and any, false in none and notAll. So "SKU is not CHILD" holds for
/// a configurable line, because its own SKU is another. This is the only place that knows.
/// </summary>
internal static class CompositeLines
{
    private static readonly string[] Words = ["parent", "children"];

    /// <summary>A whole tree about one line.</summary>
    public static Verdict Holds(Condition tree, in Scope scope) => tree is Group ? tree.Evaluate(scope) : Judge(tree, scope, true);

    /// <inheritdoc cref="Holds"/>
    public static Explanation ExplainWhole(Condition tree, in Scope scope) => tree is Group ? tree.Explain(scope) : Explain(tree, scope, true);

    /// <summary>One condition of a group that wants <paramref name="wanted"/> of it.</summary>
    public static Verdict Judge(Condition condition, in Scope scope, bool wanted)
    {
        if (scope.Line is not { } line || (line.Children.Count == 0 && line.Parent is null))
            return condition.Evaluate(scope);
        var parts = condition is Compare compare ? compare.Line : LineScope.Any;
        if (parts == LineScope.Parent)
            return condition.Evaluate(line.Parent is { } parent ? scope with { Line = parent } : scope);
        DateTimeOffset? changesAt = null;
        for (var i = 0; i < line.Children.Count; i++)
        {
            var verdict = condition.Evaluate(scope with { Line = line.Children[i] });
            if (verdict.Matches == wanted)
                return verdict;
            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        if (parts == LineScope.Children && line.Children.Count > 0)
            return new Verdict(!wanted, changesAt);
        var own = condition.Evaluate(scope);
        return own.Matches == wanted ? own : own with { ChangesAt = Verdict.Earlier(changesAt, own.ChangesAt) };
    }

    /// <summary>The same with its evidence: that of the part which settled it, else of the last one tried.</summary>
    public static Explanation Explain(Condition condition, in Scope scope, bool wanted)
    {
        if (scope.Line is not { } line)
            return condition.Explain(scope);
        var verdict = Judge(condition, scope, wanted);
        var parts = condition is Compare compare ? compare.Line : LineScope.Any;
        if (parts == LineScope.Parent)
            return condition.Explain(line.Parent is { } parent ? scope with { Line = parent } : scope);
        foreach (var child in line.Children)
        {
            var part = scope with { Line = child };
            if (condition.Evaluate(part).Matches == wanted)
                return condition.Explain(part);
        }

        var last = parts == LineScope.Children && line.Children is [.., var youngest] ? scope with { Line = youngest } : scope;
        return condition.Explain(last) with { ChangesAt = verdict.ChangesAt };
    }

    /// <summary>The member <c>scope</c> of a comparison; only lines have parts.</summary>
    public static LineScope Parse(NodeReader node) =>
        (node.Place & FieldScope.CartLine) == 0 ? LineScope.Any : node.Word("scope", Words) switch
        {
            "parent" => LineScope.Parent,
            "children" => LineScope.Children,
            _ => LineScope.Any,
        };

    public static string? Word(LineScope scope) => scope == LineScope.Any ? null : Words[(int)scope - 1];
}
