using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Activation.CartRules.Pricing;
using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.Coupons;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Decides what the live cart rules make of a cart: reads it, what is known of its coupons, and prices it.</summary>
public sealed class CartDecision(CouponReader coupons, CouponReferences references, LiveCatalog catalogue, CatalogPrices prices, IdentityHash hash)
{
    /// <summary>400 <c>cart.invalid</c>, <c>cart.tooManyCoupons</c>, <c>cart.tooLarge</c>, <c>at.invalid</c>.</summary>
    /// <param name="ground">The shopper and the definitions.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="explain">Whether to say of every candidate why it applied or did not; only callers that are trusted are told.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<CartDecisionAnswer> DecideAsync(
        DecisionGround ground, DecisionCaller caller, CartDecisionRequest request, bool explain, CancellationToken cancellationToken)
    {
        var shopper = request.Shopper;
        var cart = request.Cart
            ?? throw ProblemException.Invalid("cart.missing", "Give the cart.", new ProblemError("$.cart", "cart.missing", "This must be the cart to decide on."));
        if (caller.IsAdmin)
            CartOverrides.Demand(request.Options, cart.Usage);
        var (website, at, day) = (ground.Website, ground.At, ground.Day);
        var settings = Settings(website.CartRules, caller.IsAdmin ? request.Options : null);
        var catalog = await catalogue.CurrentAsync(cancellationToken);
        // What the catalogue asks for a product on that day, catalogue rules included.
        decimal? PriceOf(CatalogProduct product, string currency, decimal quantity) =>
            (product.Currency ?? website.Currency).Equals(currency, StringComparison.OrdinalIgnoreCase)
                ? prices.Of(ground.Live, catalog, product, website, caller.CustomerGroup, day, quantity).Final
                : null;
        var input = CartTax.Apply(new CartReading(cart, website, catalog, PriceOf).Read(), settings.Tax);
        var group = caller.CustomerGroup;
        var customer = caller.Customer(shopper);
        var isCustomer = customer is not null || group != 0;
        var rules = ground.Live.CartRules;
        var limited = customer is null ? [] : rules.Rules.Where(rule => rule.UsesPerCustomer > 0).Select(rule => rule.Id).ToList();
        var codes = Codes(cart, settings);
        var known = await coupons.ReadAsync(
            [.. codes.Where(CouponCode.IsValid)], limited, customer is null ? null : hash.Of(customer), Own(caller, cart, ground.Live.Websites, shopper?.Website), at, cancellationToken);
        var usage = new CartUsage(caller.IsAdmin ? cart.Usage : null, rules.Rules, known);
        var standing = new ShopperStanding(ground.Shopper, ground.Segments, caller, shopper, website.Code);
        var context = new CartContext
        {
            At = at,
            Day = day,
            // The cart's own currency: rules take their amounts off in it, so conditions that name none compare in it too.
            Website = website.Settings with { Currency = input.Currency },
            StoreView = shopper?.StoreView?.Trim(),
            CustomerGroup = group,
            IsCustomer = isCustomer,
            Segments = standing.Segment,
            Audiences = standing.Audience,
            ExternalSegments = standing.ExternalSegment,
            ExternalAudiences = standing.ExternalAudience,
            Coupons = usage.Coupons(codes),
            RuleUsesByCustomer = usage.Rules,
            Options = CartRuleOptions.Of(settings with { ShippingShareBase = settings.ShippingShareBase ?? CartTax.ShareBase(input, settings.Tax) }),
        };
        CartOutcome outcome;
        try
        {
            outcome = CartPricing.Decide(rules, input, context, explain && caller.IsTrusted);
        }
        catch (CartTooLargeException tooLarge)
        {
            throw ProblemException.Invalid("cart.tooLarge", "The cart is too large.", new ProblemError("$.cart.items", "cart.tooLarge", tooLarge.Message));
        }

        return CartDecisionAnswer.Of(outcome, ground.Live.KeepsUntil(at, CacheableUntil(context, outcome, website)));
    }

    private static CartRuleSettings Settings(CartRuleSettings settings, CartOptionsRequest? instead) => instead is null ? settings : settings with
    {
        ConditionTotalsBasis = instead.ConditionTotalsBasis ?? settings.ConditionTotalsBasis,
        AllowYGreaterThanX = instead.AllowYGreaterThanX ?? settings.AllowYGreaterThanX,
        NegativeOperatorsOnMissingAttributes = instead.NegativeOperatorsOnMissingAttributes ?? settings.NegativeOperatorsOnMissingAttributes,
        ShippingShareBase = instead.ShippingShareBase ?? settings.ShippingShareBase,
        Tax = instead.Tax ?? settings.Tax,
    };

    private static IReadOnlyList<string> Codes(CartRequest cart, CartRuleSettings settings)
    {
        IReadOnlyList<string> codes = [.. (cart.Coupons ?? []).Where(code => !string.IsNullOrWhiteSpace(code)).Select(code => code.Trim())];
        // A repeat is rejected by itself; it takes nobody's place.
        return codes.DistinctBy(CouponCode.Key).Count() <= settings.MaxCouponsPerOrder
            ? codes
            : throw ProblemException.Invalid(
                "cart.tooManyCoupons", "Too many coupons.",
                new ProblemError("$.cart.coupons", "cart.tooManyCoupons", $"An order on this website uses at most {settings.MaxCouponsPerOrder} coupons."));
    }

    /// <summary>The cart, and the order it edits: order numbers are easily guessed, so only servers are believed.</summary>
    private List<CouponReference> Own(DecisionCaller caller, CartRequest cart, WebsiteSet websites, string? website)
    {
        List<CouponReference> own = [];
        if (!string.IsNullOrWhiteSpace(cart.Id))
            own.Add(references.OfCart(cart.Id));
        if (caller.IsTrusted && !string.IsNullOrWhiteSpace(cart.Order))
            own.Add(references.OfOrder(websites, website, cart.Order).Reference);
        return own;
    }

    /// <summary>Until a membership or the day changes; not at all where somebody else may use up a coupon.</summary>
    private static DateTimeOffset CacheableUntil(CartContext context, CartOutcome outcome, Website website)
    {
        if (context.Coupons.Any(coupon => coupon.Rule is not null))
            return context.At;
        var until = context.At + BlockDecision.MaxAge;
        if (outcome.ChangesAt < until)
            until = outcome.ChangesAt.Value;
        var nextDay = DecisionInstant.StartOf(context.Day.AddDays(1), website);
        return nextDay > context.At && nextDay < until ? nextDay : until;
    }
}
