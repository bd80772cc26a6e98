using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>
/// Understands categories as Adobe Commerce's REST API returns them: a tree of <c>children_data</c>, a category in <c>category</c>, or a
/// bare one. Members it has no use for are ignored.
/// </summary>
internal static class AdobeCategory
{
    private static readonly string[] Marks = ["children_data", "parent_id", "is_active"];

    public static bool Is(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && (Array.Exists(Marks, mark => json.TryGetProperty(mark, out _)) || Wrapped(json) is not null);

    /// <summary>All categories of the tree, each after the one that contains it; those that cannot be used are added to <paramref name="errors"/>.</summary>
    public static IEnumerable<CategoryNode> Read(JsonElement json, List<ProblemError> errors)
    {
        var open = new Stack<(AdobeNode Node, string? Parent)>();
        open.Push((new AdobeNode(Wrapped(json) ?? json, "$", errors), null));
        while (open.TryPop(out var next))
        {
            var id = next.Node.Text("id");
            var parent = next.Parent ?? next.Node.Text("parent_id");
            var request = new CategoryRequest
            {
                Id = id,
                Name = next.Node.Text("name") ?? "",
                ParentId = parent == "0" ? null : parent,
                Position = (int)Math.Clamp(next.Node.Number("position") ?? 0, int.MinValue, int.MaxValue),
                Active = next.Node.Truth("is_active"),
            };
            var wrong = new List<ProblemError>();
            if (request.ToNode(null, wrong) is { } node)
                yield return node;
            errors.AddRange(wrong.Select(error => error with { Path = next.Node.Path + error.Path[1..] }));
            foreach (var child in next.Node.List("children_data").Reverse())
                open.Push((child, id));
        }
    }

    private static JsonElement? Wrapped(JsonElement json) =>
        json.TryGetProperty("category", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : null;
}
