using PersonalizationPlatform.Activation.Rules;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>A related-product rule as it is kept.</summary>
public sealed class RelatedRuleDefinition : Rule;

internal sealed class RelatedRuleTable() : RuleTable<RelatedRuleDefinition>(Name)
{
    public const string Name = "related_product_rule";
}
