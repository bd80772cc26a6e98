using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.RelatedProducts.Index;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Decides lists of further products on a ground that was read before: alone, or together with other decisions.</summary>
public sealed class RelatedDecisions(LiveCatalog catalogue, ProductIndexes indexes)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(5);

    /// <param name="ground">The shopper and the rules, of one publication.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="caller">Who asks: admin keys may say more, public keys are told less.</param>
    /// <exception cref="ProblemException">400, see <see cref="RelatedProductsController"/>.</exception>
    public async Task<RelatedDecisionAnswer> DecideAsync(
        DecisionGround ground, DecisionCaller caller, RelatedDecisionRequest request, bool explain, CancellationToken cancellationToken)
    {
        var (website, at, day) = (ground.Website, ground.At, ground.Day);
        var snapshot = await catalogue.CurrentAsync(cancellationToken);
        var reading = new RelatedRequestReading(request, snapshot, website, caller.IsAdmin);
        var lists = reading.Lists();
        var (lines, children) = reading.Cart();
        List<CatalogProduct> InCart(IReadOnlyList<string> skus) => [.. skus.Select(sku => snapshot.Find(sku) ?? Unknown(sku))];
        var cart = InCart(lines);
        var standing = new ShopperStanding(ground.Shopper, ground.Segments, caller, request.Shopper, website.Code);
        var random = request.Seed is { } seed && caller.IsAdmin ? new Random(seed) : Random.Shared;
        var moment = RelatedRuleSet.MomentOf(website.Settings, at);
        var index = await indexes.ForAsync(snapshot, ground.Live.RelatedRules, moment, ground.Website);
        var viewed = reading.Product() is { } asked ? [asked.Product ?? Unknown(asked.Sku)] : Viewed(lists, cart);
        var decision = new RelatedDecision(ground.Live.RelatedRules, index, snapshot, new(website, standing, at, viewed, [.. cart, .. InCart(children)], random));
        var answers = lists.ToDictionary(list => Name(list.List), list => decision.Fill(list, explain && caller.IsTrusted));
        var tomorrow = DecisionInstant.StartOf(day.AddDays(1), website);
        var until = new[] { decision.ChangesAt ?? DateTimeOffset.MaxValue, at + MaxAge, tomorrow }.Min();
        return new(answers, ground.Live.KeepsUntil(at, until));
    }

    /// <summary>Without a product viewed there are only cross-sells, and they go with what is in the cart.</summary>
    private static List<CatalogProduct> Viewed(IReadOnlyList<RelatedList> lists, List<CatalogProduct> cart) =>
        lists.All(list => list.List == ProductList.Crosssell)
            ? [.. cart.Take(RelatedRequestReading.MaxCartViewed)]
            : throw ProblemException.Invalid(
                "related.invalid", "Say beside which product.",
                new ProblemError("$.product", "related.product", "Related products and up-sells belong to a product; only cross-sells can do with the cart alone."));

    private static string Name(ProductList list) => list.ToString().ToLowerInvariant();

    /// <summary>A product the catalogue does not know has no links and no attributes; rules for every product show theirs beside it.</summary>
    private static CatalogProduct Unknown(string sku) => new() { Sku = sku, Number = 0 };
}
