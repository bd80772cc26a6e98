using System.Collections.Concurrent;
using Npgsql;
using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Catalog;

/// <summary>
/// What the event road asks about products. Remembers what it read for at most <see cref="MaxAge"/>: so long may another
/// node's change stay unseen; this node's own changes are seen at once.
/// </summary>
public sealed class ProductCatalogue(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>How old an answer may be, counted from before it was read.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    /// <summary>SKUs remembered at most, unknown ones included.</summary>
    private const int Capacity = 50_000;

    private const string Select = "select sku, categories, attributes from product where sku = any($1)";

    private readonly ConcurrentDictionary<string, Entry> remembered = new(StringComparer.Ordinal);

    // Goes up with each change made here. What was read under an older one is not used, so a read that overlaps a change
    // cannot leave the old product behind.
    private long generation;

    /// <summary>The categories of the SKUs that are known: ids, names, paths and path parts.</summary>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<string>>> CategoriesAsync(
        IReadOnlyCollection<string> skus, CancellationToken cancellationToken = default)
    {
        var found = await FindAsync(skus, cancellationToken);
        return found.ToDictionary(pair => pair.Key, pair => pair.Value.Categories);
    }

    /// <summary>The attributes of the SKUs that are known, by name in any case.</summary>
    public async ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldValue>>> AttributesAsync(
        IReadOnlyCollection<string> skus, CancellationToken cancellationToken = default)
    {
        var found = await FindAsync(skus, cancellationToken);
        return found.ToDictionary(pair => pair.Key, pair => pair.Value.Attributes);
    }

    internal void Forget() => Interlocked.Increment(ref generation);

    private async ValueTask<Dictionary<string, ProductFacts>> FindAsync(IReadOnlyCollection<string> skus, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ProductFacts>(StringComparer.Ordinal);
        var missing = new HashSet<string>(StringComparer.Ordinal);
        var current = Interlocked.Read(ref generation);
        foreach (var sku in skus)
        {
            if (!remembered.TryGetValue(sku, out var entry) || entry.Generation != current || time.GetElapsedTime(entry.ReadAt) >= MaxAge)
                missing.Add(sku);
            else if (entry.Product is { } product)
                found[sku] = product;
        }

        if (missing.Count > 0)
            await ReadAsync(missing, current, found, cancellationToken);
        return found;
    }

    private async Task ReadAsync(HashSet<string> skus, long current, Dictionary<string, ProductFacts> found, CancellationToken cancellationToken)
    {
        var readAt = time.GetTimestamp();
        await using (var command = database.CreateCommand(Select))
        {
            command.Parameters.Add(new() { Value = skus.ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                found[reader.GetString(0)] = ProductFacts.Of(reader.GetFieldValue<string[]>(1), reader.GetString(2));
        }

        if (remembered.Count + skus.Count > Capacity)
            remembered.Clear();
        if (skus.Count > Capacity)
            return;
        foreach (var sku in skus)
            remembered[sku] = new(found.GetValueOrDefault(sku), readAt, current);
    }

    private sealed record Entry(ProductFacts? Product, long ReadAt, long Generation);
}
