using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>What a shopper is shown.</summary>
[ApiController]
[Route("v1/decisions")]
[Authorize(Policy = Scopes.Decide)]
[Tags("Decisions")]
public sealed class BlockDecisionsController(DecisionReader reader, BlockDecisions blocks, CartDecision carts, Promotions promotions) : ControllerBase
{
    /// <summary>Decides which dynamic blocks each placement shows to a shopper, with everything known up to this request.</summary>
    /// <remarks>
    /// A public key names devices only (403 <c>decision.personNeedsSecretKey</c>) and is given no reasons. With
    /// <c>Sec-GPC: 1</c>, or when the shopper has refused personalisation, only default content is shown: blocks with no segment
    /// and no audience.
    ///
    /// The header <c>aep-segments-membership</c> (URL-encoded list of audience ids) names audiences that the shopper is in beside those
    /// known here. A placement may be a rotator: then send the answer's <c>rotation</c> along with the next request. Blocks tied to price
    /// rules show only while one of the rules applies: a catalogue rule to the product viewed, a cart rule to the cart. Templates that speak of the shopper find
    /// every field empty for a public key. A block whose template fails is left out.
    /// </remarks>
    /// <param name="targeting"><c>out</c> = what is known of the shopper is not used, as with <c>Sec-GPC: 1</c>, and without a preflight.</param>
    [RequestExample("""
        {
          "shopper": {
            "identities": [ { "namespace": "email", "id": "luca.moorkamp.7@example.com" } ],
            "website": "base",
            "storeView": "default"
          },
          "placements": ["header", "content", "footer"],
          "product": { "sku": "24-MB01" }
        }
        """)]
    [HttpPost("dynamic-blocks", Name = "decideDynamicBlocks")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<BlockDecisionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status403Forbidden, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status503ServiceUnavailable, "application/problem+json")]
    public async Task<ActionResult<BlockDecisionAnswer>> DecideBlocksAsync([TolerantBody] BlockDecisionRequest request, [FromQuery] string? targeting, CancellationToken cancellationToken)
    {
        var placements = BlockPlacements.Read(request.Placements, "$.placements");
        var caller = DecisionCaller.Of(Request, request.Shopper);
        var ground = await reader.ReadAsync(caller, request.Shopper?.Website, request.At, Targeting.OptedOut(Request, targeting), cancellationToken);
        Response.Headers.CacheControl = "private, no-store";
        var cart = request.Cart is null
            ? null
            : await carts.DecideAsync(ground, caller, new() { Shopper = request.Shopper, Cart = request.Cart }, explain: false, cancellationToken);
        var applied = await promotions.AppliedAsync(ground, caller, request, cart, cancellationToken);
        return await blocks.DecideAsync(ground, request, placements, caller, applied, cancellationToken);
    }
}
