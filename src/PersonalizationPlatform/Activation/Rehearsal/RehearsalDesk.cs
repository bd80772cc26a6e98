using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Takes rehearsals in: checks what is asked, keeps it, and runs it at once when it is small.</summary>
public sealed class RehearsalDesk(
    PlatformDb db, CartRuleEditor rules, DynamicBlockEditor blocks, WebsiteCodes websites, LiveDefinitions live, Npgsql.NpgsqlDataSource database, PastShoppers shoppers, Rehearsals rehearsals, TimeProvider time)
{
    private const int MaxDays = 366 * 6;

    /// <summary>
    /// 400 <c>rehearsal.invalid</c> and whatever is wrong with the draft, at <c>$.rule.…</c>, or <c>rehearsal.otherWebsite</c>; 404 for an unknown rule.
    /// </summary>
    public async Task<RehearsalRun> RehearseAsync(CartRuleRehearsalRequest request, CancellationToken cancellationToken)
    {
        var errors = Check(request);
        var website = await WebsiteAsync(request, errors, cancellationToken);
        var (rule, kept) = await RuleAsync(request, errors, cancellationToken);
        if (request.Website is null && rule?.Websites is [var only])
            website = only;
        CheckWebsite(website, rule?.Websites, errors);
        Refuse(errors);
        return await TakeAsync(
            RehearsalKind.CartRule, request, website,
            new KeptCartRule(rule!, request.Beside ?? RehearsedBeside.None, request.AssumeCoupon ?? false, request.Examples ?? 10, kept), cancellationToken);
    }

    /// <summary>400 <c>rehearsal.invalid</c> and whatever is wrong with the draft, at <c>$.block.…</c>, or <c>rehearsal.otherWebsite</c>; 404 for an unknown block.</summary>
    public async Task<RehearsalRun> RehearseAsync(BlockRehearsalRequest request, CancellationToken cancellationToken)
    {
        var errors = Check(request);
        var website = await WebsiteAsync(request, errors, cancellationToken);
        var block = await BlockAsync(request, errors, cancellationToken);
        if (request.Website is null)
            website = block?.Website ?? website;
        CheckWebsite(website, block?.Website is { } only ? [only] : null, errors);
        Refuse(errors);
        return await TakeAsync(RehearsalKind.DynamicBlock, request, website, new KeptBlock(block!.Segments, block.Audiences, request.Examples ?? 10), cancellationToken);
    }

    private async Task<RehearsalRun> TakeAsync(RehearsalKind kind, RehearsalRequest request, string website, object kept, CancellationToken cancellationToken)
    {
        var run = new RehearsalRun
        {
            Id = Guid.CreateVersion7(),
            Kind = kind,
            From = request.From,
            To = request.To,
            Website = website,
            Request = JsonSerializer.Serialize(kept, kept.GetType(), HttpSetup.Json),
            CreatedAt = time.Now(),
            Lease = time.Now(),
        };
        db.Add(run);
        await db.SaveChangesAsync(cancellationToken);
        var (_, publication) = await DefinitionEpoch.CurrentPublicationAsync(database, cancellationToken);
        var described = (await live.AtAsync(publication, cancellationToken)).Websites.Of(website);
        var size = await shoppers.CountAsync(kind, Period.Of(run.From, run.To, described), Rehearsals.MaxAtOnce + 1, cancellationToken);
        if (size <= Rehearsals.MaxAtOnce)
            await rehearsals.RunNowAsync(run.Id, cancellationToken);
        await db.Entry(run).ReloadAsync(cancellationToken);
        return run;
    }

    private async Task<(CartRuleRequest? Rule, Guid? Kept)> RuleAsync(CartRuleRehearsalRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (request.Rule is null == request.RuleId is null)
        {
            errors.Add(new("$.rule", "rehearsal.what", "Give a draft as rule, or the id or key of a rule as ruleId."));
            return default;
        }

        if (request.RuleId is { } idOrKey)
        {
            var kept = await rules.FindAsync(idOrKey, cancellationToken) ?? throw ProblemException.NotFound("cart rule with this id or key");
            return (JsonSerializer.Deserialize<CartRuleRequest>(kept.Body, HttpSetup.Json), kept.Id);
        }

        return Read<CartRuleRequest>(request.Rule!.Value, "$.rule", errors) is { } draft
            ? (await CheckedAsync("$.rule", () => rules.CanonicalAsync(draft, cancellationToken), errors), null)
            : default;
    }

    private async Task<DynamicBlock?> BlockAsync(BlockRehearsalRequest request, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (request.Block is null == request.BlockId is null)
        {
            errors.Add(new("$.block", "rehearsal.what", "Give a draft as block, or the id or key of a block as blockId."));
            return null;
        }

        if (request.BlockId is { } idOrKey)
        {
            var id = Guid.TryParse(idOrKey, out var given) ? given : default;
            return await db.Set<DynamicBlock>().AsNoTracking().SingleOrDefaultAsync(block => block.Id == id || block.Key == idOrKey, cancellationToken)
                ?? throw ProblemException.NotFound("dynamic block with this id or key");
        }

        return Read<DynamicBlockRequest>(request.Block!.Value, "$.block", errors) is { } draft
            ? await CheckedAsync("$.block", () => blocks.DraftAsync(draft, cancellationToken), errors)
            : null;
    }

    /// <summary>What a check gives, or what it found wrong, told at its place in the request.</summary>
    private static async Task<T?> CheckedAsync<T>(string path, Func<Task<T>> check, List<ProblemError> errors)
        where T : class
    {
        try
        {
            return await check();
        }
        catch (ProblemException wrong)
        {
            errors.AddRange(wrong.Errors.Select(error => error with { Path = path + error.Path[1..] }));
            return null;
        }
    }

    private static T? Read<T>(JsonElement json, string path, List<ProblemError> errors)
        where T : class
    {
        var wrong = new List<ProblemError>();
        var read = StrictJson.Read<T>(json, wrong);
        errors.AddRange(wrong.Select(error => error with { Path = path + error.Path[1..] }));
        return read;
    }

    private async Task<string> WebsiteAsync(RehearsalRequest request, List<ProblemError> errors, CancellationToken cancellationToken) =>
        await websites.CheckAsync(request.Website, "rehearsal", errors, cancellationToken) ?? Website.Base;

    /// <summary>Elsewhere than on its own websites it would never take effect, and a report of nothing would tell nobody why.</summary>
    private static void CheckWebsite(string website, IReadOnlyList<string>? own, List<ProblemError> errors)
    {
        if (own is { Count: > 0 } && !own.Contains(website, StringComparer.OrdinalIgnoreCase))
            errors.Add(new("$.website", "rehearsal.otherWebsite", $"What is rehearsed is not for the website {website} but for {string.Join(", ", own)}."));
    }

    private static List<ProblemError> Check(RehearsalRequest request)
    {
        var errors = new List<ProblemError>();
        if (request.To < request.From)
            errors.Add(new("$.to", "rehearsal.period", "to must not be earlier than from."));
        else if (request.From.Year < 2000 || request.To.Year > 9000 || request.To.DayNumber - request.From.DayNumber > MaxDays)
            errors.Add(new("$.from", "rehearsal.period", "A period lies after the year 2000 and has at most six years."));
        if (request.Examples is < 0 or > 100)
            errors.Add(new("$.examples", "rehearsal.examples", "examples must be 0 to 100."));
        return errors;
    }

    private static void Refuse(List<ProblemError> errors)
    {
        if (errors.Count > 0)
            throw new ProblemException(400, "rehearsal.invalid", "The rehearsal is not right in the places listed.", errors);
    }
}
