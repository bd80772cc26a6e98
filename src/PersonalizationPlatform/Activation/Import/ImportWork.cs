using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// Works off stored imports piece by piece. A piece and the progress it means are committed together, so whoever goes on after a crash
/// repeats nothing that counts; only products and categories may be written twice, with the same result.
/// </summary>
public sealed class ImportWork
{
    /// <summary>Items of one piece, which is one step of changes: decisions see all of its rules or none.</summary>
    public const int PieceSize = 500;

    private const int ProductPieceSize = 2_000;
    private const int CouponPieceSize = 5_000;
    private const int MaxAttempts = 5;

    /// <summary>A piece that took longer has died with its node.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private readonly StoredImports imports;
    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider time;

    internal ImportWork(StoredImports imports, IServiceScopeFactory scopes, TimeProvider time) => (this.imports, this.scopes, this.time) = (imports, scopes, time);

    /// <summary>Works off one piece; how many items, 0 when there was nothing to do.</summary>
    public async Task<int> OnceAsync(CancellationToken cancellationToken)
    {
        if (await imports.ClaimAsync(Lease, cancellationToken) is not { } import)
            return 0;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDb>();
        if (import.Attempts > MaxAttempts)
        {
            await EndAsync(db, import, ImportStatus.Failed, "import.failed", cancellationToken);
            return 1;
        }

        // A trial leaves nothing behind that the next piece could refer to: it is one piece.
        var items = import.DryRun ? await imports.ReadAsync(import.Id, 0, int.MaxValue, cancellationToken) : await PieceAsync(import, cancellationToken);
        var report = new ReportBuilder(import.DryRun, Read(import.Report));
        var run = scope.ServiceProvider.GetRequiredService<ImportRun>();
        await run.CatalogueAsync(items, report, import.DryRun, cancellationToken);
        var coupons = await imports.CouponsAsync(import.Id, [.. items.Where(item => item.Part == ImportPart.SalesRules).Select(IdOf).OfType<string>()], cancellationToken);
        var ends = import.Done + items.Count >= import.Total;
        try
        {
            await run.InStepAsync(items, coupons, report, import.DryRun, () => SaveAsync(db, import, items.Count, ends, report, cancellationToken), cancellationToken);
        }
        catch (OvertakenException)
        {
            return 1; // Another node has done this piece; nothing of ours is left.
        }

        if (ends)
            await imports.CleanAsync(import.Id, cancellationToken);
        return Math.Max(1, items.Count);
    }

    /// <summary>The next items, all of one part.</summary>
    private async Task<IReadOnlyList<ImportItem>> PieceAsync(ClaimedImport import, CancellationToken cancellationToken)
    {
        if (await imports.ReadAsync(import.Id, import.Done, 1, cancellationToken) is not [var next])
            return [];
        var size = next.Part switch
        {
            ImportPart.Coupons => CouponPieceSize,
            ImportPart.Products => ProductPieceSize,
            _ => PieceSize,
        };
        return [.. (await imports.ReadAsync(import.Id, import.Done, size, cancellationToken)).TakeWhile(item => item.Part == next.Part)];
    }

    internal static string Write(ImportReport report) => JsonSerializer.Serialize(report, HttpSetup.Json);

    /// <summary>Null before anything was worked off.</summary>
    internal static ImportReport? Read(string report) => report == "{}" ? null : JsonSerializer.Deserialize<ImportReport>(report, HttpSetup.Json);

    private async Task SaveAsync(PlatformDb db, ClaimedImport import, int count, bool ends, ReportBuilder report, CancellationToken cancellationToken)
    {
        var (now, text) = (time.Now(), Write(report.Build()));
        var (status, finished) = ends ? (ImportStatus.Done, now) : (ImportStatus.Running, (DateTimeOffset?)null);
        var saved = await db.Set<StoredImport>()
            .Where(row => row.Id == import.Id && row.Done == import.Done && row.Status == ImportStatus.Running)
            .ExecuteUpdateAsync(
                row => row.SetProperty(one => one.Done, import.Done + count).SetProperty(one => one.Attempts, 0).SetProperty(one => one.LeaseUntil, now)
                    .SetProperty(one => one.Status, status).SetProperty(one => one.FinishedAt, finished).SetProperty(one => one.Report, text),
                cancellationToken);
        if (saved == 0)
            throw new OvertakenException();
    }

    private async Task EndAsync(PlatformDb db, ClaimedImport import, ImportStatus status, string failure, CancellationToken cancellationToken)
    {
        var now = time.Now();
        await db.Set<StoredImport>().Where(row => row.Id == import.Id && row.Done == import.Done && row.Status == ImportStatus.Running)
            .ExecuteUpdateAsync(
                row => row.SetProperty(one => one.Status, status).SetProperty(one => one.Failure, failure).SetProperty(one => one.FinishedAt, now), cancellationToken);
        await imports.CleanAsync(import.Id, cancellationToken);
    }

    private static string? IdOf(ImportItem rule)
    {
        try
        {
            using var json = JsonDocument.Parse(rule.Json, new JsonDocumentOptions { MaxDepth = StrictJson.MaxDepth });
            return AdobeValue.Text(AdobeValue.Member(json.RootElement, "rule_id"))?.Trim();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private sealed class OvertakenException : Exception;
}

/// <summary>Works off stored imports as they come.</summary>
internal sealed partial class ImportDuty(ImportWork work, TimeProvider time, ILogger<ImportDuty> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await work.OnceAsync(stoppingToken) is > 0 and var items)
                    LogWorked(items);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Its lease runs out, and it is tried again.
                LogFailed(exception.GetType().Name);
            }

            await Task.Delay(Every, time, stoppingToken);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Items} items of an import were worked off")]
    private partial void LogWorked(int items);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A piece of an import failed ({Error}); it is tried again")]
    private partial void LogFailed(string error);
}
