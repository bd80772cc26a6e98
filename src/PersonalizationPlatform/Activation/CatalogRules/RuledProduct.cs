using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>Products as catalogue rules see them.</summary>
internal static class RuledProduct
{
    /// <summary>Bundles and grouped products are in a category only where all their children are, too; one that is not known is in none.</summary>
    public static ProductFact Of(CatalogProduct product, CatalogSnapshot catalogue)
    {
        if (product.Type is not ("bundle" or "grouped") || product.Children.Count == 0)
            return product;
        var shared = new HashSet<string>(product.Categories, StringComparer.OrdinalIgnoreCase);
        foreach (var sku in product.Children)
            shared.IntersectWith(catalogue.Find(sku)?.Categories ?? []);
        return product with { Categories = [.. product.Categories.Where(shared.Contains)] };
    }
}
