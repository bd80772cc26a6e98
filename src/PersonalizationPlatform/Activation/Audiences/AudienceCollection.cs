using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>Audiences as one of the kinds of definitions. Their members are no part of it: going back leaves lists as they are.</summary>
public sealed class AudienceCollection(PlatformDb db, AudienceEditor editor) : IDefinitionKind
{
    public const string Name = "audiences";

    public string Collection => Name;

    /// <summary>The id of the audience with this id or key; 404 for an unknown key.</summary>
    public async Task<AudienceId> IdOfAsync(string idOrKey, CancellationToken cancellationToken) =>
        Guid.TryParse(idOrKey, out var id)
            ? new(id)
            : await db.Set<Audience>().Where(audience => audience.Key == idOrKey).Select(audience => (AudienceId?)audience.Id).SingleOrDefaultAsync(cancellationToken)
                ?? throw ProblemException.NotFound("audience with this id or key");

    public async Task<DefinitionState?> FindStateAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? new AudienceId(given) : default;
        var audience = await db.Set<Audience>().AsNoTracking()
            .SingleOrDefaultAsync(audience => audience.Id == id || audience.Key == idOrKey, cancellationToken);
        return audience is null ? null : State(audience);
    }

    public async Task<DefinitionHead> ReplaceAsync(Guid id, JsonElement body, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await editor.UpdateAsync(new(id), DefinitionBody.Read<AudienceRequest>(body), version, cancellationToken));

    public async Task<DefinitionHead> MoveAsync(Guid id, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Head(await editor.MoveAsync(new(id), status, version, cancellationToken));

    internal static DefinitionState State(Audience audience)
    {
        var request = new AudienceRequest
        {
            Name = audience.Name,
            Key = audience.Key,
            Kind = audience.Kind,
            Segment = audience.Segment?.ToString(),
            ExternalId = audience.ExternalId,
        };
        return new(Head(audience), DefinitionBody.Write(request), audience.UpdatedAt);
    }

    private static DefinitionHead Head(Audience audience) => new(audience.Id.Value, audience.Key, audience.Name, audience.Status, audience.Version);
}
