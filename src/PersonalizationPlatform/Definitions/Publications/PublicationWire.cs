using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>A publication as a person asks for it.</summary>
public sealed record PublicationRequest
{
    public required string Name { get; init; }

    /// <summary>When its changes take effect; now when absent or past.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When they are taken back: each definition returns to the body and status it had. Absent = never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>1 to 500, each of another definition; they take effect in this order, all or none.</summary>
    public required IReadOnlyList<PublicationChangeRequest> Changes { get; init; }
}

/// <summary>One change of a publication.</summary>
public sealed record PublicationChangeRequest
{
    /// <summary>As in addresses, e.g. <c>dynamic-blocks</c>.</summary>
    public required string Collection { get; init; }

    /// <summary>The definition's id or key.</summary>
    public required string Id { get; init; }
    public required PublicationAction Action { get; init; }

    /// <summary>With <c>replace</c>: the whole definition, as with PUT.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>With <c>rollback</c>: the version to go back to; the status stays.</summary>
    public int? Version { get; init; }

    /// <summary>The version the definition must be at, now and when the time comes; absent = whichever.</summary>
    public int? IfMatch { get; init; }
}

/// <summary>A publication in a list.</summary>
/// <param name="Changes">How many.</param>
public sealed record PublicationSummary(
    Guid Id, string Name, PublicationStatus Status, DateTimeOffset At, DateTimeOffset? Until, int Changes,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>A publication.</summary>
/// <param name="EndedAt">When its changes were taken back, or it was cancelled, or failed.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record PublicationAnswer(
    Guid Id, string Name, PublicationStatus Status, DateTimeOffset At, DateTimeOffset? Until, IReadOnlyList<PublicationChangeAnswer> Changes,
    DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, PublicationProblem? Problem)
{
    internal static PublicationAnswer Of(Publication publication) => new(
        publication.Id, publication.Name, publication.Status, publication.At, publication.Until,
        [.. publication.Changes.OrderBy(change => change.Position).Select(PublicationChangeAnswer.Of)],
        publication.CreatedAt, publication.StartedAt, publication.EndedAt,
        publication.Problem is { } problem ? PublicationProblem.Read(problem) : null);
}

/// <summary>One change of a publication, and what became of it.</summary>
/// <param name="FromVersion">The version the definition was at when the publication started.</param>
/// <param name="ToVersion">The version that the publication made of it; the same when there was nothing to change.</param>
/// <param name="EditedMeanwhile">True when somebody edited it before the end came, so that the edit was left to stand.</param>
public sealed record PublicationChangeAnswer(
    string Collection, Guid Id, PublicationAction Action, RawJson? Body, int? Version, int? IfMatch, int? FromVersion, int? ToVersion, bool? EditedMeanwhile)
{
    internal static PublicationChangeAnswer Of(PublicationChange change) => new(
        change.Collection, change.Definition, change.Action, change.Body is { } body ? new(body) : null, change.Version, change.IfMatch,
        change.FromVersion, change.ToVersion, change.EditedMeanwhile ? true : null);
}

/// <summary>Why a publication failed, as its request would have been answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The stable code to branch on.</param>
public sealed record PublicationProblem(int Status, string Code, string Detail, IReadOnlyList<ProblemError> Errors)
{
    internal static PublicationProblem Of(Exception exception) => exception is ProblemException problem
        ? new(problem.Status, problem.Code, problem.Message, problem.Errors)
        : new(500, "publication.failed", "The publication failed for a reason that only the service's log can tell.", []);

    internal static PublicationProblem Read(string json) => JsonSerializer.Deserialize<PublicationProblem>(json, JsonSerializerOptions.Web)!;

    internal string Write() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
