using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>Every change of a kind of rule: in one step with whatever else changes, kept in its history, seen by the next decision.</summary>
/// <typeparam name="TRule">The entity.</typeparam>
/// <typeparam name="TRequest">The rule as a person writes it.</typeparam>
public abstract class RuleEditor<TRule, TRequest>(PlatformDb db, DefinitionChanges changes, TimeProvider time) : IDefinitionKind
    where TRule : Rule, new()
    where TRequest : class, IRuleRequest
{
    public abstract string Collection { get; }

    /// <summary>The kind in error codes, e.g. <c>cartRule</c>.</summary>
    protected abstract string Code { get; }

    /// <summary>The kind in sentences, e.g. <c>cart rule</c>.</summary>
    protected abstract string Word { get; }

    protected PlatformDb Db => db;

    /// <summary>The archived definitions that an edit of a rule may name.</summary>
    protected KeptReferences KeptBy(TRule rule) => changes.Kept(KeptReferences.In(rule.Body));

    /// <summary>400 <c>{code}.invalid</c>, 409 <c>{code}.keyTaken</c> or <c>{code}.externalIdTaken</c>.</summary>
    public Task<TRule> CreateAsync(TRequest request, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var rule = new TRule { Id = Guid.CreateVersion7(), Status = DefinitionStatus.Live, CreatedAt = time.Now() };
        await WriteAsync(rule, request, cancellationToken);
        db.Add(rule);
        await SaveAsync(rule, wasLive: false, cancellationToken);
        return rule;
    }, cancellationToken);

    /// <summary>404, 412, 409 <c>{code}.archived</c>, and as for a new one.</summary>
    public Task<TRule> UpdateAsync(Guid id, TRequest request, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var rule = await FindForEditAsync(id, version, cancellationToken);
        var wasLive = rule.Status == DefinitionStatus.Live;
        await WriteAsync(rule, request, cancellationToken);
        await SaveAsync(rule, wasLive, cancellationToken);
        return rule;
    }, cancellationToken);

    /// <summary>404, 412, 409 <c>{code}.archived</c>.</summary>
    public Task<TRule> MoveToAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) => changes.InOneStepAsync(async () =>
    {
        var rule = await FindForEditAsync(id, version, cancellationToken);
        if (rule.Status == status)
            return rule;
        var wasLive = rule.Status == DefinitionStatus.Live;
        rule.Status = status;
        await SaveAsync(rule, wasLive, cancellationToken);
        return rule;
    }, cancellationToken);

    public async Task<DefinitionState?> FindStateAsync(string idOrKey, CancellationToken cancellationToken) =>
        await FindAsync(idOrKey, cancellationToken) is { } rule ? new(Head(rule), rule.Body, rule.UpdatedAt) : null;

    public async Task<DefinitionHead> ReplaceAsync(Guid id, JsonElement body, EntityVersion version, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        var request = StrictJson.Read<TRequest>(body, errors);
        return request is null
            ? throw ProblemException.Invalid("json.invalid", $"The {Word} is not right in the places listed.", [.. errors])
            : Head(await UpdateAsync(id, request, version, cancellationToken));
    }

    public async Task<DefinitionHead> MoveAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await MoveToAsync(id, status, version, cancellationToken));

    /// <summary>The rule by id or key, null when there is none.</summary>
    public Task<TRule?> FindAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? given : default;
        return db.Set<TRule>().AsNoTracking().SingleOrDefaultAsync(rule => rule.Id == id || rule.Key == idOrKey, cancellationToken);
    }

    /// <summary>The rule by id or key; 404 when there is none.</summary>
    public async Task<TRule> DemandAsync(string idOrKey, CancellationToken cancellationToken) =>
        await FindAsync(idOrKey, cancellationToken) ?? throw ProblemException.NotFound($"{Word} with this id or key");

    /// <summary>
    /// Checks what is particular to the kind and gives the request as it is kept: references as ids, conditions canonical. The editors'
    /// lock is held, so what is found here stands until the commit.
    /// </summary>
    protected abstract Task<TRequest> CheckAsync(TRule rule, TRequest request, List<ProblemError> errors, CancellationToken cancellationToken);

    /// <summary>Whether a key means something of another kind to those who ask for it, so that none that is made should be this one.</summary>
    protected virtual Task<bool> MeansOtherAsync(string key, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>What else a change of the rule brings with it, in the same step; the rule is as it will be saved.</summary>
    protected virtual Task ChangedAsync(TRule rule, CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<TRule> FindForEditAsync(Guid id, EntityVersion version, CancellationToken cancellationToken)
    {
        var rule = await db.Set<TRule>().SingleOrDefaultAsync(rule => rule.Id == id, cancellationToken)
            ?? throw ProblemException.NotFound($"{Word} with this id");
        version.Demand(rule.Version);
        return rule.Status == DefinitionStatus.Archived
            ? throw new ProblemException(409, $"{Code}.archived", $"The {Word} is archived and stays as it is; create another one.")
            : rule;
    }

    private async Task WriteAsync(TRule rule, TRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 255)
            errors.Add(new("$.name", $"{Code}.name", "name must have 1 to 255 characters."));
        if (request.ExternalId is { Length: 0 or > 200 })
            errors.Add(new("$.externalId", $"{Code}.externalId", "externalId must have 1 to 200 characters."));
        if (request.Status == DefinitionStatus.Archived)
            errors.Add(new("$.status", $"{Code}.status", $"Archive a {Word} with DELETE."));
        var key = request.Key is null && rule.Key.Length > 0
            ? rule.Key
            : await DefinitionKey.ChooseAsync(request.Key, request.Name, Collection, rule.Id,
                async key => await TakenAsync(rule, key, cancellationToken) || await MeansOtherAsync(key, cancellationToken), errors);
        var kept = await CheckAsync(rule, request, errors, cancellationToken);
        if (errors.Count > 0)
            throw new ProblemException(400, $"{Code}.invalid", $"The {Word} is not right in the places listed.", errors);
        await DemandFreeAsync(rule, key, request.ExternalId, cancellationToken);
        rule.Key = key;
        rule.Name = request.Name.Trim();
        rule.Status = request.Status ?? rule.Status;
        rule.Number = request.Number
            ?? (long.TryParse(request.ExternalId, NumberStyles.None, CultureInfo.InvariantCulture, out var external) && external <= Rule.MaxNumber ? external
                : rule.Number > 0 ? rule.Number : await NextNumberAsync(cancellationToken));
        rule.ExternalId = request.ExternalId;
        rule.Body = JsonSerializer.Serialize(kept, HttpSetup.Json);
    }

    private Task<bool> TakenAsync(TRule rule, string key, CancellationToken cancellationToken) =>
        db.Set<TRule>().AnyAsync(other => other.Key == key && other.Id != rule.Id, cancellationToken);

    private async Task DemandFreeAsync(TRule rule, string key, string? externalId, CancellationToken cancellationToken)
    {
        if (await TakenAsync(rule, key, cancellationToken))
        {
            throw new ProblemException(
                409, $"{Code}.keyTaken", $"Another {Word}, perhaps an archived one, has the key {key}.", [new("$.key", $"{Code}.keyTaken", "Choose another key.")]);
        }

        if (externalId is not null && await db.Set<TRule>().AnyAsync(
            other => other.ExternalId == externalId && other.Id != rule.Id && other.Status != DefinitionStatus.Archived, cancellationToken))
        {
            throw new ProblemException(
                409, $"{Code}.externalIdTaken", $"Another {Word} has this external id.", [new("$.externalId", $"{Code}.externalIdTaken", "An external id belongs to one rule.")]);
        }
    }

    /// <summary>One more than the highest; numbers from before there was a highest one do not count.</summary>
    private async Task<long> NextNumberAsync(CancellationToken cancellationToken) =>
        (await db.Set<TRule>().Where(other => other.Number < 2 * Rule.MaxNumber).MaxAsync(other => (long?)other.Number, cancellationToken) ?? 0) + 1;

    private async Task SaveAsync(TRule rule, bool wasLive, CancellationToken cancellationToken)
    {
        rule.Version++;
        rule.UpdatedAt = time.Now();
        await ChangedAsync(rule, cancellationToken);
        changes.Record(Collection, rule.Id, rule.Version, rule.Status, rule.Name, rule.Body);
        if (wasLive || rule.Status == DefinitionStatus.Live)
            await changes.PublishAsync(cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
    }

    private static DefinitionHead Head(TRule rule) => new(rule.Id, rule.Key, rule.Name, rule.Status, rule.Version);
}
