using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Writing dynamic blocks; what a shopper sees of them is decided at <c>/v1/decisions/dynamic-blocks</c>.</summary>
[ApiController]
[Route("v1/dynamic-blocks")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Dynamic blocks")]
public sealed class DynamicBlocksController(PlatformDb db, DynamicBlockEditor editor, DynamicBlockCollection blocks) : ControllerBase
{
    /// <summary>Creates a block, live at once unless <c>status</c> says otherwise.</summary>
    [RequestExample("""
        {
          "name": "Summer banner",
          "key": "summer-banner",
          "locations": ["header"],
          "contents": { "default": "<p>Summer is here</p>", "de": "<p>Der Sommer ist da</p>" },
          "segments": ["hot-bag-lovers"],
          "startsAt": "2026-06-01T00:00:00Z",
          "endsAt": "2026-09-01T00:00:00Z",
          "priority": 10
        }
        """)]
    [HttpPost(Name = "createDynamicBlock")]
    [Idempotent]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<DynamicBlockAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<DynamicBlockAnswer>> CreateAsync([StrictBody] DynamicBlockRequest request, CancellationToken cancellationToken)
    {
        var block = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, block.Version);
        return Created($"/v1/dynamic-blocks/{block.Id}", DynamicBlockAnswer.Of(block));
    }

    /// <summary>All blocks by key, page by page; archived ones only when asked for.</summary>
    [HttpGet(Name = "listDynamicBlocks")]
    [ProducesResponseType<Page<DynamicBlockAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<DynamicBlockAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] DefinitionStatus? status, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<DynamicBlock>().AsNoTracking()
            .Where(block => status == null ? block.Status != DefinitionStatus.Archived : block.Status == status)
            .Where(block => after == null || string.Compare(block.Key, after) > 0)
            .OrderBy(block => block.Key).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, block => block.Key, DynamicBlockAnswer.Of);
    }

    /// <summary>One block, by id or key.</summary>
    [HttpGet("{idOrKey}", Name = "getDynamicBlock")]
    [ProducesResponseType<DynamicBlockAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<DynamicBlockAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? given : default;
        var block = await db.Set<DynamicBlock>().AsNoTracking().SingleOrDefaultAsync(block => block.Id == id || block.Key == idOrKey, cancellationToken)
            ?? throw ProblemException.NotFound("dynamic block with this id or key");
        return Answer(block);
    }

    /// <summary>Replaces a block. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample("""
        {
          "name": "Summer banner",
          "key": "summer-banner",
          "locations": ["header"],
          "contents": { "default": "<p>Summer is here</p>", "de": "<p>Der Sommer ist da</p>" },
          "segments": ["hot-bag-lovers"],
          "startsAt": "2026-06-01T00:00:00Z",
          "endsAt": "2026-09-01T00:00:00Z",
          "priority": 10
        }
        """)]
    [HttpPut("{idOrKey}", Name = "updateDynamicBlock")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<DynamicBlockAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<DynamicBlockAnswer>> UpdateAsync(string idOrKey, [StrictBody] DynamicBlockRequest request, CancellationToken cancellationToken) =>
        Answer(await editor.UpdateAsync(await blocks.IdOfAsync(idOrKey, cancellationToken), request, EntityVersion.IfMatch(Request), cancellationToken));

    /// <summary>Makes a draft or paused block live. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishDynamicBlock")]
    [ProducesResponseType<DynamicBlockAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<DynamicBlockAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Live, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    /// <summary>Pauses a block: nobody sees it until it is published again. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseDynamicBlock")]
    [ProducesResponseType<DynamicBlockAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<DynamicBlockAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Paused, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    /// <summary>Archives a block for good; its key stays taken.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveDynamicBlock")]
    [ProducesResponseType<DynamicBlockAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public Task<ActionResult<DynamicBlockAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken);

    private async Task<ActionResult<DynamicBlockAnswer>> MoveAsync(string idOrKey, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Answer(await editor.MoveAsync(await blocks.IdOfAsync(idOrKey, cancellationToken), status, version, cancellationToken));

    private DynamicBlockAnswer Answer(DynamicBlock block)
    {
        EntityVersion.Write(Response, block.Version);
        return DynamicBlockAnswer.Of(block);
    }
}
