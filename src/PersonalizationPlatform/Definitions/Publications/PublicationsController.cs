using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.Publications;

/// <summary>Changes of many definitions that take effect together, now or later.</summary>
[ApiController]
[Route("v1/publications")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Publications")]
public sealed class PublicationsController(Publications publications) : ControllerBase
{
    /// <summary>Publishes changes of definitions together: all or none, and no decision sees half of them.</summary>
    /// <remarks>
    /// Without <c>at</c> they are live when the answer arrives. With <c>at</c> they are tried now (so what is wrong is told now) and carried
    /// out then; with <c>until</c> every definition returns at that instant to what it said before, unless somebody has edited it
    /// meanwhile. A definition is in one open publication at a time (409 <c>publication.overlaps</c>). Whatever one change is refused with
    /// refuses the publication; <c>errors</c> tell which change.
    /// </remarks>
    [RequestExample("""
        {
          "name": "Summer sale", "at": "2026-07-01T06:00:00Z", "until": "2026-07-15T06:00:00Z",
          "changes": [
            { "collection": "dynamic-blocks", "id": "spring-banner", "action": "pause" },
            { "collection": "dynamic-blocks", "id": "summer-banner", "action": "publish", "ifMatch": 3 },
            { "collection": "segments", "id": "bargain-hunters", "action": "rollback", "version": 2 }
          ]
        }
        """)]
    [HttpPost(Name = "createPublication")]
    [Idempotent]
    [RequestSizeLimit(16 << 20)]
    [ProducesResponseType<PublicationAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    public async Task<ActionResult<PublicationAnswer>> CreateAsync([StrictBody] PublicationRequest request, CancellationToken cancellationToken)
    {
        var publication = await publications.CreateAsync(request, cancellationToken);
        return Created($"/v1/publications/{publication.Id}", PublicationAnswer.Of(publication));
    }

    /// <summary>All publications, newest first, page by page.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="status">Only those that stand so.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    [HttpGet(Name = "listPublications")]
    [ProducesResponseType<Page<PublicationSummary>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<Page<PublicationSummary>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] PublicationStatus? status, CancellationToken cancellationToken)
    {
        var before = page.After() is not { } after ? (Guid?)null
            : Guid.TryParse(after, out var id) ? id
            : throw ProblemException.Invalid("cursor.invalid", "The cursor is not one this list has given out.");
        var rows = await publications.ListAsync(status, before, page.Rows, cancellationToken);
        return page.Of(rows, row => row.Id.ToString(), row => row);
    }

    /// <summary>One publication: where it stands, and what became of each of its changes.</summary>
    [HttpGet("{id:guid}", Name = "getPublication")]
    [ProducesResponseType<PublicationAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<PublicationAnswer>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        PublicationAnswer.Of(await publications.FindAsync(id, cancellationToken) ?? throw ProblemException.NotFound("publication with this id"));

    /// <summary>Calls a publication off before its time comes; later, 409 <c>publication.notScheduled</c>.</summary>
    [HttpDelete("{id:guid}", Name = "cancelPublication")]
    [ProducesResponseType<PublicationAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<PublicationAnswer>> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        PublicationAnswer.Of(await publications.CancelAsync(id, cancellationToken));
}
