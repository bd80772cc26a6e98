using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>What an admin key says instead of what is known is taken as it is said, or refused: never quietly made something else.</summary>
internal static class CartOverrides
{
    private const decimal MaxRate = 1_000;
    private const decimal MaxBase = 1_000_000_000_000;

    /// <summary>400 <c>cart.invalid</c>.</summary>
    public static void Demand(CartOptionsRequest? options, CartUsageRequest? usage)
    {
        var errors = new List<ProblemError>();
        if (options?.ShippingShareBase is <= 0 or > MaxBase)
            errors.Add(new("$.options.shippingShareBase", "cart.shippingShareBase", $"shippingShareBase is greater than 0, up to {MaxBase}."));
        Rate(options?.Tax?.ItemRate, "itemRate", errors);
        Rate(options?.Tax?.ShippingRate, "shippingRate", errors);
        Uses(usage?.CouponTimesUsed, "couponTimesUsed", errors);
        Uses(usage?.CouponTimesUsedByCustomer, "couponTimesUsedByCustomer", errors);
        Uses(usage?.RuleTimesUsedByCustomer, "ruleTimesUsedByCustomer", errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "cart.invalid", "The request is not right in the places listed.", errors);
    }

    private static void Rate(decimal? rate, string member, List<ProblemError> errors)
    {
        if (rate is < 0 or > MaxRate)
            errors.Add(new($"$.options.tax.{member}", "cart.taxRate", $"{member} is a percentage, 0 to {MaxRate}."));
    }

    private static void Uses(IReadOnlyDictionary<string, int>? uses, string member, List<ProblemError> errors)
    {
        foreach (var (name, count) in uses ?? new Dictionary<string, int>())
        {
            if (count < 0)
                errors.Add(new($"$.cart.usage.{member}.{name}", "cart.usage", "Uses are 0 or more."));
        }
    }
}
