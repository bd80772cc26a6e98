using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Everything a page needs in one call.</summary>
[ApiController]
[Route("v1/decisions")]
[Authorize(Policy = Scopes.Decide)]
[Tags("Decisions")]
public sealed class CombinedDecisionsController(
    DecisionReader reader, BlockDecisions blocks, CartDecision carts, RelatedDecisions related, Promotions promotions) : ControllerBase
{
    /// <summary>Decides blocks, cart and related products together, from one reading of the shopper.</summary>
    /// <remarks>
    /// Each part as in its own address under <c>/v1/decisions</c>, with the same errors, under <c>$.blocks</c>, <c>$.cart</c> and so on.
    /// No part sees a publication that another does not. Blocks tied to price rules follow the cart and the product of this request.
    /// </remarks>
    /// <param name="request">What is wanted; 400 <c>decision.nothing</c> when it is nothing.</param>
    /// <param name="explain">Why every candidate rule applied or did not; only for secret keys.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
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
        [TolerantBody] CombinedDecisionRequest request, [FromQuery] bool? explain, CancellationToken cancellationToken)
    {
        if (request.Blocks is null && request.Cart is null && request.RelatedProducts is null)
        {
            throw ProblemException.Invalid(
                "decision.nothing", "Say what to decide.", new ProblemError("$", "decision.nothing", "Give at least one of blocks, cart and relatedProducts."));
        }

        var placements = request.Blocks is { } wanted ? BlockPlacements.Read(wanted.Placements, "$.blocks.placements") : null;
        var caller = DecisionCaller.Of(Request, request.Shopper);
        var ground = await reader.ReadAsync(caller.Identities, Targeting.OptedOut(Request), cancellationToken);
        var cart = request.Cart is null
            ? null
            : await carts.DecideAsync(
                ground, caller, new() { Shopper = request.Shopper, Cart = request.Cart, At = request.At, Options = request.Options }, explain ?? false, cancellationToken);
        var lists = request.RelatedProducts is null ? null : await related.DecideAsync(ground, caller, Related(request), explain ?? false, cancellationToken);
        var shown = placements is null ? null : await BlocksAsync(ground, caller, request, placements, cart, cancellationToken);
        Response.Headers.CacheControl = "private, no-store";
        return new CombinedDecisionAnswer(
            shown, cart, lists, new[] { shown?.CacheableUntil, cart?.CacheableUntil, lists?.CacheableUntil }.Min() ?? ground.At);
    }

    private async Task<BlockDecisionAnswer> BlocksAsync(
        DecisionGround ground, DecisionCaller caller, CombinedDecisionRequest request, IReadOnlyList<string> placements, CartDecisionAnswer? cart,
        CancellationToken cancellationToken)
    {
        var sku = Sku(request.Product);
        var applied = await promotions.AppliedAsync(ground, caller, request.Shopper, sku, cart, cancellationToken);
        var asked = new BlockDecisionRequest
        {
            Shopper = request.Shopper,
            Placements = placements,
            Rotation = request.Blocks!.Rotation,
            Product = sku is null ? null : new() { Sku = sku },
        };
        return await blocks.DecideAsync(ground, asked, placements, BlockPlacements.Named(request.Shopper, caller), caller.IsTrusted, cancellationToken, applied);
    }

    private static RelatedDecisionRequest Related(CombinedDecisionRequest request) => new()
    {
        Shopper = request.Shopper,
        Product = request.Product,
        Lists = request.RelatedProducts!.Lists,
        Limit = request.RelatedProducts.Limit,
        Config = request.RelatedProducts.Config,
        Seed = request.RelatedProducts.Seed,
        At = request.At,
        // Lines that the cart's own decision refuses have been refused before this is asked.
        Cart = request.Cart?.Items is { } items ? new([.. items.OfType<CartLineRequest>().Select(item => new RelatedCartItem(item.Sku))]) : null,
    };

    private static string? Sku(JsonElement? product) => product switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } described when described.TryGetProperty("sku", out var sku) && sku.ValueKind == JsonValueKind.String => sku.GetString(),
        _ => null,
    };
}
