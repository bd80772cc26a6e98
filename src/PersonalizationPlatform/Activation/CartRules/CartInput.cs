using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>A cart to decide on: checked, bounded, and with what the catalogue adds to its lines.</summary>
public sealed record CartInput
{
    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    /// <summary>Top-level lines, in the order given.</summary>
    public required IReadOnlyList<CartInputLine> Lines { get; init; }

    /// <summary>What a rule has to look through: lines and their children, and what callers say of them beyond a few attributes.</summary>
    public long Size => field = field > 0 ? field : Lines.Sum(SizeOf);

    /// <summary>Null = no shipping method chosen yet.</summary>
    public CartInputShipping? Shipping { get; init; }
    public Address? Address { get; init; }

    /// <summary>The region's number, where the shop uses numbers beside names.</summary>
    public string? RegionId { get; init; }
    public string? PaymentMethod { get; init; }

    /// <summary>Units that a carrier carries.</summary>
    public decimal ShippedUnits => Lines.Where(line => line.IsShipped).Sum(line => line.Quantity);

    private static long SizeOf(CartInputLine line) => 1 + (line.Said / 64) + (line.Categories.Count / 64) + line.Children.Sum(SizeOf);
}

/// <summary>One line, or one child of a composite line.</summary>
public sealed record CartInputLine
{
    /// <summary>Unique over all lines and children of the cart.</summary>
    public required string Id { get; init; }
    public required string Sku { get; init; }
    public string? Name { get; init; }

    /// <summary>Unit price after catalogue rules; of a line priced by its children, absent prices are the sum of these.</summary>
    public decimal Price { get; init; }

    /// <summary>Units; of a child, in each unit of its parent.</summary>
    public decimal Quantity { get; init; } = 1;

    /// <summary>Per unit.</summary>
    public decimal Weight { get; init; }

    /// <summary>simple, configurable, bundle, virtual, …; null = simple.</summary>
    public string? Type { get; init; }

    /// <summary>Whether a carrier carries it.</summary>
    public bool IsShipped => Type is null || !(Type.Equals("virtual", StringComparison.OrdinalIgnoreCase) || Type.Equals("downloadable", StringComparison.OrdinalIgnoreCase));

    /// <summary>Ids, names and path parts of the line's categories and of all that contain them.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>The line's own attributes, then the product's, by name.</summary>
    public IReadOnlyDictionary<string, FieldValue> Attributes { get; init; } = new Dictionary<string, FieldValue>();

    /// <summary>How much the caller said of it in attributes: values, and characters by the dozen. What the catalogue knows does not count.</summary>
    public long Said { get; init; }
    public IReadOnlyList<CartInputLine> Children { get; init; } = [];

    /// <summary>A bundle with dynamic price: what it costs is what its children cost.</summary>
    public bool ChildrenCalculated { get; init; }

    /// <summary>No rule may discount it.</summary>
    public bool NoDiscount { get; init; }

    /// <summary>The unit price discounts are computed on, e.g. including tax; null = <see cref="Price"/>.</summary>
    public decimal? DiscountPrice { get; init; }
    public decimal? RowTotalInclTax { get; init; }
}

/// <summary>The shipping method chosen.</summary>
/// <param name="Amount">For the whole shipment, or per unit when <paramref name="PerItem"/>.</param>
/// <param name="DiscountBasis">What discounts of the whole shipment are computed on, e.g. including tax; null = what it costs.</param>
public sealed record CartInputShipping(string? Method, decimal Amount, bool PerItem, decimal? DiscountBasis)
{
    /// <summary>What the shipment costs before anything of it is free.</summary>
    /// <param name="units">Units that a carrier carries.</param>
    public decimal Whole(decimal units) => PerItem ? Amount * units : Amount;
}

/// <summary>For whom, where and when a cart is decided.</summary>
public sealed record CartContext
{
    public required DateTimeOffset At { get; init; }

    /// <summary>The day in the website's time zone.</summary>
    public required DateOnly Day { get; init; }
    public required WebsiteSettings Website { get; init; }
    public string? StoreView { get; init; }

    /// <summary>0 = not logged in.</summary>
    public int CustomerGroup { get; init; }

    /// <summary>Whether limits per customer hold: guests are never limited.</summary>
    public bool IsCustomer { get; init; }

    /// <summary>Whether the shopper is in a segment; the verdict's deadline bounds how long the answer keeps.</summary>
    public required Func<SegmentId, Verdict> Segments { get; init; }
    public required Func<AudienceId, Verdict> Audiences { get; init; }

    /// <summary>Segments and audiences that only have an external id so far, matched against those the caller named.</summary>
    public Func<string, Verdict> ExternalSegments { get; init; } = static _ => Verdict.False;

    /// <inheritdoc cref="ExternalSegments"/>
    public Func<string, Verdict> ExternalAudiences { get; init; } = static _ => Verdict.False;

    /// <summary>The coupons entered, in the order entered, looked up.</summary>
    public IReadOnlyList<CartCoupon> Coupons { get; init; } = [];

    /// <summary>How often this customer has used a rule, by rule id.</summary>
    public IReadOnlyDictionary<Guid, int> RuleUsesByCustomer { get; init; } = new Dictionary<Guid, int>();
    public CartRuleOptions Options { get; init; } = CartRuleOptions.Default;
}

/// <summary>A coupon that was entered.</summary>
/// <param name="Code">As entered.</param>
/// <param name="Rule">Null = no rule has this code.</param>
/// <param name="Uses">Uses and reservations so far, over all shoppers.</param>
/// <param name="UsesByCustomer">Those of this customer.</param>
/// <param name="ExpiresAt">Not valid from then on.</param>
/// <param name="UsageLimit">Its own limit; null = the rule's <see cref="CartRule.UsesPerCoupon"/>; 0 = unlimited.</param>
/// <param name="UsagePerCustomer">Its own limit; null = the rule's; 0 = unlimited.</param>
public sealed record CartCoupon(
    string Code, Guid? Rule, int Uses = 0, int UsesByCustomer = 0, DateTimeOffset? ExpiresAt = null, int? UsageLimit = null, int? UsagePerCustomer = null);

/// <summary>Where versions of Adobe Commerce differ. Settings of a website; a decision for an admin key may override them.</summary>
public sealed record CartRuleOptions
{
    public static readonly CartRuleOptions Default = new();

    /// <summary>What a website decides.</summary>
    public static CartRuleOptions Of(CartRuleSettings settings) => new()
    {
        ConditionTotalsBasis = settings.ConditionTotalsBasis,
        AllowYGreaterThanX = settings.AllowYGreaterThanX,
        NegativeOperatorsOnMissingAttributes = settings.NegativeOperatorsOnMissingAttributes,
        ShippingShareBase = settings.ShippingShareBase,
    };

    /// <summary>Which lines subtotal, quantity and weight conditions count, when a rule has action conditions.</summary>
    public ConditionTotalsBasis ConditionTotalsBasis { get; init; }

    /// <summary>Whether "buy X get Y" works with Y greater than X; released versions give nothing.</summary>
    public bool AllowYGreaterThanX { get; init; }

    /// <summary>Whether negative operators hold for a missing attribute (current code) or not (as the documentation still says).</summary>
    public bool NegativeOperatorsOnMissingAttributes { get; init; } = true;

    /// <summary>Denominator of the shipping share of a whole-cart discount, for shops that discount prices with tax; null = subtotal + shipping.</summary>
    public decimal? ShippingShareBase { get; init; }
}
