using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Catalog;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Finds which price rules apply, for the blocks that are tied to them.</summary>
public sealed class Promotions(LiveCatalog catalogue)
{
    /// <param name="ground">The definitions and the instant.</param>
    /// <param name="caller">Whose customer group it is.</param>
    /// <param name="request">Which website it is, which product is being viewed, and when.</param>
    /// <param name="cart">What was decided on the cart; null = there is none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<PromotionsApplied> AppliedAsync(
        DecisionGround ground, DecisionCaller caller, BlockDecisionRequest request, CartDecisionAnswer? cart, CancellationToken cancellationToken)
    {
        var (website, day) = (ground.Website, ground.Day);
        var sku = request.Product?.Sku;
        var snapshot = sku is null ? null : await catalogue.CurrentAsync(cancellationToken);
        var matching = snapshot?.Find(sku!) is { } product
            ? ground.Live.CatalogRules.MatchingRules(RuledProduct.Of(product, snapshot), website.Settings, caller.CustomerGroup, day)
            : [];
        return new()
        {
            CartRules = cart?.AppliedRules.Select(rule => rule.Id).ToHashSet() ?? [],
            CatalogRules = matching.Select(rule => rule.Id).ToHashSet(),
            ChangesAt = cart is null ? DecisionInstant.StartOf(day.AddDays(1), website) : Earlier(cart.CacheableUntil, DecisionInstant.StartOf(day.AddDays(1), website)),
        };
    }

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
