using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions;

/// <summary>A kind of definition that people edit. Each capability registers its own, so that history, schedules and publications serve them all.</summary>
public interface IDefinitionKind
{
    /// <summary>Its collection in addresses, e.g. <c>cart-rules</c>.</summary>
    string Collection { get; }

    /// <summary>A definition as it stands, archived or not; null when there is none with this id or key.</summary>
    Task<DefinitionState?> FindStateAsync(string idOrKey, CancellationToken cancellationToken);

    /// <summary>Replaces a definition by a body as a person would PUT it. Joins the caller's step.</summary>
    Task<DefinitionHead> ReplaceAsync(Guid id, JsonElement body, EntityVersion version, CancellationToken cancellationToken);

    /// <summary>Moves a definition to another status; nothing happens when it has it already. Joins the caller's step.</summary>
    Task<DefinitionHead> MoveAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken);
}

/// <summary>What all definitions have in common.</summary>
public sealed record DefinitionHead(Guid Id, string Key, string Name, DefinitionStatus Status, int Version);

/// <summary>A definition as it stands.</summary>
/// <param name="Body">JSON, as a person would write it, so that putting it again restores it.</param>
/// <param name="SavedAt">Since when it has stood so.</param>
public sealed record DefinitionState(DefinitionHead Head, string Body, DateTimeOffset SavedAt);
