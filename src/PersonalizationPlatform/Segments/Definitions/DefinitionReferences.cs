using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>
/// What definitions may refer to, by id or key, as it stands under the epoch's row lock: so two people who save at the same
/// time cannot together make a circle.
/// </summary>
public sealed class DefinitionReferences
{
    private readonly Dictionary<SegmentId, (string Key, string? Condition)> segments;
    private readonly Dictionary<string, SegmentId> segmentKeys;
    private readonly Dictionary<AudienceId, AudienceEntry> audiences;
    private readonly Dictionary<string, AudienceId> audienceKeys;

    private DefinitionReferences(Dictionary<SegmentId, (string Key, string? Condition)> segments, Dictionary<AudienceId, AudienceEntry> audiences)
    {
        this.segments = segments;
        this.audiences = audiences;
        segmentKeys = segments.ToDictionary(pair => pair.Value.Key, pair => pair.Key);
        audienceKeys = audiences.ToDictionary(pair => pair.Value.Key, pair => pair.Key);
    }

    /// <summary>Reads them. Call after <see cref="DefinitionEpoch.LockAsync"/> or <see cref="DefinitionEpoch.AdvanceAsync"/>, in the same transaction.</summary>
    public static async Task<DefinitionReferences> ReadAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var segments = await db.Set<SegmentDefinition>().AsNoTracking()
            .Select(segment => new { segment.Id, segment.Key, segment.Condition }).ToListAsync(cancellationToken);
        var audiences = await db.Set<Audience>().AsNoTracking()
            .Select(audience => new AudienceEntry(audience.Id, audience.Key, audience.Kind, audience.Segment, audience.ListVersion)).ToListAsync(cancellationToken);
        return new(
            segments.ToDictionary(segment => segment.Id, segment => (segment.Key, segment.Condition)),
            audiences.ToDictionary(audience => audience.Id));
    }

    /// <summary>By id or key; null when unknown.</summary>
    public SegmentId? Segment(string idOrKey) =>
        Guid.TryParse(idOrKey, out var id)
            ? segments.ContainsKey(new(id)) ? new SegmentId(id) : null
            : segmentKeys.TryGetValue(idOrKey, out var known) ? known : null;

    /// <summary>By id or key; null when unknown.</summary>
    public AudienceId? Audience(string idOrKey) =>
        Guid.TryParse(idOrKey, out var id)
            ? audiences.ContainsKey(new(id)) ? new AudienceId(id) : null
            : audienceKeys.TryGetValue(idOrKey, out var known) ? known : null;

    internal ConditionContext Context => new(Segment, Audience) { Kind = EventKinds.InCondition };

    /// <summary>Adds an error when the condition would make the segment refer to itself, directly or through others.</summary>
    internal void RefuseCircle(SegmentId segment, Condition condition, List<ProblemError> errors)
    {
        var way = SegmentOrder.FindCircle(segment, SegmentOrder.References(StoredCondition.NeedsOf(condition), audiences), ReferencesOf);
        if (way is null)
            return;
        var names = string.Join(" → ", way.Select(id => id == segment ? "this segment" : segments[id].Key));
        errors.Add(new("$.condition", "segment.circle", $"A segment must not refer to itself, also not through others: {names}."));
    }

    private IEnumerable<SegmentId> ReferencesOf(SegmentId segment) =>
        segments.TryGetValue(segment, out var known) && known.Condition is { } stored && StoredCondition.Read(stored) is { } condition
            ? SegmentOrder.References(StoredCondition.NeedsOf(condition), audiences)
            : [];
}
