using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Edge.Datastreams;

/// <summary>Datastreams: which website the config id of an Adobe client belongs to, and how its cookies are named.</summary>
[ApiController]
[Route("v1/datastreams")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Datastreams")]
public sealed class DatastreamsController(
    PlatformDb db, LiveDatastreams live, WebsiteCodes websites, IOptions<EdgeOptions> options, TimeProvider time) : ControllerBase
{
    /// <summary>Creates a datastream. Its id is the config id, one of Adobe's or a new one.</summary>
    /// <remarks>400 <c>datastream.invalid</c>, 409 <c>datastream.exists</c>.</remarks>
    [RequestExample("""
        { "id": "869fcdfe-abda-4bd5-b948-d9c1595c42e9", "name": "Shop, live", "website": "base", "organization": "DEDB2A52641B1D460A495F8E@AdobeOrg",
          "allowedOrigins": ["https://www.shop.example"], "defaultConsent": "in" }
        """)]
    [HttpPost(Name = "createDatastream")]
    [Idempotent]
    [ProducesResponseType<DatastreamAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<DatastreamAnswer>> CreateAsync([StrictBody] DatastreamRequest request, CancellationToken cancellationToken)
    {
        request = await request.DemandAsync(websites, cancellationToken);
        var now = Now();
        var datastream = new Datastream { Id = request.Id ?? Guid.NewGuid().ToString(), Name = request.Name, Version = 1, CreatedAt = now, UpdatedAt = now };
        request.WriteTo(datastream);
        if (await db.Set<Datastream>().AnyAsync(known => known.Id == datastream.Id, cancellationToken))
            throw Exists();
        await DemandOrganizationAsync(datastream, cancellationToken);
        db.Add(datastream);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            throw Exists();
        }

        live.Forget();
        EntityVersion.Write(Response, datastream.Version);
        return Created($"/v1/datastreams/{Uri.EscapeDataString(datastream.Id)}", DatastreamAnswer.Of(datastream));
    }

    /// <summary>All datastreams by id, page by page.</summary>
    [HttpGet(Name = "listDatastreams")]
    [ProducesResponseType<Page<DatastreamAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<DatastreamAnswer>>> ListAsync([FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<Datastream>().AsNoTracking()
            .Where(datastream => after == null || string.Compare(datastream.Id, after) > 0)
            .OrderBy(datastream => datastream.Id).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, datastream => datastream.Id, DatastreamAnswer.Of);
    }

    /// <summary>One datastream.</summary>
    [HttpGet("{id}", Name = "getDatastream")]
    [ProducesResponseType<DatastreamAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<DatastreamAnswer>> GetAsync(string id, CancellationToken cancellationToken) => Answer(await FindAsync(id, cancellationToken));

    /// <summary>Replaces a datastream. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample("""{ "name": "Shop, live", "website": "base", "organization": "DEDB2A52641B1D460A495F8E@AdobeOrg", "defaultConsent": "pending" }""")]
    [HttpPut("{id}", Name = "updateDatastream")]
    [ProducesResponseType<DatastreamAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<DatastreamAnswer>> UpdateAsync(string id, [StrictBody] DatastreamRequest request, CancellationToken cancellationToken)
    {
        var version = EntityVersion.IfMatch(Request);
        request = await request.DemandAsync(websites, cancellationToken);
        if (request.Id is not null && request.Id != id)
            throw ProblemException.Invalid("datastream.invalid", "A datastream keeps its id.", new ProblemError("$.id", "datastream.id", "Leave id out, or give the one in the address."));
        var datastream = await FindAsync(id, cancellationToken);
        version.Demand(datastream.Version);
        request.WriteTo(datastream);
        await DemandOrganizationAsync(datastream, cancellationToken);
        datastream.Version++;
        datastream.UpdatedAt = Now();
        await SaveAsync(cancellationToken);
        return Answer(datastream);
    }

    /// <summary>Deletes a datastream: its config id is unknown from then on. Needs <c>If-Match</c>. What it brought in stays.</summary>
    [HttpDelete("{id}", Name = "deleteDatastream")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<IActionResult> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        var version = EntityVersion.IfMatch(Request);
        var datastream = await FindAsync(id, cancellationToken);
        version.Demand(datastream.Version);
        db.Remove(datastream);
        await SaveAsync(cancellationToken);
        return NoContent();
    }

    private async Task<Datastream> FindAsync(string id, CancellationToken cancellationToken) =>
        (DatastreamId.IsValid(id) ? await db.Set<Datastream>().SingleOrDefaultAsync(datastream => datastream.Id == id, cancellationToken) : null)
        ?? throw ProblemException.NotFound("datastream with this id");

    /// <summary>400 <c>datastream.invalid</c>: without an organisation its pages would get no cookies, and then send no events and say nothing.</summary>
    private async Task DemandOrganizationAsync(Datastream datastream, CancellationToken cancellationToken)
    {
        if (datastream.Organization is not null || options.Value.Organization is not null)
            return;
        var others = await db.Set<Datastream>().Where(other => other.Id != datastream.Id && other.Organization != null).Select(other => other.Organization).Distinct().CountAsync(cancellationToken);
        if (others != 1)
        {
            throw ProblemException.Invalid("datastream.invalid", "Nothing says how the cookies of its pages are named.", new ProblemError(
                "$.organization", "datastream.organization", "Give the organisation its clients are set up with; only where all other datastreams name the same one may it be left out."));
        }
    }

    private static ProblemException Exists() =>
        new(409, "datastream.exists", "There is a datastream with this id.", [new("$.id", "datastream.exists", "Choose another id, or change the one that is there.")]);

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new ProblemException(412, "http.versionMismatch", "It has changed meanwhile; read it again.");
        }

        live.Forget();
    }

    private DatastreamAnswer Answer(Datastream datastream)
    {
        EntityVersion.Write(Response, datastream.Version);
        return DatastreamAnswer.Of(datastream);
    }

    private DateTimeOffset Now()
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
