using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Every change of a block, ordered by the editors' lock.</summary>
public sealed class DynamicBlockEditor(PlatformDb db, DefinitionChanges changes, IEnumerable<IRuleReferences> rules, WebsiteCodes websites, TimeProvider time)
{
    private const int MaxReferences = 1000;

    /// <summary>400 <c>block.invalid</c>, 409 <c>block.keyTaken</c>.</summary>
    public Task<DynamicBlock> CreateAsync(DynamicBlockRequest request, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var block = New();
        await WriteAsync(block, request, cancellationToken);
        db.Add(block);
        await SaveAsync(block, wasLive: false, cancellationToken);
        return block;
    }, cancellationToken);

    /// <summary>404, 412, 409 <c>block.archived</c> or <c>block.keyTaken</c>, 400 <c>block.invalid</c>.</summary>
    public Task<DynamicBlock> UpdateAsync(Guid id, DynamicBlockRequest request, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var block = await FindForEditAsync(id, version, cancellationToken);
        var wasLive = block.Status == DefinitionStatus.Live;
        await WriteAsync(block, request, cancellationToken);
        await SaveAsync(block, wasLive, cancellationToken);
        return block;
    }, cancellationToken);

    /// <summary>Moves a block to another status; nothing happens when it has it already. 404, 412, 409 <c>block.archived</c>: archived is for good.</summary>
    public Task<DynamicBlock> MoveAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var block = await FindForEditAsync(id, version, cancellationToken);
        if (block.Status == status)
            return block;
        var wasLive = block.Status == DefinitionStatus.Live;
        block.Status = status;
        await SaveAsync(block, wasLive, cancellationToken);
        return block;
    }, cancellationToken);

    /// <summary>The block a request would make, key aside: checked like one that is to be kept, and not kept. 400 <c>block.invalid</c>.</summary>
    public async Task<DynamicBlock> DraftAsync(DynamicBlockRequest request, CancellationToken cancellationToken)
    {
        var block = New();
        var errors = new List<ProblemError>();
        await KeyAsync(block, request, _ => Task.FromResult(false), errors);
        await FillAsync(block, request, errors, cancellationToken);
        return block;
    }

    private DynamicBlock New() => new()
    {
        Id = Guid.CreateVersion7(),
        Key = "",
        Name = "",
        Contents = "",
        Status = DefinitionStatus.Live,
        CreatedAt = time.Now(),
    };

    private async Task SaveAsync(DynamicBlock block, bool wasLive, CancellationToken cancellationToken)
    {
        block.Version++;
        block.UpdatedAt = time.Now();
        changes.Record(DynamicBlockCollection.Name, DynamicBlockCollection.State(block));
        if (wasLive || block.Status == DefinitionStatus.Live)
            await changes.PublishAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<DynamicBlock> FindForEditAsync(Guid id, EntityVersion version, CancellationToken cancellationToken)
    {
        var block = await db.Set<DynamicBlock>().SingleOrDefaultAsync(block => block.Id == id, cancellationToken)
            ?? throw ProblemException.NotFound("dynamic block with this id");
        version.Demand(block.Version);
        if (block.Status == DefinitionStatus.Archived)
            throw new ProblemException(409, "block.archived", "The block is archived and stays as it is; create another one.");
        await changes.KeepAsync(DynamicBlockCollection.Name, DynamicBlockCollection.State(block), cancellationToken);
        return block;
    }

    private async Task WriteAsync(DynamicBlock block, DynamicBlockRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var key = await KeyAsync(
            block, request, async key => IsLocation(key) || await IsTakenAsync(block.Id, key, cancellationToken) || await IsRotatorAsync(key, cancellationToken), errors);
        await FillAsync(block, request, errors, cancellationToken);
        if (await IsTakenAsync(block.Id, key, cancellationToken))
        {
            throw new ProblemException(
                409, "block.keyTaken", $"Another block, perhaps an archived one, has the key {key}.",
                [new("$.key", "block.keyTaken", "Choose another key.")]);
        }

        if (await IsRotatorAsync(key, cancellationToken))
        {
            throw new ProblemException(
                409, "block.keyIsRotator", $"A page that asks for {key} means the rotator.", [new("$.key", "block.keyIsRotator", "Choose another key.")]);
        }

        block.Key = key;
    }

    /// <summary>The key given, else that of the block, else one made from the name that means nothing else to a page.</summary>
    private static async Task<string> KeyAsync(DynamicBlock block, DynamicBlockRequest request, Func<string, Task<bool>> meansSomethingElse, List<ProblemError> errors)
    {
        if (request.Key is null && block.Key.Length > 0)
            return block.Key;
        var key = await DefinitionKey.ChooseAsync(request.Key, request.Name, DynamicBlockCollection.Name, block.Id, meansSomethingElse, errors);
        if (request.Key is not null && IsLocation(key))
            errors.Add(new("$.key", "block.keyIsLocation", $"A page that asks for {key} means the location; choose another key."));
        return key;
    }

    /// <summary>Writes all but the key into the block, or refuses all that is wrong with it and with what was found wrong before.</summary>
    private async Task FillAsync(DynamicBlock block, DynamicBlockRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
            errors.Add(new("$.name", "block.name", "name must have 1 to 200 characters."));
        if (request.Status == DefinitionStatus.Archived)
            errors.Add(new("$.status", "block.status", "Archive a block with DELETE."));
        if (request.StartsAt >= request.EndsAt)
            errors.Add(new("$.endsAt", "block.schedule", "endsAt must be later than startsAt."));
        var website = await websites.CheckAsync(request.Website, "block", errors, cancellationToken);
        var contents = BlockContents.Of(request, errors);
        var kept = changes.Kept(KeptReferences.In([.. block.Segments, .. block.Audiences, .. block.CartRules, .. block.CatalogRules]));
        var references = await DefinitionReferences.ReadAsync(db, kept, cancellationToken);
        var segments = Resolve(request.Segments, "segments", "segment", text => references.Segment(text)?.Value, errors);
        var audiences = Resolve(request.Audiences, "audiences", "audience", text => references.Audience(text)?.Value, errors);
        var cartRules = Resolve(request.CartRules, "cartRules", "cartRule", await RulesAsync(PromotionKind.CartRule, request.CartRules, kept, cancellationToken), errors);
        var catalogRules = Resolve(request.CatalogRules, "catalogRules", "catalogRule", await RulesAsync(PromotionKind.CatalogRule, request.CatalogRules, kept, cancellationToken), errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "block.invalid", "The block is not right in the places listed.", errors);
        block.Name = request.Name.Trim();
        block.Status = request.Status ?? block.Status;
        block.Locations = [.. (request.Locations ?? []).Distinct().Select(location => location.ToString().ToLowerInvariant())];
        block.Contents = BlockContents.Write(contents);
        block.Segments = segments;
        block.Audiences = audiences;
        block.Template = request.Template ?? BlockTemplate.Html;
        block.CartRules = cartRules;
        block.CatalogRules = catalogRules;
        block.StartsAt = request.StartsAt;
        block.EndsAt = request.EndsAt;
        block.Priority = request.Priority ?? 0;
        block.Website = website;
    }

    private Task<bool> IsTakenAsync(Guid id, string key, CancellationToken cancellationToken) =>
        db.Set<DynamicBlock>().AnyAsync(other => other.Key == key && other.Id != id, cancellationToken);

    private Task<bool> IsRotatorAsync(string key, CancellationToken cancellationToken) =>
        db.Set<Rotator>().AnyAsync(rotator => rotator.Key == key && rotator.Status != DefinitionStatus.Archived, cancellationToken);

    private static bool IsLocation(string key) => Enum.TryParse<BlockLocation>(key, true, out _);

    /// <summary>The rules that are named, found before they are resolved one by one.</summary>
    private async Task<Func<string, Guid?>> RulesAsync(
        PromotionKind kind, IReadOnlyList<string>? named, KeptReferences kept, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, Guid>();
        if (named?.Count is > 0 and <= MaxReferences)
        {
            foreach (var references in rules.Where(references => references.Kind == kind))
                foreach (var (name, id) in await references.FindAsync([.. named.OfType<string>()], kept, cancellationToken))
                    found[name] = id;
        }

        return name => found.TryGetValue(name, out var id) ? id : null;
    }

    private static Guid[] Resolve(
        IReadOnlyList<string>? given, string member, string kind, Func<string, Guid?> find, List<ProblemError> errors)
    {
        if (given?.Count > MaxReferences)
        {
            errors.Add(new("$." + member, "block.references", $"At most {MaxReferences} {member}."));
            return [];
        }

        var found = new List<Guid>();
        for (var i = 0; i < (given?.Count ?? 0); i++)
        {
            if (given![i] is { } text && find(text) is { } id)
                found.Add(id);
            else
                errors.Add(new($"$.{member}[{i}]", $"block.unknown{char.ToUpperInvariant(kind[0])}{kind[1..]}", $"There is no {Word(kind)} with this id or key."));
        }

        return [.. found.Distinct()];
    }

    private static string Word(string kind) => kind switch
    {
        "cartRule" => "cart rule",
        "catalogRule" => "catalogue rule",
        _ => kind,
    };
}
