using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Takes over categories and products the way the catalogue's own bulk requests do; they are no definitions and take part in no step.</summary>
internal sealed class CatalogImport(PlatformDb db, Categories categories, ProductImport products, TimeProvider time)
{
    /// <summary>The catalogue lists at most so many refused items of one call.</summary>
    private const int BatchSize = 100;

    public async Task TakeCategoriesAsync(IReadOnlyList<ImportItem> items, bool dryRun, ReportBuilder report, CancellationToken cancellationToken)
    {
        foreach (var item in items)
        {
            try
            {
                using var document = JsonDocument.Parse(item.Json, new JsonDocumentOptions { MaxDepth = StrictJson.MaxDepth });
                var import = new CategoryImport(categories);
                if (document.RootElement.ValueKind == JsonValueKind.Array)
                {
                    foreach (var one in document.RootElement.EnumerateArray())
                        import.Add(one, 1);
                }
                else
                {
                    import.Add(document.RootElement, 1);
                }

                var answer = await import.WriteAsync(dryRun, time.Now(), cancellationToken);
                List<ImportNote> notes = [.. answer.Refused.Select(refused => new ImportNote(refused.Code, refused.Detail, item.Path))];
                report.AddMany(item.Member, ImportOutcome.Created, import.Written!.Created);
                report.AddMany(item.Member, ImportOutcome.Updated, import.Written.Updated);
                report.AddMany(item.Member, ImportOutcome.Unchanged, import.Written.Unchanged);
                report.AddMany(item.Member, ImportOutcome.Refused, answer.RefusedCount);
                if (notes.Count > 0)
                    report.List(item.Member, null, item.Path, ImportOutcome.Refused, null, notes);
            }
            catch (JsonException)
            {
                report.Add(item.Member, null, item.Path, ImportOutcome.Refused, null, [new("json.tooDeep", $"Categories nest at most {StrictJson.MaxDepth} deep.", item.Path)]);
            }
            catch (ProblemException problem)
            {
                report.Add(item.Member, null, item.Path, ImportOutcome.Refused, null, [.. ImportStep.Notes(problem, item.Path)]);
            }
        }
    }

    public async Task TakeProductsAsync(IReadOnlyList<ImportItem> items, bool dryRun, ReportBuilder report, CancellationToken cancellationToken)
    {
        var seen = new SeenProducts();
        foreach (var batch in items.Chunk(BatchSize))
        {
            var good = new List<NamedProduct>();
            try
            {
                foreach (var item in batch)
                    Read(item, good, report);
                var skus = good.Select(one => one.Sku).OfType<string>().ToArray();
                var ids = good.Select(one => one.Id).OfType<string>().ToArray();
                foreach (var product in await db.Set<Product>().Where(product => skus.Contains(product.Sku) || ids.Contains(product.ExternalId))
                    .Select(product => new { product.Sku, product.ExternalId }).ToListAsync(cancellationToken))
                    seen.Stands(product.Sku, product.ExternalId);
                var answer = await products.ReadAsync(good.Select(one => one.Json.RootElement), dryRun, cancellationToken);
                var refused = answer.Refused.ToLookup(line => line.Line);
                for (var i = 0; i < good.Count; i++)
                {
                    var (item, json, sku, id) = good[i];
                    var wrong = refused[i + 1].Select(line => new ImportNote(line.Code, line.Detail, item.Path)).ToList();
                    if (wrong.Count > 0)
                    {
                        report.Add(item.Member, id ?? sku, item.Path, ImportOutcome.Refused, null, wrong);
                        continue;
                    }

                    var (known, before) = seen.Take(sku!, id);
                    report.Add(item.Member, id ?? sku, item.Path, known ? ImportOutcome.Updated : ImportOutcome.Created, null, [.. Notes(item, json.RootElement, before)]);
                }
            }
            finally
            {
                good.ForEach(one => one.Json.Dispose());
            }
        }
    }

    private static void Read(ImportItem item, List<NamedProduct> good, ReportBuilder report)
    {
        try
        {
            var json = JsonDocument.Parse(item.Json);
            if (ImportStep.Unusable(json.RootElement, item.Path) is not { } unusable)
            {
                var product = AdobeValue.Member(json.RootElement, "product") ?? json.RootElement;
                good.Add(new(item, json, AdobeValue.Text(AdobeValue.Member(product, "sku")), AdobeValue.Text(AdobeValue.Member(product, "id"))));
                return;
            }

            json.Dispose();
            report.Add(item.Member, null, item.Path, ImportOutcome.Refused, null, [unusable]);
        }
        catch (JsonException)
        {
            report.Add(item.Member, null, item.Path, ImportOutcome.Refused, null, [new("json.tooDeep", "A product nests at most 64 deep.", item.Path)]);
        }
    }

    /// <summary>What of a product that is taken is other than the body or the shop may have expected.</summary>
    /// <param name="before">The SKU under which its id was known.</param>
    private static IEnumerable<ImportNote> Notes(ImportItem item, JsonElement json, string? before)
    {
        if (before is not null)
            yield return new("product.renamed", $"SKU changed from {before}.", item.Path + ".sku");
        foreach (var remark in AdobeProduct.Is(json) ? AdobeProduct.Remarks(json) : [])
            yield return new(remark.Code, remark.Detail, item.Path + remark.Path.TrimStart('$'));
    }

    private sealed record NamedProduct(ImportItem Item, JsonDocument Json, string? Sku, string? Id);
}
