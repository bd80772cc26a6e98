using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions;

/// <summary>Every kind of definition there is, by its collection.</summary>
public sealed class DefinitionKinds(IEnumerable<IDefinitionKind> kinds)
{
    private readonly Dictionary<string, IDefinitionKind> byCollection = kinds.ToDictionary(kind => kind.Collection);

    public IEnumerable<string> Collections => byCollection.Keys.Order(StringComparer.Ordinal);

    /// <summary>Null when there is no such collection.</summary>
    public IDefinitionKind? Find(string collection) => byCollection.GetValueOrDefault(collection);

    /// <summary>A definition as it stands, and its kind. 404 when there is no such collection or nothing of this id or key in it.</summary>
    public async Task<(IDefinitionKind Kind, DefinitionState State)> DemandAsync(string collection, string idOrKey, CancellationToken cancellationToken)
    {
        var kind = Find(collection) ?? throw ProblemException.NotFound($"collection of definitions {collection}; there are {string.Join(", ", Collections)}");
        return (kind, await kind.FindStateAsync(idOrKey, cancellationToken) ?? throw ProblemException.NotFound($"definition in {collection} with this id or key"));
    }
}
