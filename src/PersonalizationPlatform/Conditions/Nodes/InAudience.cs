using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>The shopper is in an audience: on an imported list, or in the segment it publishes.</summary>
/// <param name="Audience">Null when only the external id is known.</param>
/// <param name="External">What the system it comes from calls it, while no audience here has that external id.</param>
public sealed record InAudience(AudienceId? Audience, string? External = null) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "inAudience",
        UsableIn = FieldScope.Profile | FieldScope.Cart,
        Description = "The shopper is in an audience (an imported list or a published segment), named by id or key and kept as id. In cart rules also by external alone: an audience of another system that is not known here.",
        Example = """{ "type": "inAudience", "audience": "vip-list" }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope) =>
        Audience is { } id ? scope.Moment.Audience(id) : Membership.External(scope.Moment.ExternalAudiences, External);

    public override Explanation Explain(in Scope scope) => Explained("inAudience", Evaluate(scope), Membership.Evidence("audience", Audience?.Value, External));

    public override void Require(Needs needs)
    {
        if (Audience is { } id)
            needs.Audiences.Add(id);
    }

    internal override void Write(Utf8JsonWriter json) => Membership.Write(json, "inAudience", "audience", Audience?.Value, External);

    internal override string Describe() => Audience is { } id ? $"in audience {id}" : $"in audience {External} of another system";

    private static InAudience? Parse(NodeReader node)
    {
        if (Membership.ReadExternal(node, "audience") is { } external)
            return new InAudience(null, external);
        if (node.RequiredText("audience") is not { } name)
            return null;
        if (node.Context.Audience(name) is { } audience)
            return new InAudience(audience);
        node.Fail("audience", "condition.unknownAudience", $"There is no audience with the id or key {ConditionJson.Shorten(name)}.");
        return null;
    }
}
