using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.History;

/// <summary>What definitions said, version by version, and the way back.</summary>
public sealed class DefinitionHistory(PlatformDb db, DefinitionChanges changes)
{
    /// <summary>Newest first. The present version is there even if nobody kept it, because it is older than histories are.</summary>
    /// <param name="before">Only versions below this one.</param>
    /// <param name="rows">How many at most.</param>
    public async Task<IReadOnlyList<DefinitionVersion>> ListAsync(
        string collection, DefinitionState present, int? before, int rows, CancellationToken cancellationToken)
    {
        var id = present.Head.Id;
        var kept = await db.Set<DefinitionVersion>().AsNoTracking()
            .Where(version => version.Collection == collection && version.Definition == id && (before == null || version.Version < before))
            .OrderByDescending(version => version.Version).Take(rows).ToListAsync(cancellationToken);
        if ((before is null || present.Head.Version < before) && (kept.Count == 0 || kept[0].Version < present.Head.Version))
            kept.Insert(0, Of(collection, present));
        return [.. kept.Take(rows)];
    }

    /// <summary>Null when the definition never had this version, or had it before histories were kept.</summary>
    public async Task<DefinitionVersion?> FindAsync(string collection, DefinitionState present, int version, CancellationToken cancellationToken)
    {
        var id = present.Head.Id;
        var found = await db.Set<DefinitionVersion>().AsNoTracking().SingleOrDefaultAsync(
            kept => kept.Collection == collection && kept.Definition == id && kept.Version == version, cancellationToken);
        return found ?? (version == present.Head.Version ? Of(collection, present) : null);
    }

    /// <summary>
    /// Writes what an older version said as a new version. Its status stays as it is now, or becomes again what it was. 400
    /// <c>definition.unknownVersion</c>, and whatever a PUT of the old body is answered today: references may have gone meanwhile.
    /// </summary>
    public Task<DefinitionHead> RollBackAsync(
        IDefinitionKind kind, Guid id, int version, bool restoreStatus, EntityVersion match, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var present = await kind.FindStateAsync(id.ToString(), cancellationToken)
            ?? throw ProblemException.NotFound($"definition in {kind.Collection} with this id");
        match.Demand(present.Head.Version);
        var old = await FindAsync(kind.Collection, present, version, cancellationToken)
            ?? throw ProblemException.Invalid(
                "definition.unknownVersion", $"There is no version {version.ToString(CultureInfo.InvariantCulture)} of this definition.",
                new ProblemError("$.version", "definition.unknownVersion", $"GET /v1/{kind.Collection}/{id}/versions lists them."));
        var status = restoreStatus ? old.Status : present.Head.Status;
        return await kind.ReplaceAsync(id, DefinitionBody.WithStatus(old.Body, status), EntityVersion.Of(null), cancellationToken);
    }, cancellationToken);

    private static DefinitionVersion Of(string collection, DefinitionState present) => new()
    {
        Collection = collection,
        Definition = present.Head.Id,
        Version = present.Head.Version,
        Status = present.Head.Status,
        Name = present.Head.Name,
        Body = present.Body,
        SavedAt = present.SavedAt,
    };
}
