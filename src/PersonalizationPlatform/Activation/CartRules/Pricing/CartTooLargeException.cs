namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>So much in a cart may meet so many rules that deciding would take seconds and hundreds of megabytes: nobody's cart, or an attack.</summary>
public sealed class CartTooLargeException(long size, int rules)
    : Exception($"A cart of the size {size} that {rules} rules may apply to is more than can be decided; size times rules is at most {MaxSizeTimesRules}.")
{
    /// <summary>1,000 lines with 1,000 rules for each of them, or 10,000 with 100.</summary>
    public const long MaxSizeTimesRules = 1_000_000;
}
