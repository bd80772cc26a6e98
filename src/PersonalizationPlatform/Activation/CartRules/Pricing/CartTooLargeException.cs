namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>So many lines may meet so many rules that deciding would take seconds and hundreds of megabytes: nobody's cart, or an attack.</summary>
public sealed class CartTooLargeException(int lines, int rules)
    : Exception($"{lines} lines that {rules} rules may apply to are more than can be decided; lines times rules are at most {MaxLinesTimesRules}.")
{
    /// <summary>2,000 lines with 1,000 rules for each of them, or 10,000 with 200.</summary>
    public const int MaxLinesTimesRules = 2_000_000;
}
