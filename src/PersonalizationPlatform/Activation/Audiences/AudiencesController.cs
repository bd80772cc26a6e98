using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>Published segments and imported lists.</summary>
[ApiController]
[Route("v1/audiences")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Audiences")]
public sealed class AudiencesController(PlatformDb db, AudienceEditor editor, AudienceCollection audiences, IEnumerable<IUseAudiences> users) : ControllerBase
{
    /// <summary>Creates an audience, live at once unless <c>status</c> says otherwise: an empty list, or the published membership of a <c>segment</c>.</summary>
    [RequestExample("""
        { "name": "Spring fair leads", "key": "spring-fair-leads", "kind": "list", "externalId": "fair-2026" }
        """)]
    [HttpPost(Name = "createAudience")]
    [Idempotent]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<AudienceAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<AudienceAnswer>> CreateAsync([StrictBody] AudienceRequest request, CancellationToken cancellationToken)
    {
        var audience = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, audience.Version);
        return Created($"/v1/audiences/{audience.Id}", AudienceAnswer.Of(audience));
    }

    /// <summary>All audiences by key, page by page; archived ones only when asked for.</summary>
    [HttpGet(Name = "listAudiences")]
    [ProducesResponseType<Page<AudienceAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<AudienceAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] DefinitionStatus? status, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<Audience>().AsNoTracking()
            .Where(audience => status == null ? audience.Status != DefinitionStatus.Archived : audience.Status == status)
            .Where(audience => after == null || string.Compare(audience.Key, after) > 0)
            .OrderBy(audience => audience.Key).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, audience => audience.Key, AudienceAnswer.Of);
    }

    /// <summary>One audience, by id or key.</summary>
    [HttpGet("{idOrKey}", Name = "getAudience")]
    [ProducesResponseType<AudienceAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<AudienceAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? new AudienceId(given) : default;
        var audience = await db.Set<Audience>().AsNoTracking()
            .SingleOrDefaultAsync(audience => audience.Id == id || audience.Key == idOrKey, cancellationToken)
            ?? throw ProblemException.NotFound("audience with this id or key");
        EntityVersion.Write(Response, audience.Version);
        return AudienceAnswer.Of(audience);
    }

    /// <summary>Changes name, key, status and external id. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample("""{ "name": "Spring fair leads", "key": "spring-fair-leads", "externalId": "fair-2026" }""")]
    [HttpPut("{idOrKey}", Name = "updateAudience")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<AudienceAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<AudienceAnswer>> UpdateAsync(string idOrKey, [StrictBody] AudienceRequest request, CancellationToken cancellationToken)
    {
        var audience = await editor.UpdateAsync(await audiences.IdOfAsync(idOrKey, cancellationToken), request, EntityVersion.IfMatch(Request), cancellationToken);
        EntityVersion.Write(Response, audience.Version);
        return AudienceAnswer.Of(audience);
    }

    /// <summary>Makes a draft or paused audience live. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishAudience")]
    [ProducesResponseType<AudienceAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<AudienceAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Live, cancellationToken);

    /// <summary>Pauses an audience: nobody is in it until it is published again, while its list may go on being written. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseAudience")]
    [ProducesResponseType<AudienceAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<AudienceAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Paused, cancellationToken);

    /// <summary>Archives an audience for good; its key stays taken. <c>usedBy</c> lists what refers to it and now finds nobody in it.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveAudience")]
    [ProducesResponseType<AudienceAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<AudienceAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var audience = await editor.MoveAsync(
            await audiences.IdOfAsync(idOrKey, cancellationToken), DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken);
        var usedBy = new List<AudienceUse>();
        foreach (var user in users)
            usedBy.AddRange(await user.UsesOfAsync(audience.Id, cancellationToken));
        EntityVersion.Write(Response, audience.Version);
        return AudienceAnswer.Of(audience, usedBy);
    }

    private async Task<ActionResult<AudienceAnswer>> MoveAsync(string idOrKey, DefinitionStatus status, CancellationToken cancellationToken)
    {
        var audience = await editor.MoveAsync(
            await audiences.IdOfAsync(idOrKey, cancellationToken), status, EntityVersion.IfMatch(Request, optional: true), cancellationToken);
        EntityVersion.Write(Response, audience.Version);
        return AudienceAnswer.Of(audience);
    }
}
