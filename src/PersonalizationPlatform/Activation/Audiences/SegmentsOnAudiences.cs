using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>Segments whose conditions ask for audiences.</summary>
internal sealed class SegmentsOnAudiences(PlatformDb db) : IUseAudiences
{
    public async Task<IReadOnlyList<AudienceUse>> UsesOfAsync(AudienceId audience, CancellationToken cancellationToken)
    {
        var segments = await db.Set<SegmentDefinition>().AsNoTracking()
            .Where(segment => segment.Status != DefinitionStatus.Archived && segment.Condition != null)
            .OrderBy(segment => segment.Key).Select(segment => new { segment.Id, segment.Key, segment.Name, segment.Condition }).ToListAsync(cancellationToken);
        return [.. segments.Where(segment => segment.Condition!.Contains(audience.ToString(), StringComparison.OrdinalIgnoreCase))
            .Select(segment => new AudienceUse("segment", segment.Id.Value, segment.Key, segment.Name))];
    }
}
