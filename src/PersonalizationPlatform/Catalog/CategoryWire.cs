using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>A category as the shop sends it.</summary>
[ReadOnlyMembers("updatedAt")]
public sealed record CategoryRequest
{
    /// <summary>May be left out where the address names it.</summary>
    public string? Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The category that contains it; absent at the top.</summary>
    public string? ParentId { get; init; }

    /// <summary>Among its siblings; 0 when absent.</summary>
    public int? Position { get; init; }

    /// <summary><c>true</c> when absent.</summary>
    public bool? Active { get; init; }

    /// <summary>The category, or null when <paramref name="errors"/> were added.</summary>
    internal CategoryNode? ToNode(string? addressed, List<ProblemError> errors)
    {
        var before = errors.Count;
        var id = addressed ?? Id;
        if (!IsId(id))
            errors.Add(new("$.id", "category.id", "id must have 1 to 128 characters, none of them a slash or a control character."));
        else if (Id is not null && Id != id)
            errors.Add(new("$.id", "category.id", "id must be the one in the address."));
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 255)
            errors.Add(new("$.name", "category.name", "name must have 1 to 255 characters."));
        if (ParentId is not null && !IsId(ParentId))
            errors.Add(new("$.parentId", "category.parentId", "parentId must be a category's id, or left out at the top."));
        return errors.Count > before ? null : new(id!, Name.Trim(), ParentId, Position ?? 0, Active ?? true);
    }

    internal static bool IsId(string? id) => id is { Length: >= 1 and <= 128 } && !string.IsNullOrWhiteSpace(id) && !id.Any(letter => letter == '/' || char.IsControl(letter));
}

/// <summary>A category as it is kept.</summary>
/// <param name="ParentId">Absent at the top.</param>
public sealed record CategoryAnswer(string Id, string Name, string? ParentId, int Position, bool Active, DateTimeOffset UpdatedAt)
{
    internal static CategoryAnswer Of(Category category) =>
        new(category.Id, category.Name, category.ParentId, category.Position, category.Active, category.UpdatedAt);
}
