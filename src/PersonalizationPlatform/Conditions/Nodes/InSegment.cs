using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>The shopper is in another segment, by its current definition. Archived, paused or missing segments have no members.</summary>
/// <param name="Segment">Null when only the external id is known.</param>
/// <param name="External">What the system it comes from calls it, while no segment here has that external id.</param>
public sealed record InSegment(SegmentId? Segment, string? External = null) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "inSegment",
        UsableIn = FieldScope.Profile | FieldScope.Cart,
        Description = "The shopper is in a segment, named by id or key and kept as id. In cart rules also by external alone: a segment of another system that has no definition here.",
        Example = """{ "type": "inSegment", "segment": "newsletter" }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) =>
        Segment is { } id ? scope.Moment.Segments(id) : Membership.External(scope.Moment.ExternalSegments, External);

    public override Explanation Explain(in Scope scope) => Explained("inSegment", Evaluate(scope), Membership.Evidence("segment", Segment?.Value, External));

    public override void Require(Needs needs)
    {
        if (Segment is { } id)
            needs.Segments.Add(id);
    }

    internal override void Write(Utf8JsonWriter json) => Membership.Write(json, "inSegment", "segment", Segment?.Value, External);

    internal override string Describe() => Segment is { } id ? $"in segment {id}" : $"in segment {External} of another system";

    private static InSegment? Parse(NodeReader node)
    {
        if (Membership.ReadExternal(node, "segment") is { } external)
            return new InSegment(null, external);
        if (node.RequiredText("segment") is not { } name)
            return null;
        if (node.Context.Segment(name) is { } segment)
            return new InSegment(segment);
        node.Fail("segment", "condition.unknownSegment", $"There is no segment with the id or key {ConditionJson.Shorten(name)}.");
        return null;
    }
}
