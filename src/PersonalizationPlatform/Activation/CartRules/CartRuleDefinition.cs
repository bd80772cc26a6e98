using PersonalizationPlatform.Activation.Rules;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>A cart price rule as it is kept; what it says is a <see cref="CartRuleRequest"/> in its body.</summary>
public sealed class CartRuleDefinition : Rule
{
    /// <summary>Its collection in addresses.</summary>
    public const string Collection = "cart-rules";
}

internal sealed class CartRuleTable() : RuleTable<CartRuleDefinition>("cart_rule");
