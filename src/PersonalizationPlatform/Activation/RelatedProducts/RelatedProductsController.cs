using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Which further products a shopper is shown.</summary>
[ApiController]
[Route("v1/decisions/related-products")]
[Authorize(Policy = Scopes.Decide)]
[Tags("Decisions")]
public sealed class RelatedProductsController(DecisionReader reader, RelatedDecisions decisions) : ControllerBase
{
    /// <summary>Decides related products, up-sells and cross-sells, with everything known of the shopper up to this request.</summary>
    /// <remarks>
    /// A public key names devices only (403 <c>decision.personNeedsSecretKey</c>) and is given no explanation. With <c>Sec-GPC: 1</c>,
    /// or when the shopper has refused personalisation, rules for segments and audiences do not apply. 400 <c>related.invalid</c> with
    /// <c>related.list</c>, <c>related.product</c>, <c>related.cart</c>, <c>related.config</c> or <c>related.limit</c>, and codes that
    /// begin with <c>decision.</c> or <c>product.</c>. A product the catalogue does not know is no error.
    /// </remarks>
    /// <param name="targeting"><c>out</c> = what is known of the shopper is not used, as with <c>Sec-GPC: 1</c>, and without a preflight.</param>
    [RequestExample("""
        {
          "shopper": { "identities": [ { "namespace": "ECID", "id": "38400000000000000000000000000000000001" } ], "website": "base" },
          "product": "BG-104",
          "lists": ["related", "upsell"],
          "cart": { "items": [ { "sku": "BG-105" } ] }
        }
        """)]
    [HttpPost(Name = "decideRelatedProducts")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<RelatedDecisionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status403Forbidden, "application/problem+json")]
    public async Task<ActionResult<RelatedDecisionAnswer>> DecideAsync(
        [TolerantBody] RelatedDecisionRequest request, [FromQuery] bool explain, [FromQuery] string? targeting, CancellationToken cancellationToken)
    {
        var caller = DecisionCaller.Of(Request, request.Shopper);
        var ground = await reader.ReadAsync(caller, request.Shopper?.Website, request.At, Targeting.OptedOut(Request, targeting), cancellationToken);
        Response.Headers.CacheControl = "private, no-store";
        return await decisions.DecideAsync(ground, caller, request, explain, cancellationToken);
    }
}
