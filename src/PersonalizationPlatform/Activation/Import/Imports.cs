namespace PersonalizationPlatform.Activation.Import;

/// <summary>Receives bodies: small ones are worked off before the answer, large ones are kept for the background.</summary>
internal sealed class Imports(ImportRun run, StoredImports stored)
{
    /// <summary>Rules that are still worked off at once.</summary>
    public const int MaxRules = 1_000;

    private const int MaxItems = 20_000;
    private const long MaxBytes = 64 << 20;

    /// <summary>The report, or the id of the import that was kept.</summary>
    public async Task<(ImportReport? Report, Guid Stored)> ReceiveAsync(Stream body, bool dryRun, CancellationToken cancellationToken)
    {
        await using var items = new ImportBody(body).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var head = new List<ImportItem>();
        var rules = 0;
        var bytes = 0L;
        while (await items.MoveNextAsync())
        {
            var item = items.Current;
            head.Add(item);
            bytes += item.Json.Length;
            if (item.Part == ImportPart.SalesRules)
                rules++;
            if (rules > MaxRules || head.Count > MaxItems || bytes > MaxBytes)
                return (null, await stored.StoreAsync(head, items, dryRun, cancellationToken));
        }

        return (await run.AtOnceAsync(head, dryRun, cancellationToken), default);
    }
}
