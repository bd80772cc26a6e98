using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>Segments that refer to segments.</summary>
internal sealed class ReferringSegments(PlatformDb db) : IUseSegments
{
    public async Task<IReadOnlyList<SegmentUse>> UsesOfAsync(SegmentId segment, CancellationToken cancellationToken)
    {
        var others = await db.Set<SegmentDefinition>().AsNoTracking()
            .Where(other => other.Id != segment && other.Status != DefinitionStatus.Archived && other.Condition != null)
            .OrderBy(other => other.Key).Select(other => new { other.Id, other.Key, other.Name, other.Condition }).ToListAsync(cancellationToken);
        // References are kept as ids, and an id stands nowhere else by chance.
        return [.. others.Where(other => other.Condition!.Contains(segment.ToString(), StringComparison.OrdinalIgnoreCase))
            .Select(other => new SegmentUse("segment", other.Id.Value, other.Key, other.Name))];
    }
}

/// <summary>Audiences that publish segments.</summary>
internal sealed class PublishingAudiences(PlatformDb db) : IUseSegments
{
    public async Task<IReadOnlyList<SegmentUse>> UsesOfAsync(SegmentId segment, CancellationToken cancellationToken) =>
        await db.Set<Audience>().AsNoTracking()
            .Where(audience => audience.Segment == segment && audience.Status != DefinitionStatus.Archived)
            .OrderBy(audience => audience.Key)
            .Select(audience => new SegmentUse("audience", audience.Id.Value, audience.Key, audience.Name)).ToListAsync(cancellationToken);
}
