using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
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
    private readonly HashSet<Guid> gone;

    private DefinitionReferences(
        Dictionary<SegmentId, (string Key, string? Condition)> segments, Dictionary<AudienceId, AudienceEntry> audiences, HashSet<Guid> gone)
    {
        this.gone = gone;
        this.segments = segments;
        this.audiences = audiences;
        segmentKeys = segments.ToDictionary(pair => pair.Value.Key, pair => pair.Key);
        audienceKeys = audiences.ToDictionary(pair => pair.Value.Key, pair => pair.Key);
    }

    /// <summary>Reads them. Call after <see cref="DefinitionEpoch.LockAsync"/> or <see cref="DefinitionEpoch.AdvanceAsync"/>, in the same transaction.</summary>
    /// <param name="db">The database.</param>
    /// <param name="kept">Archived ones that may be named.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<DefinitionReferences> ReadAsync(PlatformDb db, KeptReferences kept, CancellationToken cancellationToken)
    {
        var segments = await db.Set<SegmentDefinition>().AsNoTracking()
            .Select(segment => new { segment.Id, segment.Key, segment.Condition, segment.Status }).ToListAsync(cancellationToken);
        var audiences = await db.Set<Audience>().AsNoTracking()
            .Select(audience => new { Entry = new AudienceEntry(audience.Id, audience.Key, audience.Kind, audience.Segment, audience.ListVersion), audience.Status })
            .ToListAsync(cancellationToken);
        var archived = segments.Where(segment => segment.Status == DefinitionStatus.Archived).Select(segment => segment.Id.Value)
            .Concat(audiences.Where(audience => audience.Status == DefinitionStatus.Archived).Select(audience => audience.Entry.Id.Value));
        return new(
            segments.ToDictionary(segment => segment.Id, segment => (segment.Key, segment.Condition)),
            audiences.ToDictionary(audience => audience.Entry.Id, audience => audience.Entry),
            [.. archived.Where(id => !kept.Has(id))]);
    }

    /// <summary>By id or key; null when unknown or archived.</summary>
    public SegmentId? Segment(string idOrKey)
    {
        var found = Guid.TryParse(idOrKey, out var id)
            ? segments.ContainsKey(new(id)) ? new SegmentId(id) : (SegmentId?)null
            : segmentKeys.TryGetValue(idOrKey, out var known) ? known : null;
        return found is { } segment && !gone.Contains(segment.Value) ? segment : null;
    }

    /// <summary>By id or key; null when unknown or archived.</summary>
    public AudienceId? Audience(string idOrKey)
    {
        var found = Guid.TryParse(idOrKey, out var id)
            ? audiences.ContainsKey(new(id)) ? new AudienceId(id) : (AudienceId?)null
            : audienceKeys.TryGetValue(idOrKey, out var known) ? known : null;
        return found is { } audience && !gone.Contains(audience.Value) ? audience : null;
    }

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
