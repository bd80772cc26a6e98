using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>What a shopper pays.</summary>
[ApiController]
[Route("v1/decisions/cart")]
[Authorize(Policy = Scopes.Decide)]
[Tags("Decisions")]
public sealed class CartDecisionsController(DecisionReader reader, CartDecision carts) : ControllerBase
{
    /// <summary>Decides what the live cart rules make of a cart, with everything known of the shopper up to this request.</summary>
    /// <remarks>
    /// For admin keys <c>at</c>, <c>options</c>, <c>shopper.segments</c>, <c>shopper.audiences</c> and <c>cart.usage</c> stand instead of
    /// what the platform knows; for others they are ignored. The header <c>aep-segments-membership</c> (URL-encoded list of audience ids)
    /// names audiences that the shopper is in beside those known here. A public key names devices only (403
    /// <c>decision.personNeedsSecretKey</c>) and is given no explanation. With <c>Sec-GPC: 1</c>, or when the shopper has refused
    /// personalisation, they are in no segment and no audience; rules without them apply all the same.
    ///
    /// Lines that bring no price, categories, attributes, weight or type have those of the catalogue. 400 <c>cart.invalid</c> names every
    /// place that is wrong: <c>cart.price</c>, <c>cart.quantity</c>, <c>cart.itemId</c>, <c>cart.duplicateItem</c>, <c>cart.sku</c>,
    /// <c>cart.tooManyLines</c>, <c>cart.tooDeep</c>, <c>cart.currency</c>, <c>cart.shipping</c> and the like.
    /// </remarks>
    /// <param name="request">The cart and whom it is for.</param>
    /// <param name="explain">Why every candidate rule applied or did not; only for secret keys.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="targeting"><c>out</c> = what is known of the shopper is not used, as with <c>Sec-GPC: 1</c>, and without a preflight.</param>
    [RequestExample("""
        {
          "shopper": {
            "identities": [ { "namespace": "email", "id": "luca.moorkamp.7@example.com" } ],
            "customerGroup": 1,
            "website": "base"
          },
          "cart": {
            "currency": "USD",
            "items": [
              { "id": "1", "sku": "24-MB01", "price": 34.00, "quantity": 2, "categories": ["bags"] },
              { "id": "2", "sku": "24-WB04", "price": 45.00, "quantity": 1 }
            ],
            "coupons": ["BAGS10"],
            "shipping": { "method": "flatrate_flatrate", "amountPerItem": 5.00 },
            "address": { "country": "US", "region": "Texas", "postalCode": "78717" },
            "paymentMethod": "checkmo"
          }
        }
        """)]
    [HttpPost(Name = "decideCart")]
    [RequestSizeLimit(16 << 20)]
    [ProducesResponseType<CartDecisionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status403Forbidden, "application/problem+json")]
    public async Task<ActionResult<CartDecisionAnswer>> DecideAsync(
        [TolerantBody] CartDecisionRequest request, [FromQuery] bool? explain, [FromQuery] string? targeting, CancellationToken cancellationToken)
    {
        var caller = DecisionCaller.Of(Request, request.Shopper);
        var ground = await reader.ReadAsync(caller, request.Shopper?.Website, request.At, Targeting.OptedOut(Request, targeting), cancellationToken);
        Response.Headers.CacheControl = "private, no-store";
        return await carts.DecideAsync(ground, caller, request, explain ?? false, cancellationToken);
    }
}
