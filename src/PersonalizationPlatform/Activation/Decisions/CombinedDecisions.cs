using System.Text.Json;
using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Decides blocks, cart and related products together, from one reading of the shopper.</summary>
public sealed class CombinedDecisions(DecisionReader reader, BlockDecisions blocks, CartDecision carts, RelatedDecisions related, Promotions promotions)
{
    /// <summary>400 <c>decision.nothing</c>, and the errors of each part.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="optedOut">The shopper is not even looked up.</param>
    /// <param name="explain">Why every candidate rule applied or did not; only callers that are trusted are told.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<CombinedDecisionAnswer> DecideAsync(
        CombinedDecisionRequest request, DecisionCaller caller, bool optedOut, bool explain, CancellationToken cancellationToken)
    {
        if (request.Blocks is null && request.Cart is null && request.RelatedProducts is null)
        {
            throw ProblemException.Invalid(
                "decision.nothing", "Say what to decide.", new ProblemError("$", "decision.nothing", "Give at least one of blocks, cart and relatedProducts."));
        }

        var placements = request.Blocks is { } wanted ? BlockPlacements.Read(wanted.Placements, "$.blocks.placements") : null;
        var ground = await reader.ReadAsync(caller, request.Shopper?.Website, request.At, optedOut, cancellationToken);
        var cart = request.Cart is null
            ? null
            : await carts.DecideAsync(
                ground, caller, new() { Shopper = request.Shopper, Cart = request.Cart, Options = request.Options }, explain, cancellationToken);
        var lists = request.RelatedProducts is null ? null : await related.DecideAsync(ground, caller, Related(request), explain, cancellationToken);
        var shown = placements is null ? null : await BlocksAsync(ground, caller, request, placements, cart, cancellationToken);
        return new CombinedDecisionAnswer(
            shown, cart, lists, new[] { shown?.CacheableUntil, cart?.CacheableUntil, lists?.CacheableUntil }.Min() ?? ground.At);
    }

    private async Task<BlockDecisionAnswer> BlocksAsync(
        DecisionGround ground, DecisionCaller caller, CombinedDecisionRequest request, IReadOnlyList<string> placements, CartDecisionAnswer? cart,
        CancellationToken cancellationToken)
    {
        var sku = Sku(request.Product);
        var asked = new BlockDecisionRequest
        {
            Shopper = request.Shopper,
            Placements = placements,
            Rotation = request.Blocks!.Rotation,
            Product = sku is null ? null : new() { Sku = sku },
        };
        var applied = await promotions.AppliedAsync(ground, caller, asked, cart, cancellationToken);
        return await blocks.DecideAsync(ground, asked, placements, caller, applied, cancellationToken);
    }

    private static RelatedDecisionRequest Related(CombinedDecisionRequest request) => new()
    {
        Shopper = request.Shopper,
        Product = request.Product,
        Lists = request.RelatedProducts!.Lists,
        Limit = request.RelatedProducts.Limit,
        Config = request.RelatedProducts.Config,
        Seed = request.RelatedProducts.Seed,
        // Lines that the cart's own decision refuses have been refused before this is asked.
        Cart = request.Cart?.Items is { } items ? new([.. items.Select(InCart)]) : null,
    };

    private static RelatedCartItem InCart(CartLineRequest? line) => new(line?.Sku, line?.Children?.Select(InCart).ToList());

    private static string? Sku(JsonElement? product) => product switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } described when described.TryGetProperty("sku", out var sku) && sku.ValueKind == JsonValueKind.String => sku.GetString(),
        _ => null,
    };
}
