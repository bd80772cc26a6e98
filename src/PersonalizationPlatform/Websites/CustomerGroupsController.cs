using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Websites;

/// <summary>Customer groups, by number. From the start: 0 NOT LOGGED IN, 1 General, 2 Wholesale, 3 Retailer.</summary>
[ApiController]
[Route("v1/customer-groups")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Websites")]
public sealed class CustomerGroupsController(PlatformDb db, CustomerGroupEditor editor) : ControllerBase
{
    /// <summary>All groups by number, page by page.</summary>
    [HttpGet(Name = "listCustomerGroups")]
    [ProducesResponseType<Page<CustomerGroupAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<CustomerGroupAnswer>>> ListAsync([FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.Cursor is { Length: > 0 } cursor ? Paging.Read<int>(cursor) : -1;
        var rows = await db.Set<StoredCustomerGroup>().AsNoTracking().Where(group => group.Number > after).OrderBy(group => group.Number)
            .Take(page.Rows).ToListAsync(cancellationToken);
        return Paging.Of(rows, page.Rows - 1, group => group.Number).Select(CustomerGroupAnswer.Of);
    }

    /// <summary>Creates or renames a group. With <c>If-Match</c>, 412 when somebody else was faster.</summary>
    /// <remarks>400 <c>customerGroup.invalid</c>, 409 <c>customerGroup.codeTaken</c>.</remarks>
    [RequestExample("""{ "code": "Club members" }""")]
    [HttpPut("{number:int}", Name = "putCustomerGroup")]
    [ProducesResponseType<CustomerGroupAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    public async Task<ActionResult<CustomerGroupAnswer>> PutAsync(int number, [StrictBody] CustomerGroupRequest request, CancellationToken cancellationToken)
    {
        var group = await editor.PutAsync(number, request, EntityVersion.IfMatch(Request, optional: true), cancellationToken);
        EntityVersion.Write(Response, group.Version);
        return CustomerGroupAnswer.Of(group);
    }

    /// <summary>Removes a group; 409 <c>customerGroup.notLoggedIn</c> for 0.</summary>
    [HttpDelete("{number:int}", Name = "deleteCustomerGroup")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    public async Task<IActionResult> DeleteAsync(int number, CancellationToken cancellationToken)
    {
        await editor.DeleteAsync(number, EntityVersion.IfMatch(Request, optional: true), cancellationToken);
        return NoContent();
    }
}
