using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>What a tree of categories must keep to: no circles, bounded in depth and number.</summary>
internal static class CategoryShape
{
    private const int OnCircle = -2;
    private const int InCircle = -3;

    /// <summary>
    /// What of <paramref name="given"/> cannot become part of the tree, by id. Only the final shape counts, so two categories may change
    /// places. What is refused stays as it was.
    /// </summary>
    public static Dictionary<string, ProblemError> Refuse(
        IReadOnlyDictionary<string, CategoryNode> tree, IReadOnlyDictionary<string, CategoryNode> given, bool parentsKnown)
    {
        if (tree.Count + given.Keys.Count(id => !tree.ContainsKey(id)) > CategoryTree.MaxCount)
        {
            throw new ProblemException(
                400, "category.count", $"There can be {CategoryTree.MaxCount:N0} categories.", [new("$", "category.count", "Delete categories that are no longer used.")]);
        }

        var next = new Dictionary<string, CategoryNode>(tree, StringComparer.Ordinal);
        foreach (var (id, node) in given)
            next[id] = node;
        var refused = new Dictionary<string, ProblemError>(StringComparer.Ordinal);
        // Refusing one may make others wrong (a parent that is not there now), so until nothing is.
        for (var again = true; again;)
        {
            var wrong = Wrong(next, given, parentsKnown, refused);
            again = wrong.Count > 0;
            foreach (var (id, error) in wrong)
            {
                refused[id] = error;
                if (tree.TryGetValue(id, out var before))
                    next[id] = before;
                else
                    next.Remove(id);
            }
        }

        return refused;
    }

    private static Dictionary<string, ProblemError> Wrong(
        Dictionary<string, CategoryNode> nodes, IReadOnlyDictionary<string, CategoryNode> given, bool parentsKnown, Dictionary<string, ProblemError> refused)
    {
        var wrong = new Dictionary<string, ProblemError>(StringComparer.Ordinal);
        var depths = Depths(nodes);
        foreach (var (id, node) in given)
        {
            if (refused.ContainsKey(id))
                continue;
            var depth = depths[id];
            if (depth == OnCircle)
                wrong[id] = new("$.parentId", "category.circle", $"The category {id} would lie inside itself.");
            else if (depth > CategoryTree.MaxDepth)
                wrong[id] = new("$.parentId", "category.depth", $"Categories nest at most {CategoryTree.MaxDepth} deep.");
            else if (parentsKnown && node.ParentId is { } parent && !nodes.ContainsKey(parent))
                wrong[id] = new("$.parentId", "category.unknownParent", $"There is no category {parent}.");
        }

        // Moving a category down moves all that lie in it, given or not.
        if (wrong.Count == 0 && depths.Values.Any(depth => depth > CategoryTree.MaxDepth))
        {
            foreach (var id in given.Keys.Where(id => !refused.ContainsKey(id)))
                wrong[id] = new("$.parentId", "category.depth", $"Categories nest at most {CategoryTree.MaxDepth} deep, those inside this one included.");
        }

        return wrong;
    }

    /// <summary>How many categories contain each; <see cref="OnCircle"/> or <see cref="InCircle"/> where that has no end.</summary>
    private static Dictionary<string, int> Depths(Dictionary<string, CategoryNode> nodes)
    {
        const int onTheWay = int.MinValue;
        var depths = new Dictionary<string, int>(nodes.Count, StringComparer.Ordinal);
        var way = new List<string>();
        foreach (var start in nodes.Keys)
        {
            way.Clear();
            string? at = start;
            while (at is not null && nodes.TryGetValue(at, out var node) && depths.TryAdd(at, onTheWay))
            {
                way.Add(at);
                at = node.ParentId;
            }

            var known = at is null ? -1 : depths.GetValueOrDefault(at, -1);
            var circleFrom = known == onTheWay ? way.IndexOf(at!) : way.Count;
            var depth = known is OnCircle or InCircle or onTheWay ? InCircle : known + 1;
            for (var i = way.Count - 1; i >= 0; i--)
            {
                depths[way[i]] = i >= circleFrom ? OnCircle : depth;
                depth = depth == InCircle ? InCircle : depth + 1;
            }
        }

        return depths;
    }
}
