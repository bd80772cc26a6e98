using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>Writing segments.</summary>
[ApiController]
[Route("v1/segments")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Segments")]
public sealed class SegmentsController(PlatformDb db, SegmentEditor editor, SegmentCollection segments, IEnumerable<IUseSegments> users) : ControllerBase
{
    /// <summary>Creates a segment. It is live at once, for the next request of every shopper, unless <c>status</c> is <c>draft</c>.</summary>
    [RequestExample("""
        {
          "name": "Bag lovers nearby",
          "condition": { "type": "group", "match": "all", "of": [
            { "type": "happened", "event": "addToCart", "atLeast": 2, "within": "P7D",
              "where": { "type": "anyItem", "of": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "bags" } } },
            { "type": "group", "match": "none", "of": [ { "type": "happened", "event": "orderPlaced", "within": "P30D" } ] },
            { "type": "compare", "field": "profile.address.country", "operator": "oneOf", "value": ["DE", "AT"] } ] }
        }
        """)]
    [HttpPost(Name = "createSegment")]
    [Idempotent]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<SegmentAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<SegmentAnswer>> CreateAsync([StrictBody] SegmentRequest request, CancellationToken cancellationToken)
    {
        var segment = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, segment.Version);
        return Created($"/v1/segments/{segment.Id}", SegmentAnswer.Of(segment));
    }

    /// <summary>All segments by key, page by page; archived ones only when asked for.</summary>
    [HttpGet(Name = "listSegments")]
    [ProducesResponseType<Page<SegmentAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<SegmentAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] DefinitionStatus? status, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<SegmentDefinition>().AsNoTracking()
            .Where(segment => status == null ? segment.Status != DefinitionStatus.Archived : segment.Status == status)
            .Where(segment => after == null || string.Compare(segment.Key, after) > 0)
            .OrderBy(segment => segment.Key).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, segment => segment.Key, SegmentAnswer.Of);
    }

    /// <summary>One segment, by id or key.</summary>
    [HttpGet("{idOrKey}", Name = "getSegment")]
    [ProducesResponseType<SegmentAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<SegmentAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = Guid.TryParse(idOrKey, out var given) ? new SegmentId(given) : default;
        var segment = await db.Set<SegmentDefinition>().AsNoTracking()
            .SingleOrDefaultAsync(segment => segment.Id == id || segment.Key == idOrKey, cancellationToken)
            ?? throw ProblemException.NotFound("segment with this id or key");
        EntityVersion.Write(Response, segment.Version);
        return SegmentAnswer.Of(segment);
    }

    /// <summary>Replaces a segment. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample("""
        {
          "name": "Bag lovers nearby",
          "condition": { "type": "group", "match": "all", "of": [
            { "type": "happened", "event": "addToCart", "atLeast": 2, "within": "P7D",
              "where": { "type": "anyItem", "of": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "bags" } } },
            { "type": "group", "match": "none", "of": [ { "type": "happened", "event": "orderPlaced", "within": "P30D" } ] },
            { "type": "compare", "field": "profile.address.country", "operator": "oneOf", "value": ["DE", "AT"] } ] }
        }
        """)]
    [HttpPut("{idOrKey}", Name = "updateSegment")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<SegmentAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<SegmentAnswer>> UpdateAsync(string idOrKey, [StrictBody] SegmentRequest request, CancellationToken cancellationToken) =>
        Answer(await editor.UpdateAsync(await segments.IdOfAsync(idOrKey, cancellationToken), request, EntityVersion.IfMatch(Request), cancellationToken));

    /// <summary>Makes a draft or paused segment live. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishSegment")]
    [ProducesResponseType<SegmentAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<SegmentAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.MoveAsync(await segments.IdOfAsync(idOrKey, cancellationToken), DefinitionStatus.Live, EntityVersion.IfMatch(Request, optional: true), cancellationToken));

    /// <summary>Pauses a segment: nobody is in it until it is published again. Doing it again changes nothing.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseSegment")]
    [ProducesResponseType<SegmentAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<SegmentAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.MoveAsync(await segments.IdOfAsync(idOrKey, cancellationToken), DefinitionStatus.Paused, EntityVersion.IfMatch(Request, optional: true), cancellationToken));

    /// <summary>Archives a segment for good; its key stays taken. <c>usedBy</c> lists what refers to it and now finds nobody in it.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveSegment")]
    [ProducesResponseType<SegmentAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<SegmentAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var segment = await editor.MoveAsync(await segments.IdOfAsync(idOrKey, cancellationToken), DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken);
        var usedBy = new List<SegmentUse>();
        foreach (var user in users)
            usedBy.AddRange(await user.UsesOfAsync(segment.Id, cancellationToken));
        EntityVersion.Write(Response, segment.Version);
        return SegmentAnswer.Of(segment, usedBy);
    }

    private SegmentAnswer Answer(SegmentDefinition segment)
    {
        EntityVersion.Write(Response, segment.Version);
        return SegmentAnswer.Of(segment);
    }
}
