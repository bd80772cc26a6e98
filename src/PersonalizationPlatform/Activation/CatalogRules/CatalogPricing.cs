namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>What rules make of a price.</summary>
/// <param name="Price">After the last rule, to 4 decimals; null when no rule applies.</param>
/// <param name="Applied">In the order in which they were applied.</param>
public sealed record RulePrice(decimal? Price, IReadOnlyList<CatalogRule> Applied)
{
    public static readonly RulePrice None = new(null, []);
}

/// <summary>Adobe Commerce's arithmetic of catalogue prices. Pure.</summary>
public static class CatalogPricing
{
    /// <summary>
    /// Applies rules one after the other, beginning with the regular price (never the special one); each result is rounded to 4
    /// decimals, half up, and a rule that discards later ones ends the chain.
    /// </summary>
    /// <param name="rules">Those that match the product, by priority, then number.</param>
    public static RulePrice Apply(IEnumerable<CatalogRule> rules, decimal regularPrice)
    {
        var applied = new List<CatalogRule>();
        var price = regularPrice;
        foreach (var rule in rules)
        {
            price = decimal.Round(After(rule, price), 4, MidpointRounding.AwayFromZero);
            applied.Add(rule);
            if (rule.Stop)
                break;
        }

        return applied.Count == 0 ? RulePrice.None : new(price, applied);
    }

    /// <summary>The lowest price there is, to 2 decimals. Options that a shopper must choose are added by the shop and stay as they are.</summary>
    public static decimal Final(decimal regularPrice, decimal? special, decimal? tier, decimal? rule)
    {
        var final = regularPrice;
        foreach (var other in (ReadOnlySpan<decimal?>)[special, tier, rule])
            final = other is { } price && price < final ? price : final;
        return decimal.Round(final, 2, MidpointRounding.AwayFromZero);
    }

    private static decimal After(CatalogRule rule, decimal price) => rule.Action switch
    {
        CatalogRuleAction.ByPercent => Math.Max(0, price * (1 - (rule.Amount / 100))),
        CatalogRuleAction.ByFixed => Math.Max(0, price - rule.Amount),
        CatalogRuleAction.ToPercent => price * rule.Amount / 100,
        _ => Math.Min(rule.Amount, price),
    };
}
