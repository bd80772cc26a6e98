namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// Which products stand, item by item of an import: those stored before it, and those it has brought so far, whether it stores them or only
/// tries.
/// </summary>
internal sealed class SeenProducts
{
    private readonly Dictionary<string, bool> standing = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> skus = new(StringComparer.Ordinal);

    /// <summary>What is stored, unless the import has said more of it since.</summary>
    public void Stands(string sku, string? id)
    {
        if (standing.TryAdd(sku, true) && id is not null)
            skus.TryAdd(id, sku);
    }

    /// <summary>The import brings a product.</summary>
    /// <returns>Whether it was known, and the SKU it was known by where that is another one.</returns>
    public (bool Known, string? Before) Take(string sku, string? id)
    {
        var before = id is not null && skus.TryGetValue(id, out var other) && other != sku ? other : null;
        var known = before is not null || standing.GetValueOrDefault(sku);
        if (before is not null)
            standing[before] = false;
        standing[sku] = true;
        if (id is not null)
            skus[id] = sku;
        return (known, before);
    }
}
