using PersonalizationPlatform.Activation.Rules;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>A catalogue price rule as it is kept.</summary>
public sealed class CatalogRuleDefinition : Rule;

internal sealed class CatalogRuleTable() : RuleTable<CatalogRuleDefinition>(Name)
{
    public const string Name = "catalog_rule";
}
