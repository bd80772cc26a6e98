using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>The segments and audiences that have an external id, as they stand inside the step.</summary>
internal sealed record ImportReferences(Dictionary<string, SegmentId> Segments, Dictionary<string, AudienceId> Audiences)
{
    public static async Task<ImportReferences> ReadAsync(PlatformDb db, CancellationToken cancellationToken)
    {
        var segments = await db.Set<SegmentDefinition>().AsNoTracking()
            .Where(segment => segment.ExternalId != null && segment.Status != DefinitionStatus.Archived)
            .OrderByDescending(segment => segment.CreatedAt).Select(segment => new { segment.ExternalId, segment.Id }).ToListAsync(cancellationToken);
        var audiences = await db.Set<Audience>().AsNoTracking()
            .Where(audience => audience.ExternalId != null && audience.Status != DefinitionStatus.Archived)
            .OrderByDescending(audience => audience.CreatedAt).Select(audience => new { audience.ExternalId, audience.Id }).ToListAsync(cancellationToken);
        // Two may differ in case only, and those of audiences need not be unique: the oldest is meant.
        var known = new ImportReferences(new Dictionary<string, SegmentId>(StringComparer.OrdinalIgnoreCase), new Dictionary<string, AudienceId>(StringComparer.OrdinalIgnoreCase));
        foreach (var segment in segments)
            known.Segments[segment.ExternalId!] = segment.Id;
        foreach (var audience in audiences)
            known.Audiences[audience.ExternalId!] = audience.Id;
        return known;
    }
}
