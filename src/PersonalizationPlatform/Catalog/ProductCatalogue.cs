using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Catalog;

/// <summary>What the event road asks about products; as old as <see cref="LiveCatalog"/>.</summary>
public sealed class ProductCatalogue(LiveCatalog live)
{
    /// <summary>The categories of the SKUs that are known: ids, names, paths and path parts, those that contain them included.</summary>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyList<string>>> CategoriesAsync(
        IReadOnlyCollection<string> skus, CancellationToken cancellationToken = default) => FindAsync(skus, product => product.Categories, cancellationToken);

    /// <summary>The attributes of the SKUs that are known, by name in any case.</summary>
    public ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldValue>>> AttributesAsync(
        IReadOnlyCollection<string> skus, CancellationToken cancellationToken = default) => FindAsync(skus, product => product.Attributes, cancellationToken);

    private async ValueTask<IReadOnlyDictionary<string, T>> FindAsync<T>(
        IReadOnlyCollection<string> skus, Func<CatalogProduct, T> member, CancellationToken cancellationToken)
    {
        var catalogue = await live.CurrentAsync(cancellationToken);
        var found = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (var sku in skus)
        {
            if (catalogue.Find(sku) is { } product)
                found[sku] = member(product);
        }

        return found;
    }
}
