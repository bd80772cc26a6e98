using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>Writing rotators; a page names one by its key among the placements of <c>/v1/decisions/dynamic-blocks</c>.</summary>
[ApiController]
[Route("v1/rotators")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Rotators")]
public sealed class RotatorsController(PlatformDb db, RotatorEditor editor) : ControllerBase
{
    /// <summary>Creates a rotator, live at once unless <c>status</c> says otherwise.</summary>
    [RequestExample("""
        {
          "name": "Home page hero",
          "key": "home-hero",
          "blocksToDisplay": "specified",
          "blocks": ["summer-banner"],
          "rotation": "oneShuffle"
        }
        """)]
    [HttpPost(Name = "createRotator")]
    [Idempotent]
    [ProducesResponseType<RotatorAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<RotatorAnswer>> CreateAsync([StrictBody] RotatorRequest request, CancellationToken cancellationToken)
    {
        var rotator = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, rotator.Version);
        return Created($"/v1/rotators/{rotator.Id}", RotatorAnswer.Of(rotator));
    }

    /// <summary>All rotators by key, page by page; archived ones only when asked for.</summary>
    [HttpGet(Name = "listRotators")]
    [ProducesResponseType<Page<RotatorAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<RotatorAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] DefinitionStatus? status, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<Rotator>().AsNoTracking()
            .Where(rotator => status == null ? rotator.Status != DefinitionStatus.Archived : rotator.Status == status)
            .Where(rotator => after == null || string.Compare(rotator.Key, after) > 0)
            .OrderBy(rotator => rotator.Key).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, rotator => rotator.Key, RotatorAnswer.Of);
    }

    /// <summary>One rotator, by id or key.</summary>
    [HttpGet("{idOrKey}", Name = "getRotator")]
    [ProducesResponseType<RotatorAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<RotatorAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.DemandAsync(idOrKey, cancellationToken));

    /// <summary>Replaces a rotator. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample("""
        {
          "name": "Home page hero",
          "key": "home-hero",
          "blocksToDisplay": "specified",
          "blocks": ["summer-banner"],
          "rotation": "oneSeries"
        }
        """)]
    [HttpPut("{idOrKey}", Name = "updateRotator")]
    [ProducesResponseType<RotatorAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<RotatorAnswer>> UpdateAsync(string idOrKey, [StrictBody] RotatorRequest request, CancellationToken cancellationToken)
    {
        var version = EntityVersion.IfMatch(Request);
        return Answer(await editor.UpdateAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, request, version, cancellationToken));
    }

    /// <summary>Publishes a draft or a paused rotator. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishRotator")]
    [ProducesResponseType<RotatorAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<RotatorAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) => MoveAsync(idOrKey, DefinitionStatus.Live, cancellationToken);

    /// <summary>Pauses a rotator: it shows nothing until it is published again. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseRotator")]
    [ProducesResponseType<RotatorAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<RotatorAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) => MoveAsync(idOrKey, DefinitionStatus.Paused, cancellationToken);

    /// <summary>Archives a rotator for good; its key stays taken. Needs <c>If-Match</c>.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveRotator")]
    [ProducesResponseType<RotatorAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<RotatorAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.MoveToAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken));

    private async Task<ActionResult<RotatorAnswer>> MoveAsync(string idOrKey, DefinitionStatus status, CancellationToken cancellationToken) =>
        Answer(await editor.MoveToAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, status, EntityVersion.IfMatch(Request, optional: true), cancellationToken));

    private RotatorAnswer Answer(Rotator rotator)
    {
        EntityVersion.Write(Response, rotator.Version);
        return RotatorAnswer.Of(rotator);
    }
}
