using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Dynamic blocks as one of the kinds of definitions.</summary>
public sealed class DynamicBlockCollection(PlatformDb db, DynamicBlockEditor editor) : IDefinitionKind
{
    public const string Name = "dynamic-blocks";

    public string Collection => Name;

    /// <summary>The id of the block with this id or key; 404 for an unknown key.</summary>
    public async Task<Guid> IdOfAsync(string idOrKey, CancellationToken cancellationToken) =>
        Guid.TryParse(idOrKey, out var id)
            ? id
            : await db.Set<DynamicBlock>().Where(block => block.Key == idOrKey).Select(block => (Guid?)block.Id).SingleOrDefaultAsync(cancellationToken)
                ?? throw ProblemException.NotFound("dynamic block with this id or key");

    public async Task<DefinitionState?> FindStateAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? given : default;
        var block = await db.Set<DynamicBlock>().AsNoTracking().SingleOrDefaultAsync(block => block.Id == id || block.Key == idOrKey, cancellationToken);
        return block is null ? null : State(block);
    }

    public async Task<DefinitionHead> ReplaceAsync(Guid id, JsonElement body, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await editor.UpdateAsync(id, DefinitionBody.Read<DynamicBlockRequest>(body), version, cancellationToken));

    public async Task<DefinitionHead> MoveAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await editor.MoveAsync(id, status, version, cancellationToken));

    internal static DefinitionState State(DynamicBlock block)
    {
        var request = new DynamicBlockRequest
        {
            Name = block.Name,
            Key = block.Key,
            Locations = [.. block.Locations.Select(name => Enum.Parse<BlockLocation>(name, true))],
            Contents = BlockContents.Read(block.Contents),
            Template = block.Template,
            CartRules = [.. block.CartRules.Select(id => id.ToString())],
            CatalogRules = [.. block.CatalogRules.Select(id => id.ToString())],
            Segments = [.. block.Segments.Select(id => id.ToString())],
            Audiences = [.. block.Audiences.Select(id => id.ToString())],
            StartsAt = block.StartsAt,
            EndsAt = block.EndsAt,
            Priority = block.Priority,
            Website = block.Website,
        };
        return new(Head(block), DefinitionBody.Write(request), block.UpdatedAt);
    }

    private static DefinitionHead Head(DynamicBlock block) => new(block.Id, block.Key, block.Name, block.Status, block.Version);
}
