using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>Every change of a rotator.</summary>
public sealed class RotatorEditor(PlatformDb db, DefinitionChanges changes, WebsiteCodes websites, TimeProvider time)
    : RuleEditor<Rotator, RotatorRequest>(db, changes, time)
{
    private const int MaxBlocks = 100;

    public override string Collection => "rotators";

    protected override string Code => "rotator";

    protected override string Word => "rotator";

    protected override async Task<RotatorRequest> CheckAsync(
        Rotator rule, RotatorRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        var website = await websites.CheckAsync(request.Website, Code, errors, cancellationToken);
        if (request.StoreViews is { } views && (views.Count > 100 || views.Any(view => view is null or { Length: 0 or > 64 })))
            errors.Add(new("$.storeViews", "rotator.storeViews", "At most 100 codes of store views, each of 1 to 64 characters."));
        var blocks = await BlocksAsync(rule, request, errors, cancellationToken);
        return request with
        {
            Key = null,
            Status = null,
            ExternalId = null,
            Website = website,
            Blocks = blocks,
            Locations = request.Locations is { Count: > 0 } locations ? [.. locations.Distinct()] : null,
            StoreViews = request.StoreViews is { Count: > 0 } given ? [.. given.Distinct(StringComparer.OrdinalIgnoreCase)] : null,
        };
    }

    /// <summary>409 <c>rotator.keyTaken</c> when a page that asks for the key would mean something else.</summary>
    protected override async Task ChangedAsync(Rotator rule, CancellationToken cancellationToken)
    {
        if (rule.Status != DefinitionStatus.Archived && await MeansOtherAsync(rule.Key, cancellationToken))
        {
            throw new ProblemException(
                409, "rotator.keyTaken", $"A page that asks for {rule.Key} means a block or a location.",
                [new("$.key", "rotator.keyTaken", "Choose another key.")]);
        }
    }

    protected override async Task<bool> MeansOtherAsync(string key, CancellationToken cancellationToken) =>
        Enum.TryParse<BlockLocation>(key, true, out _)
        || await Db.Set<DynamicBlock>().AnyAsync(block => block.Key == key && block.Status != DefinitionStatus.Archived, cancellationToken);

    /// <summary>The ids of the blocks named, each once, in their order; null where blocks are not named.</summary>
    private async Task<IReadOnlyList<string>?> BlocksAsync(Rotator rule, RotatorRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        var given = request.Blocks ?? [];
        var specified = request.BlocksToDisplay is null or RotatorSource.Specified;
        if (specified ? given.Count is 0 or > MaxBlocks : given.Count > 0)
        {
            errors.Add(new("$.blocks", "rotator.blocks", specified ? $"Name 1 to {MaxBlocks} blocks." : "Blocks are named only where blocksToDisplay is specified."));
            return null;
        }

        if (!specified)
            return null;
        var names = given.OfType<string>().ToList();
        var ids = names.Select(text => Guid.TryParse(text, out var id) ? id : default).ToList();
        var known = await Db.Set<DynamicBlock>().AsNoTracking().Where(block => ids.Contains(block.Id) || names.Contains(block.Key))
            .Select(block => new { block.Id, block.Key, block.Status }).ToListAsync(cancellationToken);
        known.RemoveAll(block => block.Status == DefinitionStatus.Archived && !KeptBy(rule).Has(block.Id));
        var found = new List<string>();
        for (var i = 0; i < given.Count; i++)
        {
            var text = given[i];
            if (known.Find(block => block.Key == text || (Guid.TryParse(text, out var id) && block.Id == id)) is { } block)
                found.Add(block.Id.ToString());
            else
                errors.Add(new($"$.blocks[{i}]", "rotator.unknownBlock", "There is no dynamic block with this id or key."));
        }

        return [.. found.Distinct()];
    }
}
