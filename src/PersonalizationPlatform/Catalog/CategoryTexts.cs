namespace PersonalizationPlatform.Catalog;

/// <summary>What conditions on categories see of the categories a product was given. Remembers, since many products share theirs.</summary>
internal sealed class CategoryTexts(CategoryTree tree)
{
    private readonly Dictionary<string, (IReadOnlyList<string> All, IReadOnlyList<string> Own)> known = new(StringComparer.Ordinal);

    /// <summary>
    /// All: each as given, its id, its name and, as a path, its parts; the ids and names of all that contain it. Own: the ids of the
    /// categories themselves, and as given where the tree does not know them.
    /// </summary>
    public (IReadOnlyList<string> All, IReadOnlyList<string> Own) Of(string[] given)
    {
        if (given.Length == 0)
            return ([], []);
        var key = string.Join('\0', given);
        if (!known.TryGetValue(key, out var texts))
            known[key] = texts = Derive(given);
        return texts;
    }

    private (IReadOnlyList<string> All, IReadOnlyList<string> Own) Derive(string[] given)
    {
        var all = new List<string>();
        var own = new List<string>();
        foreach (var category in given)
        {
            all.Add(category);
            // Gear/Bags stands for itself, for Gear and for Bags, as a category path on an event's line does.
            if (category.Contains('/'))
                all.AddRange(category.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            var id = tree.Resolve(category);
            own.Add(id ?? category);
            if (id is null)
                continue;
            Add(all, id);
            foreach (var ancestor in tree.Ancestors(id))
                Add(all, ancestor);
        }

        return ([.. all.Distinct(StringComparer.OrdinalIgnoreCase)], [.. own.Distinct(StringComparer.Ordinal)]);
    }

    private void Add(List<string> all, string id)
    {
        all.Add(id);
        all.Add(tree.Name(id)!);
    }
}
