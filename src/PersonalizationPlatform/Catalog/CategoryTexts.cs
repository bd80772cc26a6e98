namespace PersonalizationPlatform.Catalog;

/// <summary>What conditions on categories see of the categories a product was given. Remembers, since many products share theirs.</summary>
internal sealed class CategoryTexts(CategoryTree tree)
{
    private readonly Dictionary<string, CategoryText> known = new(StringComparer.Ordinal);

    /// <summary>
    /// All: each as given, its id, its name and, as a path, its parts; the ids and names of all that contain it. Own: the ids of the
    /// categories themselves, and as given where the tree does not know them. Containing: the ids of all that contain those.
    /// </summary>
    public CategoryText Of(string[] given)
    {
        if (given.Length == 0)
            return CategoryText.None;
        var key = string.Join('\0', given);
        if (!known.TryGetValue(key, out var texts))
            known[key] = texts = Derive(given);
        return texts;
    }

    private CategoryText Derive(string[] given)
    {
        var all = new List<string>();
        var own = new List<string>();
        var containing = new List<string>();
        foreach (var category in given)
        {
            all.Add(category);
            // Gear/Bags stands for itself, for Gear and for Bags, as a category path on an event's line does.
            var parts = category.Contains('/') ? category.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
            all.AddRange(parts);
            var id = tree.Resolve(category);
            own.Add(id ?? category);
            if (id is null)
            {
                for (var i = 1; i < parts.Length; i++)
                    containing.Add(string.Join('/', parts[..i]));
                continue;
            }

            Add(all, id);
            foreach (var ancestor in tree.Ancestors(id))
            {
                Add(all, ancestor);
                containing.Add(ancestor);
            }
        }

        return new([.. all.Distinct(StringComparer.OrdinalIgnoreCase)], [.. own.Distinct(StringComparer.Ordinal)], [.. containing.Distinct(StringComparer.Ordinal)]);
    }

    private void Add(List<string> all, string id)
    {
        all.Add(id);
        all.Add(tree.Name(id)!);
    }
}

/// <summary>See <see cref="CategoryTexts.Of"/>.</summary>
internal sealed record CategoryText(IReadOnlyList<string> All, IReadOnlyList<string> Own, IReadOnlyList<string> Containing)
{
    public static readonly CategoryText None = new([], [], []);
}
