using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>The door for profile records.</summary>
[Route("v1/profiles")]
[Tags("Events")]
public sealed class ProfilesDoorController(EventIntake intake, IdempotentAnswers answers, IOptions<CollectionLimits> limits)
    : CollectingController(intake, answers, limits)
{
    /// <summary>Takes what the shop knows about persons: XDM profile records or the shop's own customer objects.</summary>
    /// <remarks>
    /// One record, an array, or <c>{"records":[…]}</c>. A record names its person by identityMap, id or e-mail and asserts attributes,
    /// addresses and consents; the newest assertion of each wins. The answer comes after the commit.
    /// </remarks>
    /// <response code="202">The JSON was read and what is good in it is stored, even if every record was refused.</response>
    /// <response code="400">The body is not JSON (<c>request.notJson</c>), not gzip, or incomplete; nothing was stored.</response>
    /// <response code="409">The first request with this Idempotency-Key is still running.</response>
    /// <response code="413">The body or the batch is too large; nothing was stored.</response>
    /// <response code="415">The content encoding is neither plain nor gzip.</response>
    /// <response code="422">This Idempotency-Key was used with another body.</response>
    /// <response code="503">The store takes no more just now; Retry-After says when.</response>
    [RequestExample("""
        { "identityMap": { "CustomerId": [ { "id": "1007", "primary": true } ], "email": [ { "id": "ann@example.com" } ] },
          "person": { "name": { "firstName": "Ann", "lastName": "Lee" }, "birthDate": "1990-04-02" },
          "billingAddress": { "street1": "Main 1", "city": "Berlin", "country": "DE" },
          "newsletter": true }
        """)]
    [HttpPost(Name = "collectProfileRecords")]
    [Authorize(Policy = Scopes.CollectSecret)]
    public Task<ActionResult<CollectionAnswer>> Records(CancellationToken cancellationToken) => CollectAsync(EventDoor.Profiles, cancellationToken);
}
