namespace PersonalizationPlatform.Activation.CartRules.Pricing;

/// <summary>Cents.</summary>
internal static class Money
{
    /// <summary>Two decimals, halves up.</summary>
    public static decimal Round(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero);
}
