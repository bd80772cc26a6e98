using System.Text.Json;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Catalog;

/// <summary>Reads products from NDJSON, one a line, and writes them batch by batch, so that memory does not grow with the body.</summary>
public sealed class ProductImport(Products products, TimeProvider time)
{
    internal const int MaxLine = 256 * 1024;
    private const int BatchSize = 500;
    private const int MaxListed = 100;

    /// <summary>Good lines are kept whatever the others say. When the body ends early, the batches before stay written; repeating it is safe.</summary>
    public async Task<BulkAnswer> ReadAsync(IAsyncEnumerable<RequestLine> lines, CancellationToken cancellationToken)
    {
        var batch = new Dictionary<string, Product>(StringComparer.Ordinal);
        var refused = new List<RefusedLine>();
        long stored = 0, refusedCount = 0;
        await foreach (var line in lines.WithCancellation(cancellationToken))
        {
            if (Read(line, time.Now(), out var refusal) is { } product)
            {
                batch[product.Sku] = product;
                if (batch.Count < BatchSize)
                    continue;
                await WriteAsync();
            }
            else if (++refusedCount <= MaxListed)
            {
                refused.Add(refusal!);
            }
        }

        await WriteAsync();
        return new(stored, refusedCount, refused);

        async Task WriteAsync()
        {
            if (batch.Count > 0)
                await products.UpsertAsync(batch.Values, time.Now(), cancellationToken);
            stored += batch.Count;
            batch.Clear();
        }
    }

    internal static Product? Read(RequestLine line, DateTimeOffset now, out RefusedLine? refusal)
    {
        refusal = line.TooLong ? new(line.Number, "line.tooLong", $"A line has at most {MaxLine} bytes.") : null;
        if (refusal is not null)
            return null;
        try
        {
            using var json = JsonDocument.Parse(line.Bytes);
            var errors = new List<ProblemError>();
            var product = StrictJson.Read<ProductRequest>(json.RootElement, errors)?.ToProduct(null, now, errors);
            if (errors.Count > 0)
                refusal = new(line.Number, errors[0].Code, string.Join(" ", errors.Select(error => $"{error.Path}: {error.Detail}")));
            return product;
        }
        catch (JsonException e)
        {
            refusal = new(line.Number, "json.syntax", $"The line is not JSON: byte {e.BytePositionInLine + 1}.");
            return null;
        }
    }
}
