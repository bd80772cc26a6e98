using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>The segments and audiences that have an external id, as they stand inside the step.</summary>
internal sealed record ImportReferences(IReadOnlyDictionary<string, SegmentId> Segments, IReadOnlyDictionary<string, AudienceId> Audiences)
{
    public static async Task<ImportReferences> ReadAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var segments = await db.Set<SegmentDefinition>().AsNoTracking()
            .Where(segment => segment.ExternalId != null && segment.Status != DefinitionStatus.Archived)
            .Select(segment => new { segment.ExternalId, segment.Id }).ToListAsync(cancellationToken);
        // External ids of audiences need not be unique; the older one is meant.
        var audiences = await db.Set<Audience>().AsNoTracking()
            .Where(audience => audience.ExternalId != null && audience.Status != AudienceStatus.Archived)
            .OrderByDescending(audience => audience.CreatedAt).Select(audience => new { audience.ExternalId, audience.Id }).ToListAsync(cancellationToken);
        var known = new Dictionary<string, AudienceId>(StringComparer.OrdinalIgnoreCase);
        foreach (var audience in audiences)
            known[audience.ExternalId!] = audience.Id;
        return new(segments.ToDictionary(segment => segment.ExternalId!, segment => segment.Id, StringComparer.OrdinalIgnoreCase), known);
    }
}
