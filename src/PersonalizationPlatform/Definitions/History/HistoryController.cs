using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Definitions.History;

/// <summary>The versions of every definition: segments, audiences, dynamic blocks and rules alike.</summary>
[ApiController]
[Route("v1/{collection}/{idOrKey}")]
[Authorize(Policy = Scopes.Admin)]
[Tags("History")]
public sealed class HistoryController(DefinitionKinds kinds, DefinitionHistory history) : ControllerBase
{
    /// <summary>All versions of a definition, newest first, page by page.</summary>
    /// <param name="collection">The collection as in its other addresses: <c>segments</c>, <c>audiences</c>, <c>dynamic-blocks</c>, <c>cart-rules</c>, …</param>
    /// <param name="idOrKey">The definition's id or key.</param>
    [HttpGet("versions", Name = "listDefinitionVersions")]
    [ProducesResponseType<Page<DefinitionVersionAnswer>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<Page<DefinitionVersionAnswer>>> ListAsync(
        string collection, string idOrKey, [FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var before = page.After() is not { } after ? (int?)null
            : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
            : throw ProblemException.Invalid("cursor.invalid", "The cursor is not one this list has given out.");
        var (kind, state) = await kinds.DemandAsync(collection, idOrKey, cancellationToken);
        var rows = await history.ListAsync(kind.Collection, state, before, page.Rows, cancellationToken);
        return page.Of(rows, row => row.Version.ToString(CultureInfo.InvariantCulture), DefinitionVersionAnswer.Of);
    }

    /// <summary>What a definition said at one of its versions.</summary>
    /// <param name="collection">The collection, e.g. <c>segments</c>.</param>
    /// <param name="idOrKey">The definition's id or key.</param>
    /// <param name="version">The version's number.</param>
    [HttpGet("versions/{version:int}", Name = "getDefinitionVersion")]
    [ProducesResponseType<DefinitionVersionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<DefinitionVersionAnswer>> GetAsync(string collection, string idOrKey, int version, CancellationToken cancellationToken)
    {
        var (kind, state) = await kinds.DemandAsync(collection, idOrKey, cancellationToken);
        var found = await history.FindAsync(kind.Collection, state, version, cancellationToken)
            ?? throw ProblemException.NotFound("such version of this definition");
        return DefinitionVersionAnswer.Of(found) with { Body = new(found.Body) };
    }

    /// <summary>Takes a definition back to what an older version said, as a new version. Needs <c>If-Match</c>.</summary>
    /// <remarks>
    /// 400 <c>definition.unknownVersion</c> when there is no such version, and with the places listed when what it refers to is no more;
    /// an archived definition stays as it is (409).
    /// </remarks>
    /// <param name="collection">The collection, e.g. <c>segments</c>.</param>
    /// <param name="idOrKey">The definition's id or key.</param>
    [RequestExample("""{ "version": 3, "restoreStatus": false }""")]
    [HttpPost("rollback", Name = "rollBackDefinition")]
    [ProducesResponseType<DefinitionHead>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<DefinitionHead>> RollBackAsync(
        string collection, string idOrKey, [StrictBody] RollbackRequest request, CancellationToken cancellationToken)
    {
        var (kind, state) = await kinds.DemandAsync(collection, idOrKey, cancellationToken);
        var head = await history.RollBackAsync(
            kind, state.Head.Id, request.Version, request.RestoreStatus ?? false, EntityVersion.IfMatch(Request), cancellationToken);
        EntityVersion.Write(Response, head.Version);
        return head;
    }
}
