using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Runs rehearsals that were asked for: at once when the period is small, else whenever a node is free. Nothing they do is seen by a shopper.</summary>
public sealed partial class Rehearsals(
    NpgsqlDataSource database, IServiceScopeFactory scopes, PastShoppers shoppers, SegmentDefinitions definitions, LiveDefinitions live,
    LiveCatalog catalogue, TimeProvider time, ILogger<Rehearsals> log)
{
    /// <summary>Orders, or page and product views, up to which the answer is waited for.</summary>
    public const int MaxAtOnce = 5_000;

    /// <summary>A node that has not told its progress for so long has died.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private const string ClaimSql = """
        update rehearsal set status = 'running', lease = $2, progress = 0
        where id = (select id from rehearsal where status in ('queued', 'running') and lease <= $1 and ($3::uuid is null or id = $3)
                    order by created_at limit 1 for update skip locked)
        returning id
        """;

    private const string ProgressSql = "update rehearsal set progress = $2, lease = $3 where id = $1";

    private const string FinishSql = "update rehearsal set status = $2, progress = $3, report = $4::json, failure = $5, lease = 'infinity' where id = $1";

    private const string RuleOfCodeSql = "select rule_id from coupon where code_key = upper($1)";

    /// <summary>Runs one rehearsal that waits, if there is any; whether there was.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken) => await RunAsync(null, cancellationToken);

    /// <summary>Runs the one just asked for, unless another node was faster.</summary>
    internal Task<bool> RunNowAsync(Guid id, CancellationToken cancellationToken) => RunAsync(id, cancellationToken);

    private async Task<bool> RunAsync(Guid? only, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await using var claim = database.CreateCommand(ClaimSql);
        claim.Parameters.Add(new() { Value = now });
        claim.Parameters.Add(new() { Value = now + Lease });
        claim.Parameters.Add(new() { Value = (object?)only ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        if (await claim.ExecuteScalarAsync(cancellationToken) is not Guid id)
            return false;
        try
        {
            var report = await RehearseAsync(id, cancellationToken);
            await FinishAsync(id, "done", 1, JsonSerializer.Serialize(report, HttpSetup.Json), null, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What was asked for cannot be done; trying again would end the same way. A database that is away ends up here too and may be asked again.
            LogFailed(e, id);
            await FinishAsync(id, "failed", 0, null, (e as ProblemException)?.Code ?? "rehearsal.failed", cancellationToken);
        }

        return true;
    }

    private async Task<RehearsalReport> RehearseAsync(Guid id, CancellationToken cancellationToken)
    {
        RehearsalRun run;
        await using (var scope = scopes.CreateAsyncScope())
            run = await scope.ServiceProvider.GetRequiredService<PlatformDb>().Set<RehearsalRun>().AsNoTracking().SingleAsync(run => run.Id == id, cancellationToken);
        var (_, publication) = await DefinitionEpoch.CurrentPublicationAsync(database, cancellationToken);
        var set = await live.AtAsync(publication, cancellationToken);
        var segments = await definitions.CurrentAsync(cancellationToken);
        var website = set.Websites.Of(run.Website);
        var period = Period.Of(run.From, run.To, website);
        return run.Kind == RehearsalKind.CartRule
            ? await CartRuleAsync(run, set, segments, website, period, cancellationToken)
            : await BlockAsync(run, segments, website, period, cancellationToken);
    }

    private async Task<RehearsalReport> CartRuleAsync(
        RehearsalRun run, LiveSet set, SegmentSet segments, Website website, Period period, CancellationToken cancellationToken)
    {
        var asked = JsonSerializer.Deserialize<KeptCartRule>(run.Request, HttpSetup.Json)!;
        var draft = CartRuleBody.ToRule(run.Id, asked.Rule.Number ?? long.MaxValue, asked.Rule.ExternalId, "rehearsed", 0, DefinitionStatus.Live, asked.Rule)
            ?? throw new ProblemException(400, "rehearsal.invalid", "The rule has a condition that cannot be read any more.");
        var others = asked.Beside == RehearsedBeside.Live ? new CartRuleSet(set.CartRules.Rules.Where(rule => rule.Id != asked.Kept)) : null;
        var codes = new HashSet<string>(asked.Rule.CouponCodes ?? [], StringComparer.OrdinalIgnoreCase);
        var tally = new Tally(segments, asked.Examples, money: true);
        var rehearsal = new CartRuleRehearsal(
            draft, others, asked.AssumeCoupon,
            async (code, token) => codes.Contains(code) ? draft.Id : await RuleOfAsync(code, token) is { } rule ? rule == asked.Kept ? draft.Id : rule : null,
            await catalogue.CurrentAsync(cancellationToken), website, period, segments, tally);
        await shoppers.WalkAsync(
            run.Kind, period, segments, NeedsOf(segments), (snapshot, timeline) => rehearsal.LookAsync(snapshot, timeline, cancellationToken),
            done => ProgressAsync(run.Id, done, cancellationToken), cancellationToken);
        return tally.Report(website.Currency, CartRuleRehearsal.Assumptions);
    }

    private async Task<RehearsalReport> BlockAsync(RehearsalRun run, SegmentSet segments, Website website, Period period, CancellationToken cancellationToken)
    {
        var asked = JsonSerializer.Deserialize<KeptBlock>(run.Request, HttpSetup.Json)!;
        var tally = new Tally(segments, asked.Examples, money: false);
        var rehearsal = new BlockRehearsal(
            new([.. asked.Segments.Select(segment => new SegmentId(segment))], [.. asked.Audiences.Select(audience => new AudienceId(audience))]),
            new(website.Code, website.Currency), period, segments, tally);
        var needs = NeedsOf(segments);
        needs.Kinds.UnionWith(BlockRehearsal.Kinds);
        await shoppers.WalkAsync(
            run.Kind, period, segments, needs,
            (snapshot, timeline) =>
            {
                rehearsal.Look(snapshot, timeline);
                return ValueTask.CompletedTask;
            },
            done => ProgressAsync(run.Id, done, cancellationToken), cancellationToken);
        return tally.Report(null, BlockRehearsal.Assumptions);
    }

    /// <summary>What all live segments need: the report is by segment.</summary>
    private static Needs NeedsOf(SegmentSet segments)
    {
        var needs = new Needs { Orders = true, Attributes = true, Bodies = segments.Needs.Bodies, Products = segments.Needs.Products };
        needs.Kinds.UnionWith(segments.Needs.Kinds);
        return needs;
    }

    private async ValueTask<Guid?> RuleOfAsync(string code, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(RuleOfCodeSql);
        command.Parameters.Add(new() { Value = code });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    private async Task ProgressAsync(Guid id, decimal done, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(ProgressSql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = done });
        command.Parameters.Add(new() { Value = time.Now() + Lease });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task FinishAsync(Guid id, string status, decimal progress, string? report, string? failure, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FinishSql);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = progress });
        command.Parameters.Add(new() { Value = (object?)report ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)failure ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rehearsal {Rehearsal} failed")]
    private partial void LogFailed(Exception exception, Guid rehearsal);
}
