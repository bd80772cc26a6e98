using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>The shopper is in another segment, by its current definition. Archived, paused or missing segments have no members.</summary>
public sealed record InSegment(SegmentId Segment) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "inSegment",
        UsableIn = FieldScope.Profile,
        Description = "The shopper is in another segment, named by id or key and kept as id.",
        Example = """{ "type": "inSegment", "segment": "newsletter" }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) => scope.Moment.Segments(Segment);

    public override Explanation Explain(in Scope scope) =>
        Explained("inSegment", Evaluate(scope), new Dictionary<string, object?> { ["segment"] = Segment.Value });

    public override void Require(Needs needs) => needs.Segments.Add(Segment);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "inSegment");
        json.WriteString("segment", Segment.Value);
        json.WriteEndObject();
    }

    internal override string Describe() => $"in segment {Segment}";

    private static InSegment? Parse(NodeReader node)
    {
        if (node.RequiredText("segment") is not { } name)
            return null;
        if (node.Context.Segment(name) is { } segment)
            return new InSegment(segment);
        node.Fail("segment", "condition.unknownSegment", $"There is no segment with the id or key {ConditionJson.Shorten(name)}.");
        return null;
    }
}

/// <summary>The shopper is in an audience: on an imported list, or in the segment it publishes.</summary>
public sealed record InAudience(AudienceId Audience) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "inAudience",
        UsableIn = FieldScope.Profile,
        Description = "The shopper is in an audience (an imported list or a published segment), named by id or key and kept as id.",
        Example = """{ "type": "inAudience", "audience": "vip-list" }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) => scope.Moment.Audience(Audience);

    public override Explanation Explain(in Scope scope) =>
        Explained("inAudience", Evaluate(scope), new Dictionary<string, object?> { ["audience"] = Audience.Value });

    public override void Require(Needs needs) => needs.Audiences.Add(Audience);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "inAudience");
        json.WriteString("audience", Audience.Value);
        json.WriteEndObject();
    }

    internal override string Describe() => $"in audience {Audience}";

    private static InAudience? Parse(NodeReader node)
    {
        if (node.RequiredText("audience") is not { } name)
            return null;
        if (node.Context.Audience(name) is { } audience)
            return new InAudience(audience);
        node.Fail("audience", "condition.unknownAudience", $"There is no audience with the id or key {ConditionJson.Shorten(name)}.");
        return null;
    }
}
