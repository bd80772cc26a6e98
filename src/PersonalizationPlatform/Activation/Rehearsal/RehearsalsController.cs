using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>What a rule or a block would have done: run over the past before it goes live. Shoppers notice nothing.</summary>
[ApiController]
[Authorize(Policy = Scopes.Admin)]
[Tags("Rehearsals")]
public sealed class RehearsalsController(PlatformDb db, RehearsalDesk desk) : ControllerBase
{
    /// <summary>Runs a cart rule over the orders of a past period: how many would have matched, and what it would have cost.</summary>
    /// <remarks>200 with the report for up to 5,000 orders' events, else 202 and the address that tells the progress. 400 <c>rehearsal.invalid</c>.</remarks>
    [RequestExample("""
        {
          "rule": { "name": "Ten off bags", "action": "by_percent", "amount": 10,
            "actionCondition": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "Bags" } },
          "from": "2026-05-01", "to": "2026-05-31"
        }
        """)]
    [HttpPost("v1/cart-rules/rehearse", Name = "rehearseCartRule")]
    [Idempotent]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<RehearsalAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<RehearsalAnswer>(StatusCodes.Status202Accepted)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<RehearsalAnswer>> RehearseAsync([StrictBody] CartRuleRehearsalRequest request, CancellationToken cancellationToken) =>
        Answer(await desk.RehearseAsync(request, cancellationToken));

    /// <summary>Runs a dynamic block over the visits of a past period: on how many it would have shown, and to whom.</summary>
    /// <remarks>200 with the report for up to 5,000 page and product views, else 202 and the address that tells the progress. 400 <c>rehearsal.invalid</c>.</remarks>
    [RequestExample("""
        {
          "block": { "name": "Bag lovers' banner", "content": "<p>New bags</p>", "segments": ["hot-bag-lovers"] },
          "from": "2026-05-01", "to": "2026-05-31"
        }
        """)]
    [HttpPost("v1/dynamic-blocks/rehearse", Name = "rehearseDynamicBlock")]
    [Idempotent]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<RehearsalAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<RehearsalAnswer>(StatusCodes.Status202Accepted)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<RehearsalAnswer>> RehearseBlockAsync([StrictBody] BlockRehearsalRequest request, CancellationToken cancellationToken) =>
        Answer(await desk.RehearseAsync(request, cancellationToken));

    /// <summary>A rehearsal: its progress, and its report when it is done.</summary>
    [HttpGet("v1/rehearsals/{id:guid}", Name = "getRehearsal")]
    [ProducesResponseType<RehearsalAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<RehearsalAnswer>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        RehearsalAnswer.Of(await db.Set<RehearsalRun>().AsNoTracking().SingleOrDefaultAsync(run => run.Id == id, cancellationToken)
            ?? throw ProblemException.NotFound("rehearsal with this id"));

    private ActionResult<RehearsalAnswer> Answer(RehearsalRun run) => run.Status switch
    {
        RehearsalStatus.Done => Ok(RehearsalAnswer.Of(run)),
        RehearsalStatus.Failed => throw new ProblemException(500, run.Failure ?? "rehearsal.failed", "The rehearsal could not be run; the log tells more."),
        _ => Accepted($"/v1/rehearsals/{run.Id}", RehearsalAnswer.Of(run)),
    };
}
