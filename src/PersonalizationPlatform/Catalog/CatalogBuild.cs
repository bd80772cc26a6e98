namespace PersonalizationPlatform.Catalog;

/// <summary>Makes the next snapshot from one and what has changed since. What did not change is shared.</summary>
internal sealed class CatalogBuild(CatalogSnapshot before, long change, CategoryTree tree, IReadOnlyList<AttributeDefinition> attributes)
{
    private static readonly Comparer<CatalogProduct> ByNumber = Comparer<CatalogProduct>.Create(
        (a, b) => a.Number != b.Number ? a.Number.CompareTo(b.Number) : string.CompareOrdinal(a.Sku, b.Sku));

    private readonly Dictionary<string, CatalogProduct> changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> byExternalId = new(before.ByExternalId, StringComparer.Ordinal);

    /// <summary>What the new tree makes of categories.</summary>
    public CategoryTexts Texts { get; } = new(tree);

    /// <summary>First of all: what has been removed, even if it is there again.</summary>
    public void Remove(IEnumerable<(string Kind, string Key)> keys) =>
        removed.UnionWith(keys.Where(key => key.Kind == Removal.Product).Select(key => key.Key));

    public void Put(CatalogProduct product)
    {
        removed.Remove(product.Sku);
        changed[product.Sku] = product;
    }

    public CatalogSnapshot Finish()
    {
        if (tree != before.Categories)
            FollowTree();
        FollowExternalIds();
        return new(change, Merge(), BySku(), byExternalId, tree, attributes);
    }

    private void FollowTree()
    {
        foreach (var product in before.Products)
        {
            if (product.CategoriesGiven.Length == 0 || changed.ContainsKey(product.Sku) || removed.Contains(product.Sku))
                continue;
            var (all, own, containing) = Texts.Of(product.CategoriesGiven);
            if (!all.SequenceEqual(product.Categories) || !own.SequenceEqual(product.OwnCategories) || !containing.SequenceEqual(product.ContainingCategories))
                changed[product.Sku] = product with { Categories = all, OwnCategories = own, ContainingCategories = containing };
        }
    }

    /// <summary>Variants may arrive after the product that is made of them, and go before it.</summary>
    private void FollowExternalIds()
    {
        foreach (var sku in removed.Concat(changed.Keys))
        {
            if (Before(sku) is { ExternalId: { } id } && byExternalId.GetValueOrDefault(id) == sku)
                byExternalId.Remove(id);
        }

        foreach (var product in changed.Values.Where(product => product.ExternalId is not null))
            byExternalId[product.ExternalId!] = product.Sku;
        var parents = before.Products.Where(product => product.ChildExternalIds.Count > 0 && !changed.ContainsKey(product.Sku) && !removed.Contains(product.Sku))
            .Concat(changed.Values.Where(product => product.ChildExternalIds.Count > 0)).ToList();
        foreach (var parent in parents)
        {
            List<string> children = [.. parent.ChildrenGiven.Concat(parent.ChildExternalIds.Select(id => byExternalId.GetValueOrDefault(id)).OfType<string>()).Distinct()];
            if (!children.SequenceEqual(parent.Children))
                changed[parent.Sku] = parent with { Children = children };
        }
    }

    private CatalogProduct[] Merge()
    {
        var next = changed.Values.Order(ByNumber).ToArray();
        var all = new List<CatalogProduct>(before.Products.Count + next.Length);
        var i = 0;
        foreach (var product in before.Products)
        {
            if (changed.ContainsKey(product.Sku) || removed.Contains(product.Sku))
                continue;
            while (i < next.Length && ByNumber.Compare(next[i], product) < 0)
                all.Add(next[i++]);
            all.Add(product);
        }

        all.AddRange(next.AsSpan(i));
        return [.. all];
    }

    private Dictionary<string, CatalogProduct[]> BySku()
    {
        var bySku = new Dictionary<string, CatalogProduct[]>(before.BySku, StringComparer.OrdinalIgnoreCase);
        bySku.EnsureCapacity(changed.Count);
        foreach (var sku in removed.Concat(changed.Keys))
        {
            CatalogProduct[] others = [.. bySku.GetValueOrDefault(sku, []).Where(other => other.Sku != sku)];
            CatalogProduct[] spelled = changed.TryGetValue(sku, out var product) ? [.. others.Append(product).Order(ByNumber)] : others;
            if (spelled.Length == 0)
                bySku.Remove(sku);
            else
                bySku[sku] = spelled;
        }

        return bySku;
    }

    private CatalogProduct? Before(string sku) => before.Find(sku) is { } product && product.Sku == sku ? product : null;
}
