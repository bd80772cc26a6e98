using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// Which segments and audiences the shopper of a decision is in: as known, or as an admin says instead. Nobody is in one that is not live,
/// and of a shopper who refuses personalisation nothing is used.
/// </summary>
public sealed class ShopperStanding
{
    private readonly DecisionGround ground;
    private readonly string website;
    private readonly HashSet<string>? segments;
    private readonly NamedAudiences? audiences;
    private readonly NamedAudiences named;
    private ILookup<string, SegmentId>? segmentsByExternalId;
    private ILookup<string, AudienceId>? audiencesByExternalId;

    /// <param name="ground">What is known.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="shopper">What the request says of the shopper.</param>
    /// <param name="website">The website's code.</param>
    public ShopperStanding(DecisionGround ground, DecisionCaller caller, ShopperRequest? shopper, string website)
    {
        this.ground = ground;
        this.website = website;
        segments = caller.IsAdmin && shopper?.Segments is { } given ? given.Select(text => text.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase) : null;
        audiences = caller.IsAdmin && shopper?.Audiences is { } instead ? NamedAudiences.Of(instead) : null;
        // What a browser brings along is part of what a refusal is about; what an admin says is not.
        named = ground.Shopper is null ? NamedAudiences.None : caller.Named;
    }

    /// <summary>The verdict says when time alone may change it.</summary>
    public Verdict Segment(SegmentId id)
    {
        if (ground.Segments.Find(id) is not { } segment)
            return Verdict.False;
        if (segments is not null)
        {
            return segments.Contains(id.ToString()) || segments.Contains(segment.Key) || (segment.ExternalId is { } external && segments.Contains(external))
                ? Verdict.True
                : Verdict.False;
        }

        if (ground.Shopper is not { } shopper || !segment.AnswersFor(website))
            return Verdict.False;
        return new(shopper.Members.ContainsKey(id), shopper.Deadlines.TryGetValue(id, out var deadline) ? deadline : null);
    }

    /// <inheritdoc cref="Segment"/>
    public Verdict Audience(AudienceId id)
    {
        if (!ground.Segments.Audiences.TryGetValue(id, out var audience))
            return Verdict.False;
        if (named.Contains(audience) || audiences?.Contains(audience) == true)
            return Verdict.True;
        if (audiences is not null)
            return Verdict.False;
        if (audience.Segment is { } published)
            return Segment(published);
        return ground.Shopper?.Lists.Contains(id) == true ? Verdict.True : Verdict.False;
    }

    /// <summary>A segment of which only the external id was known when the rule was written; it may have arrived since.</summary>
    public bool ExternalSegment(string externalId)
    {
        if (segments?.Contains(externalId) == true)
            return true;
        segmentsByExternalId ??= ground.Segments.InOrder.Where(segment => segment.ExternalId is not null)
            .ToLookup(segment => segment.ExternalId!, segment => segment.Id, StringComparer.OrdinalIgnoreCase);
        return segmentsByExternalId[externalId].Any(id => Segment(id).Matches);
    }

    /// <summary>An audience of which only the external id was known when the rule was written; it may have arrived since.</summary>
    public bool ExternalAudience(string externalId)
    {
        if (named.Contains(externalId) || audiences?.Contains(externalId) == true)
            return true;
        audiencesByExternalId ??= ground.Segments.Audiences.Values.Where(audience => audience.ExternalId is not null)
            .ToLookup(audience => audience.ExternalId!, audience => audience.Id, StringComparer.OrdinalIgnoreCase);
        return audiencesByExternalId[externalId].Any(id => Audience(id).Matches);
    }
}
