using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Everything a page needs in one call.</summary>
[ApiController]
[Route("v1/decisions")]
[Authorize(Policy = Scopes.Decide)]
[Tags("Decisions")]
public sealed class CombinedDecisionsController(CombinedDecisions decisions) : ControllerBase
{
    /// <summary>Decides blocks, cart and related products together, from one reading of the shopper.</summary>
    /// <remarks>
    /// Each part as in its own address under <c>/v1/decisions</c>, with the same errors, under <c>$.blocks</c>, <c>$.cart</c> and so on.
    /// No part sees a publication that another does not. Blocks tied to price rules follow the cart and the product of this request.
    /// </remarks>
    /// <param name="request">What is wanted; 400 <c>decision.nothing</c> when it is nothing.</param>
    /// <param name="explain">Why every candidate rule applied or did not; only for secret keys.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="targeting"><c>out</c> = what is known of the shopper is not used, as with <c>Sec-GPC: 1</c>, and without a preflight.</param>
    [RequestExample("""
        {
          "shopper": { "identities": [ { "namespace": "ECID", "id": "38400000000000000000000000000000000001" } ], "website": "base" },
          "product": "BG-104",
          "blocks": { "placements": ["header"] },
          "cart": { "currency": "EUR", "items": [ { "id": "1", "sku": "BG-104", "price": 109.00, "quantity": 1 } ] },
          "relatedProducts": { "lists": ["related", "crosssell"] }
        }
        """)]
    [HttpPost(Name = "decide")]
    [RequestSizeLimit(16 << 20)]
    [ProducesResponseType<CombinedDecisionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status403Forbidden, "application/problem+json")]
    public async Task<ActionResult<CombinedDecisionAnswer>> DecideAsync(
        [TolerantBody] CombinedDecisionRequest request, [FromQuery] bool? explain, [FromQuery] string? targeting, CancellationToken cancellationToken)
    {
        var caller = DecisionCaller.Of(Request, request.Shopper);
        var answer = await decisions.DecideAsync(request, caller, Targeting.OptedOut(Request, targeting), explain ?? false, cancellationToken);
        Response.Headers.CacheControl = "private, no-store";
        return answer;
    }
}
