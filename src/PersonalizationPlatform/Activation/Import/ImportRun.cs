using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Works off items of a body: definitions in one step, so that decisions see all of them or none.</summary>
internal sealed class ImportRun(
    PlatformDb db, DefinitionChanges changes, WebsiteNumbers websites, GroupImport groups, SegmentImport segments, RuleImport rules, CouponImport coupons,
    CatalogImport catalog, ItemFaults faults)
{
    /// <summary>Works off a whole body that fits into memory.</summary>
    public async Task<ImportReport> AtOnceAsync(IReadOnlyList<ImportItem> items, bool dryRun, CancellationToken cancellationToken)
    {
        var report = new ReportBuilder(dryRun);
        await CatalogueAsync(items, report, dryRun, cancellationToken);
        await InStepAsync(items, RuleCoupons.Of(items), report, dryRun, () => Task.CompletedTask, cancellationToken);
        return report.Build();
    }

    /// <summary>Products and categories, which are no definitions.</summary>
    public async Task CatalogueAsync(IReadOnlyList<ImportItem> items, ReportBuilder report, bool dryRun, CancellationToken cancellationToken)
    {
        await catalog.TakeCategoriesAsync(Of(items, ImportPart.Categories), dryRun, report, cancellationToken);
        await catalog.TakeProductsAsync(Of(items, ImportPart.Products), dryRun, report, cancellationToken);
    }

    /// <summary>Everything else.</summary>
    /// <param name="ofRules">The coupons of the rules among the items.</param>
    /// <param name="within">What else belongs to the step.</param>
    public Task InStepAsync(
        IReadOnlyList<ImportItem> items, RuleCoupons ofRules, ReportBuilder report, bool dryRun, Func<Task> within, CancellationToken cancellationToken) =>
        changes.InOneStepAsync(async () =>
        {
            if (dryRun)
                await changes.RehearseAsync(() => DefinitionsAsync(items, ofRules, report, cancellationToken), cancellationToken);
            else
                await DefinitionsAsync(items, ofRules, report, cancellationToken);
            await within();
            return true;
        }, cancellationToken);

    private async Task DefinitionsAsync(IReadOnlyList<ImportItem> items, RuleCoupons ofRules, ReportBuilder report, CancellationToken cancellationToken)
    {
        foreach (var item in Of(items, ImportPart.Unknown))
            report.Add(item.Member, null, item.Path, ImportOutcome.Refused, null, [new("import.unknownPart", "There is no such part; it is left out.", item.Path)]);
        if (!items.Any(item => item.Part is not (ImportPart.Unknown or ImportPart.Categories or ImportPart.Products)))
            return;
        // Taken before the first item, whose own may be taken back with it. Each item stands under a savepoint already.
        await changes.PublishAsync(cancellationToken);
        db.Database.AutoSavepointsEnabled = false;
        var step = new ImportStep(db, websites, faults, report);
        await groups.TakeAsync(Of(items, ImportPart.CustomerGroups), step, cancellationToken);
        await segments.TakeAsync(Of(items, ImportPart.CustomerSegments), step, cancellationToken);
        await rules.TakeAsync(Of(items, ImportPart.SalesRules), ofRules, step, cancellationToken);
        await coupons.TakeAsync(Of(items, ImportPart.Coupons), rules.Renamed, report, cancellationToken);
    }

    private static List<ImportItem> Of(IReadOnlyList<ImportItem> items, ImportPart part) => [.. items.Where(item => item.Part == part)];
}
