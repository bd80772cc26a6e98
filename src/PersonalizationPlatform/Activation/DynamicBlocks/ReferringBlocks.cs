using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Blocks to which segments and audiences are assigned.</summary>
internal sealed class ReferringBlocks(PlatformDb db) : IUseSegments, IUseAudiences
{
    public async Task<IReadOnlyList<SegmentUse>> UsesOfAsync(SegmentId segment, CancellationToken cancellationToken)
    {
        var id = segment.Value;
        return await db.Set<DynamicBlock>().AsNoTracking()
            .Where(block => block.Status != DefinitionStatus.Archived && block.Segments.Contains(id)).OrderBy(block => block.Key)
            .Select(block => new SegmentUse("dynamicBlock", block.Id, block.Key, block.Name)).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<AudienceUse>> UsesOfAsync(AudienceId audience, CancellationToken cancellationToken)
    {
        var id = audience.Value;
        return await db.Set<DynamicBlock>().AsNoTracking()
            .Where(block => block.Status != DefinitionStatus.Archived && block.Audiences.Contains(id)).OrderBy(block => block.Key)
            .Select(block => new AudienceUse("dynamicBlock", block.Id, block.Key, block.Name)).ToListAsync(cancellationToken);
    }
}
