using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>What rules may refer to beside segments and audiences, as it stands under the editors' lock.</summary>
internal static class RuleReferences
{
    private const int MaxBlocks = 1000;

    /// <summary>Blocks given by id or key, as ids; null for none.</summary>
    public static async Task<IReadOnlyList<string>?> BlocksAsync(
        PlatformDb db, IReadOnlyList<string>? given, KeptReferences kept, RuleChecks checks, CancellationToken cancellationToken)
    {
        if (given is not { Count: > 0 })
            return null;
        if (given.Count > MaxBlocks)
        {
            checks.Add("dynamicBlocks", "dynamicBlocks", $"At most {MaxBlocks} dynamic blocks.");
            return null;
        }

        var ids = given.Select(text => Guid.TryParse(text, out var id) ? id : default).ToArray();
        var known = await db.Set<DynamicBlock>().AsNoTracking().Where(block => given.Contains(block.Key) || ids.Contains(block.Id))
            .Select(block => new { block.Id, block.Key, block.Status }).ToListAsync(cancellationToken);
        known.RemoveAll(block => block.Status == DefinitionStatus.Archived && !kept.Has(block.Id));
        var found = new List<string>();
        for (var i = 0; i < given.Count; i++)
        {
            if (known.Find(block => block.Key == given[i] || block.Id == ids[i]) is { } block)
                found.Add(block.Id.ToString());
            else
                checks.Add($"dynamicBlocks[{i}]", "unknownBlock", "There is no dynamic block with this id or key.");
        }

        return [.. found.Distinct()];
    }
}
