using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>
/// Which segments and audiences the shopper of a decision is in: as known, or as an admin says instead. Nobody is in one that is not live,
/// and of a shopper who refuses personalisation nothing is used.
/// </summary>
public sealed class ShopperStanding
{
    private readonly SegmentSet definitions;
    private readonly string website;
    private readonly HashSet<string>? segments;
    private readonly NamedAudiences? audiences;
    private readonly NamedAudiences named;
    private ILookup<string, SegmentId>? segmentsByExternalId;
    private ILookup<string, AudienceId>? audiencesByExternalId;

    /// <param name="known">What is known of the shopper; null = nothing, or it may not be used.</param>
    /// <param name="definitions">Segments and audiences.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="shopper">What the request says of the shopper.</param>
    /// <param name="website">The website's code.</param>
    public ShopperStanding(ShopperView? known, SegmentSet definitions, DecisionCaller caller, ShopperRequest? shopper, string website)
    {
        Shopper = known;
        this.definitions = definitions;
        this.website = website;
        segments = caller.IsAdmin && shopper?.Segments is { } given ? given.Select(text => text.Trim()).ToHashSet(StringComparer.OrdinalIgnoreCase) : null;
        audiences = caller.IsAdmin && shopper?.Audiences is { } instead ? NamedAudiences.Of(instead) : null;
        // What a caller brings along is part of what a refusal is about; what an admin says instead is not.
        named = known is null ? NamedAudiences.None : caller.IsTrusted && !caller.IsAdmin ? caller.Named.And(shopper?.Audiences) : caller.Named;
    }

    /// <summary>What is known of the shopper; null = nothing, or it may not be used.</summary>
    public ShopperView? Shopper { get; }

    /// <summary>The verdict says when time alone may change it.</summary>
    public Verdict Segment(SegmentId id)
    {
        if (definitions.Find(id) is not { } segment)
            return Verdict.False;
        if (segments is not null)
        {
            return segments.Contains(id.ToString()) || segments.Contains(segment.Key) || (segment.ExternalId is { } external && segments.Contains(external))
                ? Verdict.True
                : Verdict.False;
        }

        if (Shopper is null || !segment.AnswersFor(website))
            return Verdict.False;
        return new(Shopper.Members.ContainsKey(id), Shopper.Deadlines.TryGetValue(id, out var deadline) ? deadline : null);
    }

    /// <inheritdoc cref="Segment"/>
    public Verdict Audience(AudienceId id)
    {
        if (!definitions.Audiences.TryGetValue(id, out var audience))
            return Verdict.False;
        if (named.Contains(audience) || audiences?.Contains(audience) == true)
            return Verdict.True;
        if (audiences is not null)
            return Verdict.False;
        if (audience.Segment is { } published)
            return Segment(published);
        return Shopper?.Lists.Contains(id) == true ? Verdict.True : Verdict.False;
    }

    public LiveSegment? Find(SegmentId id) => definitions.Find(id);

    public AudienceEntry? Find(AudienceId id) => definitions.Audiences.GetValueOrDefault(id);

    /// <summary>Since when the shopper is in a segment; null when that is not known.</summary>
    public DateTimeOffset? Since(SegmentId id) => segments is null ? Shopper?.Members.GetValueOrDefault(id)?.Since : null;

    /// <summary>Since when the shopper is in the segment that an audience publishes.</summary>
    public DateTimeOffset? Since(AudienceId id) => audiences is null && Find(id)?.Segment is { } published ? Since(published) : null;

    /// <summary>The keys of the live segments the shopper is in.</summary>
    public IEnumerable<string> SegmentKeys() => definitions.InOrder.Where(segment => Segment(segment.Id).Matches).Select(segment => segment.Key);

    /// <summary>The next instant at which time alone may change a membership.</summary>
    public DateTimeOffset? NextDeadline(DateTimeOffset at)
    {
        DateTimeOffset? next = null;
        if (segments is null && Shopper is not null)
        {
            foreach (var deadline in Shopper.Deadlines.Values)
                next = deadline > at ? Verdict.Earlier(next, deadline) : next;
        }

        return next;
    }

    /// <summary>A segment of which only the external id was known when the rule was written; it may have arrived since.</summary>
    public Verdict ExternalSegment(string externalId)
    {
        if (segments?.Contains(externalId) == true)
            return Verdict.True;
        segmentsByExternalId ??= definitions.InOrder.Where(segment => segment.ExternalId is not null)
            .ToLookup(segment => segment.ExternalId!, segment => segment.Id, StringComparer.OrdinalIgnoreCase);
        return AnyOf(segmentsByExternalId[externalId].Select(Segment));
    }

    /// <summary>An audience of which only the external id was known when the rule was written; it may have arrived since.</summary>
    public Verdict ExternalAudience(string externalId)
    {
        if (named.Contains(externalId) || audiences?.Contains(externalId) == true)
            return Verdict.True;
        audiencesByExternalId ??= definitions.Audiences.Values.Where(audience => audience.ExternalId is not null)
            .ToLookup(audience => audience.ExternalId!, audience => audience.Id, StringComparer.OrdinalIgnoreCase);
        return AnyOf(audiencesByExternalId[externalId].Select(Audience));
    }

    private static Verdict AnyOf(IEnumerable<Verdict> verdicts) => verdicts.Aggregate(
        Verdict.False, (any, one) => new(any.Matches || one.Matches, Verdict.Earlier(any.ChangesAt, one.ChangesAt)));
}
