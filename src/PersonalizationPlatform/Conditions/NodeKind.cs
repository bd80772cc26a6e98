namespace PersonalizationPlatform.Conditions;

/// <summary>A kind of node: its name in JSON, where it may stand, what it means, and how it is read.</summary>
public sealed class NodeKind
{
    /// <summary>The node's <c>type</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The places it may stand; any of them will do.</summary>
    public required FieldScope UsableIn { get; init; }
    public required string Description { get; init; }

    /// <summary>An example as JSON text.</summary>
    public required string Example { get; init; }

    /// <summary>Set by every node kind; it cannot be <c>required</c> because it is less visible than the class.</summary>
    internal Func<NodeReader, Condition?> Parse { get; init; } = null!;
}
