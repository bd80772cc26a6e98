using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.Live;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>Decides prices for one group of customers on one day of a website.</summary>
internal sealed class PriceDecision(CatalogPrices prices, LiveSet live, CatalogSnapshot catalogue, Website website, int customerGroup, DateOnly day)
{
    public PriceAnswer Decide(RequestedProduct asked, bool explain)
    {
        if (asked.Product is not { } product)
            return PriceAnswer.Unknown(asked.Sku);
        var price = !asked.IsDescribed
            ? prices.Of(live, catalogue, product, website, customerGroup, day, asked.Quantity)
            : product.Price is { } regular
                ? CatalogPrices.Price(
                    regular, product.SpecialPriceOn(day), CatalogPrices.Tier(product, regular, website, customerGroup, asked.Quantity),
                    CatalogPrices.Judge(live, catalogue, product, website, customerGroup, day))
                : new(null, null, null, RulePrice.None, null);
        var answer = PriceAnswer.Of(asked.Sku, product.Currency ?? website.Currency, price);
        return explain ? answer with { Explanation = Explain(product) } : answer;
    }

    private List<CatalogRuleExplanation> Explain(CatalogProduct product)
    {
        var explanations = new List<CatalogRuleExplanation>();
        var scope = new Scope(CatalogRuleSet.MomentOf(website.Settings, day)) { Product = RuledProduct.Of(product, catalogue) };
        var stopped = product.Price is null;
        foreach (var rule in live.CatalogRules.Rules)
        {
            var condition = rule.Condition?.Explain(scope);
            var reason = rule.Websites.Count > 0 && !rule.Websites.Contains(website.Code) ? "website"
                : rule.CustomerGroups.Count > 0 && !rule.CustomerGroups.Contains(customerGroup) ? "customerGroup"
                : !rule.IsFor(website.Code, customerGroup, day) ? "date"
                : stopped ? "stopped"
                : condition?.Matches == false ? "condition" : "applied";
            explanations.Add(new(rule.Id, rule.ExternalId, rule.Key, reason == "applied", reason, condition));
            stopped |= reason == "applied" && rule.Stop;
        }

        return explanations;
    }
}
