using System.Text.Json;
using PersonalizationPlatform.Catalog;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>What conditions see of the categories a line names: each as given and its path parts, and all that contain them.</summary>
/// <param name="parents">As the request says: category to the one that contains it.</param>
/// <param name="tree">As the catalogue knows.</param>
internal sealed class CartCategories(IReadOnlyDictionary<string, JsonElement>? parents, CategoryTree tree)
{
    /// <summary>Lines of a cart are often in the same categories.</summary>
    private readonly Dictionary<string, IReadOnlyList<string>> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Of(IReadOnlyList<string> given)
    {
        if (given.Count == 0)
            return [];
        var key = given.Count == 1 ? given[0] ?? "" : string.Join('\0', given);
        return _known.TryGetValue(key, out var known) ? known : _known[key] = Find(given);
    }

    private List<string> Find(IReadOnlyList<string> given)
    {
        var all = new List<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>(given);
        // A circle among the parents ends where it was entered.
        while (open.TryDequeue(out var category))
        {
            if (category.Length == 0 || !seen.Add(category))
                continue;
            all.Add(category);
            // Gear/Bags stands for itself, for Gear and for Bags.
            if (category.Contains('/'))
            {
                foreach (var part in category.Split('/', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                    open.Enqueue(part);
            }

            if (Parent(category) is { } parent)
                open.Enqueue(parent);
            if (tree.Count == 0 || tree.Resolve(category) is not { } id)
                continue;
            open.Enqueue(id);
            open.Enqueue(tree.Name(id)!);
            foreach (var ancestor in tree.Ancestors(id))
            {
                // By id only: a name of an ancestor may be that of another category, with other ancestors.
                open.Enqueue(ancestor);
                if (seen.Add(tree.Name(ancestor)!))
                    all.Add(tree.Name(ancestor)!);
            }
        }

        return all;
    }

    private string? Parent(string category)
    {
        if (parents is null || !parents.TryGetValue(category, out var parent))
            return null;
        return parent.ValueKind switch
        {
            JsonValueKind.String => Text(parent),
            JsonValueKind.Number => parent.GetRawText(),
            _ => null,
        };
    }

    private static string? Text(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair names no category
        }
    }
}
