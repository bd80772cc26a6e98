using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Segments.Audiences;

namespace PersonalizationPlatform.Activation.Audiences;

/// <summary>
/// The entries of a list, as bodies of any size: <c>text/csv</c> with the header <c>namespace,id</c>, or one column of ids with
/// <c>?namespace=</c>; or <c>application/x-ndjson</c> of <c>{ "namespace", "id" }</c>. gzip allowed.
/// </summary>
[ApiController]
[Route("v1/audiences/{idOrKey}/members")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Audiences")]
public sealed class AudienceMembersController(PlatformDb db, NpgsqlDataSource database, AudienceCollection audiences, ListImport import) : ControllerBase
{
    private const string Select = """
        select entry.identity_id, identity.namespace, identity.value, entry.added_at
        from list_entry entry join identity using (identity_id)
        where entry.audience_id = $1 and entry.version = $2 and entry.identity_id > $3
        order by entry.identity_id limit $4
        """;

    /// <summary>Replaces the whole list; it takes effect at once when the last line is written, and not at all when the body ends early.</summary>
    [RequestExample("""
        namespace,id
        email,ann@example.com
        CustomerId,1007
        """, "text/csv")]
    [HttpPut(Name = "replaceAudienceMembers")]
    [DisableRequestSizeLimit]
    [ProducesResponseType<ImportAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    public async Task<ActionResult<ImportAnswer>> ReplaceAsync(string idOrKey, [FromQuery(Name = "namespace")] string? ns, CancellationToken cancellationToken)
    {
        var list = await FindListAsync(idOrKey, cancellationToken);
        return await import.ReplaceAsync(list.Id, Body(cancellationToken), Lines(ns), cancellationToken);
    }

    /// <summary>Adds identities; each thousand takes effect on its own. Repeating a request is safe.</summary>
    [RequestExample("""
        namespace,id
        email,ann@example.com
        CustomerId,1007
        """, "text/csv")]
    [HttpPost(Name = "addAudienceMembers")]
    [DisableRequestSizeLimit]
    [ProducesResponseType<ImportAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    public async Task<ActionResult<ImportAnswer>> AddAsync(string idOrKey, [FromQuery(Name = "namespace")] string? ns, CancellationToken cancellationToken)
    {
        var list = await FindListAsync(idOrKey, cancellationToken);
        return await import.AddAsync(list.Id, Body(cancellationToken), Lines(ns), cancellationToken);
    }

    /// <summary>Takes the identities of the body off the list; each thousand takes effect on its own. Repeating a request is safe.</summary>
    [RequestExample("""
        namespace,id
        email,ann@example.com
        CustomerId,1007
        """, "text/csv")]
    [HttpDelete(Name = "removeAudienceMembers")]
    [DisableRequestSizeLimit]
    [ProducesResponseType<RemovalAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    public async Task<ActionResult<RemovalAnswer>> RemoveAsync(string idOrKey, [FromQuery(Name = "namespace")] string? ns, CancellationToken cancellationToken)
    {
        var list = await FindListAsync(idOrKey, cancellationToken);
        return await import.RemoveAsync(list.Id, Body(cancellationToken), Lines(ns), cancellationToken);
    }

    /// <summary>The entries of a list, page by page in no meaningful order. Erased identities are not named.</summary>
    [HttpGet(Name = "listAudienceMembers")]
    [ProducesResponseType<Page<MemberAnswer>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<Page<MemberAnswer>>> ListAsync(string idOrKey, [FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = Guid.Empty;
        if (page.After() is { } cursor && !Guid.TryParse(cursor, out after))
            throw ProblemException.Invalid("cursor.invalid", "The cursor is not one this list has given out.");
        var list = await FindListAsync(idOrKey, cancellationToken);
        await using var command = database.CreateCommand(Select);
        command.Parameters.Add(new() { Value = list.Id.Value });
        command.Parameters.Add(new() { Value = list.ListVersion });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = page.Rows });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(Guid Id, MemberAnswer Member)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (ns, value) = reader.IsDBNull(1) || reader.IsDBNull(2) ? ("erased", "") : (reader.GetString(1), reader.GetString(2));
            rows.Add((reader.GetGuid(0), new(ns, value, reader.GetFieldValue<DateTimeOffset>(3))));
        }

        return page.Of(rows, row => row.Id.ToString(), row => row.Member);
    }

    private async Task<Audience> FindListAsync(string idOrKey, CancellationToken cancellationToken)
    {
        var id = await audiences.IdOfAsync(idOrKey, cancellationToken);
        var audience = await db.Set<Audience>().AsNoTracking().SingleOrDefaultAsync(audience => audience.Id == id, cancellationToken)
            ?? throw ProblemException.NotFound("audience with this id");
        if (audience.Kind == AudienceKind.Segment)
            throw new ProblemException(409, "audience.publishesSegment", $"Its members are those of the segment: /v1/segments/{audience.Segment}/members.");
        return audience.Status == DefinitionStatus.Archived
            ? throw new ProblemException(409, "audience.archived", "The audience is archived; nobody is in it.")
            : audience;
    }

    private IAsyncEnumerable<RequestLine> Body(CancellationToken cancellationToken) =>
        RequestLines.ReadAsync(Request, MemberLines.MaxLength, cancellationToken);

    private MemberLines Lines(string? ns)
    {
        var type = Request.ContentType ?? "";
        if (type.StartsWith("text/csv", StringComparison.OrdinalIgnoreCase))
            return new(MemberFormat.Csv, ns);
        return type.Contains("ndjson", StringComparison.OrdinalIgnoreCase)
            ? new(MemberFormat.Ndjson, ns)
            : throw new ProblemException(415, "http.contentType", "Send text/csv or application/x-ndjson.");
    }
}
