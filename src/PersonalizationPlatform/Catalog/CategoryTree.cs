namespace PersonalizationPlatform.Catalog;

/// <summary>The categories and how they contain one another. Immutable.</summary>
public sealed class CategoryTree
{
    /// <summary>Levels below the top one at most.</summary>
    public const int MaxDepth = 1_000;

    /// <summary>Categories at most.</summary>
    public const int MaxCount = 100_000;

    public static readonly CategoryTree Empty = new([]);

    private readonly Dictionary<string, CategoryNode> nodes;
    private readonly ILookup<string, CategoryNode> byName;

    public CategoryTree(IEnumerable<CategoryNode> categories)
    {
        nodes = categories.ToDictionary(node => node.Id, StringComparer.Ordinal);
        byName = nodes.Values.ToLookup(node => node.Name, StringComparer.OrdinalIgnoreCase);
    }

    public int Count => nodes.Count;

    internal IEnumerable<CategoryNode> All => nodes.Values;

    /// <summary>Null when there is no such category.</summary>
    public CategoryNode? Find(string id) => nodes.GetValueOrDefault(id);

    public string? Name(string id) => Find(id)?.Name;

    /// <summary>The id of the category that contains it; null at the top, and for what is not in the tree.</summary>
    public string? Parent(string id) => Find(id)?.ParentId is { } parent && nodes.ContainsKey(parent) ? parent : null;

    /// <summary>The ids of all that contain it, nearest first.</summary>
    public IReadOnlyList<string> Ancestors(string id)
    {
        var ancestors = new List<string>();
        // Circles are refused when categories are written; the bound is for those that somebody wrote into the table.
        for (var next = Parent(id); next is not null && ancestors.Count <= MaxDepth; next = Parent(next))
            ancestors.Add(next);
        return ancestors;
    }

    /// <summary>Whether a category lies somewhere inside another one; no category lies inside itself.</summary>
    public bool IsDescendant(string id, string ancestor)
    {
        var depth = 0;
        for (var next = Parent(id); next is not null && depth <= MaxDepth; next = Parent(next), depth++)
        {
            if (next == ancestor)
                return true;
        }

        return false;
    }

    /// <summary>The id meant by an id, a path (<c>Gear/Bags</c>, from any level on) or a name; null when none or more than one is.</summary>
    public string? Resolve(string text)
    {
        if (nodes.ContainsKey(text))
            return text;
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? found = null;
        foreach (var node in byName[parts.Length == 0 ? text : parts[^1]])
        {
            if (!EndsWith(node, parts))
                continue;
            if (found is not null)
                return null;
            found = node.Id;
        }

        return found;
    }

    private bool EndsWith(CategoryNode node, string[] parts)
    {
        for (var i = parts.Length - 2; i >= 0; i--)
        {
            if (node.ParentId is null || Find(node.ParentId) is not { } parent || !parent.Name.Equals(parts[i], StringComparison.OrdinalIgnoreCase))
                return false;
            node = parent;
        }

        return true;
    }
}

/// <summary>One category.</summary>
/// <param name="ParentId">The category that contains it; null at the top. One that is not there counts as none until it is.</param>
/// <param name="Position">Among its siblings.</param>
public sealed record CategoryNode(string Id, string Name, string? ParentId, int Position, bool Active);
