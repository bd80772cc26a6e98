using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.History;

/// <summary>One version of a definition.</summary>
/// <param name="Status">The status it was saved with.</param>
/// <param name="Body">What it said, in the form in which it can be PUT; absent in lists.</param>
public sealed record DefinitionVersionAnswer(int Version, DefinitionStatus Status, string Name, DateTimeOffset SavedAt, RawJson? Body = null)
{
    internal static DefinitionVersionAnswer Of(DefinitionVersion version) => new(version.Version, version.Status, version.Name, version.SavedAt);
}

/// <summary>To which version a definition is to go back.</summary>
public sealed record RollbackRequest
{
    public required int Version { get; init; }

    /// <summary>Whether the status becomes what it was at that version; otherwise it stays as it is.</summary>
    public bool? RestoreStatus { get; init; }
}
