using System.Text.Json;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Catalog;

/// <summary>Reads any number of products and writes them batch by batch, so that memory does not grow with their number.</summary>
public sealed class ProductImport(Products products, LiveCatalog live, LiveWebsites websites, TimeProvider time)
{
    /// <summary>Bytes: room for a page of Adobe Commerce's products.</summary>
    internal const int MaxLine = 8 << 20;

    private const int BatchSize = 500;
    private const int BatchBytes = 8 << 20;
    private const int MaxListed = 100;

    /// <summary>
    /// One product, or one page of <c>items</c>, a line. Good ones are kept whatever the others say. When the body ends early, the
    /// batches before stay written; repeating it is safe.
    /// </summary>
    public Task<BulkAnswer> ReadAsync(IAsyncEnumerable<RequestLine> lines, CancellationToken cancellationToken) =>
        RunAsync(async run =>
        {
            await foreach (var line in lines.WithCancellation(cancellationToken))
            {
                if (line.TooLong)
                    run.Refuse(new(line.Number, "line.tooLong", $"A line has at most {MaxLine} bytes."));
                else
                    await ReadLineAsync(run, line);
            }
        }, dryRun: false, cancellationToken);

    /// <summary>Products in either shape; refused ones are told by their place, counted from 1.</summary>
    /// <param name="dryRun">Only tells what would be refused.</param>
    public Task<BulkAnswer> ReadAsync(IEnumerable<JsonElement> items, bool dryRun, CancellationToken cancellationToken) =>
        RunAsync(async run =>
        {
            var place = 0L;
            foreach (var item in items)
                await run.AddAsync(item, ++place, null);
        }, dryRun, cancellationToken);

    private async Task<BulkAnswer> RunAsync(Func<Run, Task> read, bool dryRun, CancellationToken cancellationToken)
    {
        var run = new Run(products, await websites.CurrentAsync(cancellationToken), time, dryRun, cancellationToken);
        try
        {
            await read(run);
            return await run.FinishAsync();
        }
        finally
        {
            // Once for all of them: each new copy of a large catalogue costs some milliseconds.
            live.Forget();
        }
    }

    private static async Task ReadLineAsync(Run run, RequestLine line)
    {
        JsonDocument json;
        try
        {
            json = JsonDocument.Parse(line.Bytes);
        }
        catch (JsonException e)
        {
            run.Refuse(new(line.Number, "json.syntax", $"The line is not JSON: byte {e.BytePositionInLine + 1}."));
            return;
        }

        using (json)
        {
            if (PageOf(json.RootElement) is not { } page)
            {
                await run.AddAsync(json.RootElement, line.Number, null);
                return;
            }

            var place = 0;
            foreach (var item in page.EnumerateArray())
                await run.AddAsync(item, line.Number, place++);
        }
    }

    /// <summary>The list in <c>{ "items": [ … ] }</c>; null when it is something else.</summary>
    internal static JsonElement? PageOf(JsonElement json) =>
        JsonText.Member(json, "items"u8) is { ValueKind: JsonValueKind.Array } items ? items : null;

    private sealed class Run(Products products, WebsiteSet websites, TimeProvider time, bool dryRun, CancellationToken cancellationToken)
    {
        private readonly Dictionary<string, Product> batch = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> named = new(StringComparer.Ordinal);
        private readonly List<RefusedLine> refused = [];
        private long bytes;
        private long stored;
        private long refusedCount;

        public void Refuse(RefusedLine line)
        {
            if (++refusedCount <= MaxListed)
                refused.Add(line);
        }

        public async Task AddAsync(JsonElement json, long line, int? item)
        {
            var errors = new List<ProblemError>();
            if (ProductReading.Read(json, websites, errors)?.ToProduct(null, time.Now(), errors) is not { } product)
            {
                Refuse(new(line, errors[0].Code, string.Join(" ", errors.Take(20).Select(error => $"{error.Path}: {error.Detail}")), item));
                return;
            }

            // The last line counts of those with the same SKU, and of those with the same id.
            if (product.IsNamedByExternalId)
            {
                if (named.TryGetValue(product.ExternalId!, out var other) && batch.GetValueOrDefault(other)?.ExternalId == product.ExternalId)
                    batch.Remove(other);
                named[product.ExternalId!] = product.Sku;
            }

            batch[product.Sku] = product;
            bytes += product.Attributes.Length + product.Details.Length;
            if (batch.Count >= BatchSize || bytes >= BatchBytes)
                await WriteAsync();
        }

        public async Task<BulkAnswer> FinishAsync()
        {
            await WriteAsync();
            return new(stored, refusedCount, refused);
        }

        private async Task WriteAsync()
        {
            if (batch.Count > 0 && !dryRun)
                await products.StoreAsync(batch.Values, time.Now(), cancellationToken);
            stored += batch.Count;
            batch.Clear();
            named.Clear();
            bytes = 0;
        }
    }
}
