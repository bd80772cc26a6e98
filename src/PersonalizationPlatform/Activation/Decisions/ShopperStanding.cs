using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Which segments and audiences a shopper is in, as rules of one website ask: what is known, unless the caller names others.</summary>
/// <param name="namedSegments">Instead of what is known: ids, keys and external ids, in any case.</param>
/// <param name="namedAudiences">Likewise.</param>
public sealed class ShopperStanding(
    DecisionGround ground, string website, IReadOnlySet<string>? namedSegments = null, IReadOnlySet<string>? namedAudiences = null)
{
    /// <summary>The verdict says when time alone may change it.</summary>
    public Verdict Segment(SegmentId id)
    {
        var segment = ground.Segments.Find(id);
        if (namedSegments is not null)
            return namedSegments.Contains(id.ToString()) || segment is not null && namedSegments.Contains(segment.Key) ? Verdict.True : Verdict.False;
        if (ground.Shopper is not { } shopper || segment?.AnswersFor(website) != true)
            return Verdict.False;
        return new(shopper.Members.ContainsKey(id), shopper.Deadlines.TryGetValue(id, out var deadline) ? deadline : null);
    }

    /// <inheritdoc cref="Segment"/>
    public Verdict Audience(AudienceId id)
    {
        var known = ground.Segments.Audiences.TryGetValue(id, out var audience);
        if (namedAudiences is not null)
            return namedAudiences.Contains(id.ToString()) || known && namedAudiences.Contains(audience!.Key) ? Verdict.True : Verdict.False;
        if (!known || ground.Shopper is not { } shopper)
            return Verdict.False;
        return audience!.Segment is { } published ? Segment(published) : shopper.Lists.Contains(id) ? Verdict.True : Verdict.False;
    }

    /// <summary>A segment that only another system knows: the shopper is in it when the caller says so.</summary>
    public bool ExternalSegment(string id) => namedSegments?.Contains(id) == true;

    /// <inheritdoc cref="ExternalSegment"/>
    public bool ExternalAudience(string id) => namedAudiences?.Contains(id) == true;
}
