namespace PersonalizationPlatform.Catalog;

/// <summary>The whole catalogue as of one change. Immutable.</summary>
public sealed class CatalogSnapshot
{
    /// <summary>Before anything has been read.</summary>
    internal static readonly CatalogSnapshot Nothing = new(-1, [], new(StringComparer.OrdinalIgnoreCase), new(StringComparer.Ordinal), CategoryTree.Empty, []);

    private readonly Dictionary<string, CatalogProduct[]> bySku;
    private readonly Dictionary<string, string> byExternalId;

    /// <param name="bySku">Without regard to case; several SKUs may differ in nothing else.</param>
    internal CatalogSnapshot(
        long change, CatalogProduct[] products, Dictionary<string, CatalogProduct[]> bySku, Dictionary<string, string> byExternalId, CategoryTree categories,
        IReadOnlyList<AttributeDefinition> attributes)
    {
        Change = change;
        Products = products;
        this.bySku = bySku;
        this.byExternalId = byExternalId;
        Categories = categories;
        Attributes = attributes;
    }

    /// <summary>Goes up with every change of products, categories or attribute definitions.</summary>
    public long Change { get; }

    /// <summary>By <see cref="CatalogProduct.Number"/>, then by SKU.</summary>
    public IReadOnlyList<CatalogProduct> Products { get; }

    public CategoryTree Categories { get; }

    /// <summary>What is known of attributes, by code.</summary>
    public IReadOnlyList<AttributeDefinition> Attributes { get; }

    internal Dictionary<string, CatalogProduct[]> BySku => bySku;

    internal Dictionary<string, string> ByExternalId => byExternalId;

    /// <summary>The product with this SKU, else one whose SKU differs in case only; null when there is none.</summary>
    public CatalogProduct? Find(string sku)
    {
        if (!bySku.TryGetValue(sku, out var spelled))
            return null;
        foreach (var product in spelled)
        {
            if (product.Sku == sku)
                return product;
        }

        return spelled[0];
    }

    /// <summary>The product that another system knows by this id; null when there is none.</summary>
    public CatalogProduct? FindExternal(string externalId) => byExternalId.TryGetValue(externalId, out var sku) ? Find(sku) : null;
}
