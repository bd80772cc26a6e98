using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>What reading a condition has to look up.</summary>
/// <param name="Segment">Finds a segment by id or key; null when there is none.</param>
/// <param name="Audience">Finds an audience by id or key; null when there is none.</param>
public sealed record ConditionContext(Func<string, SegmentId?> Segment, Func<string, AudienceId?> Audience)
{
    /// <summary>The one spelling of an event's name (aliases, XDM types); custom types are left as they are.</summary>
    public Func<string, string> Kind { get; init; } = static name => name;

    /// <summary>What the tree's root is about.</summary>
    public FieldScope Root { get; init; } = FieldScope.Profile;
}
