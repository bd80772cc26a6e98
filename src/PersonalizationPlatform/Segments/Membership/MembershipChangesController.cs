using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>The feed of who entered and left which segment.</summary>
[ApiController]
[Route("v1/membership-changes")]
[Tags("Segments")]
public sealed class MembershipChangesController(MembershipLog log) : ControllerBase
{
    /// <summary>Changes after a position, oldest first.</summary>
    /// <remarks>
    /// Keep the last <c>position</c> you have processed and ask for what comes after it: nothing is skipped and nothing comes twice,
    /// also while changes are being written. An empty page means that you are up to date.
    /// </remarks>
    /// <param name="after">The last position seen; 0 to begin.</param>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    [HttpGet(Name = "listMembershipChanges")]
    [Authorize(Policy = Scopes.Export)]
    [ProducesResponseType<MembershipChanges>(200)]
    public async Task<MembershipChanges> List([FromQuery] long after = 0, [FromQuery] int limit = 200, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > 1_000)
            throw ProblemException.Invalid("page.limit", "limit must be 1 to 1,000.");
        var items = await log.AfterAsync(after, limit, cancellationToken);
        return new MembershipChanges(items, items.Count > 0 ? items[^1].Position : after);
    }
}

/// <summary>A stretch of the log; <paramref name="NextAfter"/> is what to ask for next.</summary>
public sealed record MembershipChanges(IReadOnlyList<LoggedChange> Items, long NextAfter);
