namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>All live cart rules of one publication, in the order they are applied. Immutable.</summary>
public sealed class CartRuleSet
{
    public static readonly CartRuleSet Empty = new([]);

    /// <param name="rules">In any order; rules that are not live never decide.</param>
    public CartRuleSet(IEnumerable<CartRule> rules) =>
        Rules = [.. rules.OrderBy(rule => rule.Priority).ThenBy(rule => rule.Number).ThenBy(rule => rule.Id)];

    /// <summary>By priority, then number.</summary>
    public IReadOnlyList<CartRule> Rules { get; }
}
