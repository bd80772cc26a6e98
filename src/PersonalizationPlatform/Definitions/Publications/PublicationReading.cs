using System.Globalization;
using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>Reads what a publication is to do, and refuses what cannot be meant.</summary>
internal static class PublicationReading
{
    private const int MaxChanges = 500;

    /// <summary>The publication as it is kept, its definitions found. 400 <c>publication.invalid</c> with every place.</summary>
    public static async Task<Publication> ReadAsync(PublicationRequest request, DefinitionKinds kinds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > 200)
            errors.Add(new("$.name", "publication.name", "name must have 1 to 200 characters."));
        var at = request.At > now ? request.At.Value : now;
        if (request.Until <= at)
            errors.Add(new("$.until", "publication.until", "until must be later than at, and than now."));
        if (request.Changes.Count is 0 or > MaxChanges)
            errors.Add(new("$.changes", "publication.changes", $"changes must hold 1 to {MaxChanges} changes."));
        Refuse(errors);
        var publication = new Publication
        {
            Id = Guid.CreateVersion7(),
            Name = request.Name.Trim(),
            At = at,
            Until = request.Until,
            CreatedAt = now,
        };
        for (var i = 0; i < request.Changes.Count; i++)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"$.changes[{i}]");
            if (request.Changes[i] is not { } change)
                errors.Add(new(place, "json.type", "This must be a change."));
            else if (Check(change, place, publication.Until is not null, errors) && await FindAsync(change, place, kinds, errors, cancellationToken) is { } id)
                Add(publication, i, change, id, place, errors);
        }

        Refuse(errors);
        return publication;
    }

    private static bool Check(PublicationChangeRequest change, string place, bool ends, List<ProblemError> errors)
    {
        var before = errors.Count;
        var (replaces, rollsBack) = (change.Action == PublicationAction.Replace, change.Action == PublicationAction.Rollback);
        var hasBody = change.Body is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) };
        if (hasBody != replaces)
            errors.Add(new(place + ".body", "publication.body", replaces ? "Say in body what replaces the definition." : "Only replace takes a body."));
        if (change.Version is not null != rollsBack)
            errors.Add(new(place + ".version", "publication.version", rollsBack ? "Say to which version." : "Only rollback takes a version; ifMatch says at which version a definition must be."));
        if (ends && change.Action == PublicationAction.Archive)
            errors.Add(new(place + ".action", "publication.archiveIsForGood", "Archiving cannot be taken back at the end; pause instead, or leave until out."));
        return errors.Count == before;
    }

    private static async Task<Guid?> FindAsync(
        PublicationChangeRequest change, string place, DefinitionKinds kinds, List<ProblemError> errors, CancellationToken cancellationToken)
    {
        if (change.Collection is null || kinds.Find(change.Collection) is not { } kind)
        {
            errors.Add(new(place + ".collection", "publication.unknownCollection", $"There are {string.Join(", ", kinds.Collections)}."));
            return null;
        }

        var found = change.Id is null ? null : await kind.FindStateAsync(change.Id, cancellationToken);
        if (found is null)
            errors.Add(new(place + ".id", "publication.unknownDefinition", $"There is nothing in {change.Collection} with this id or key."));
        return found?.Head.Id;
    }

    private static void Add(Publication publication, int position, PublicationChangeRequest change, Guid id, string place, List<ProblemError> errors)
    {
        if (publication.Changes.Exists(other => other.Collection == change.Collection && other.Definition == id))
        {
            errors.Add(new(place + ".id", "publication.repeated", "A publication changes a definition once; put everything into one replace."));
            return;
        }

        publication.Changes.Add(new()
        {
            Publication = publication.Id,
            Position = position,
            Collection = change.Collection,
            Definition = id,
            Action = change.Action,
            Body = change.Action == PublicationAction.Replace ? change.Body!.Value.GetRawText() : null,
            Version = change.Version,
            IfMatch = change.IfMatch,
        });
    }

    private static void Refuse(List<ProblemError> errors)
    {
        if (errors.Count > 0)
            throw new ProblemException(400, "publication.invalid", "The publication is not right in the places listed.", errors);
    }
}
