namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Decides what the rules make of a cart.</summary>
public static class CartPricing
{
    /// <summary>Pure and deterministic; safe on many threads at once.</summary>
    /// <param name="rules">The live rules of one publication.</param>
    /// <param name="cart">Checked and bounded.</param>
    /// <param name="context">For whom, where and when.</param>
    /// <param name="explain">Whether to say of every rule why it applied or did not; costs time and memory.</param>
    public static CartOutcome Decide(CartRuleSet rules, CartInput cart, CartContext context, bool explain) => throw new NotImplementedException();
}
