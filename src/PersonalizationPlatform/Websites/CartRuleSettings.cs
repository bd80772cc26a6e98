namespace PersonalizationPlatform.Websites;

/// <summary>How a website's cart price rules calculate where versions and configurations of Adobe Commerce differ.</summary>
public sealed record CartRuleSettings
{
    public static readonly CartRuleSettings Default = new();

    /// <summary>Which lines conditions on subtotal, quantity and weight count when a rule has action conditions.</summary>
    public ConditionTotalsBasis ConditionTotalsBasis { get; init; }

    /// <summary>Whether "buy X get Y" works with Y greater than X; released versions of Adobe Commerce then give nothing.</summary>
    public bool AllowYGreaterThanX { get; init; }

    /// <summary>Whether negative operators hold for a missing attribute: true as in current code, false as its documentation still says.</summary>
    public bool NegativeOperatorsOnMissingAttributes { get; init; } = true;

    /// <summary>Denominator of the shipping share of a whole-cart discount, for shops that discount prices with tax; absent = subtotal + shipping.</summary>
    public decimal? ShippingShareBase { get; init; }

    /// <summary>Absent = the caller's amounts are taken as they are.</summary>
    public TaxSettings? Tax { get; init; }

    /// <summary>Coupons an order may use, 1 to 100.</summary>
    public int MaxCouponsPerOrder { get; init; } = 10;
}

/// <summary>See <see cref="CartRuleSettings.ConditionTotalsBasis"/>.</summary>
public enum ConditionTotalsBasis
{
    /// <summary>All lines of the cart.</summary>
    Cart,

    /// <summary>Only lines that meet the rule's action conditions.</summary>
    EligibleItems,
}

/// <summary>What discounts have to know of taxes. Rates are percentages, 20 = 20 %.</summary>
public sealed record TaxSettings
{
    public decimal ItemRate { get; init; }
    public decimal ShippingRate { get; init; }

    /// <summary>Whether tax is taken after the discount has been deducted.</summary>
    public bool ApplyAfterDiscount { get; init; }

    /// <summary>Whether discounts are computed on prices including tax.</summary>
    public bool DiscountOnPricesInclTax { get; init; }

    /// <summary>Whether the prices of the catalogue include tax.</summary>
    public bool PricesIncludeTax { get; init; }

    /// <summary>Whether shipping amounts include tax.</summary>
    public bool ShippingIncludesTax { get; init; }
}
