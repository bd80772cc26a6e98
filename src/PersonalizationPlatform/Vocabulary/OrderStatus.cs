namespace PersonalizationPlatform.Vocabulary;

/// <summary>What the statuses of orders mean where it matters. A status is any text; shops have their own beside the usual ones.</summary>
public static class OrderStatus
{
    public const string Canceled = "canceled";

    private static readonly HashSet<string> Undone = new(StringComparer.OrdinalIgnoreCase) { Canceled, "cancelled", "failed", "payment_failed" };

    /// <summary>Whether the order was cancelled or failed: nothing was bought. An order that was refunded has been.</summary>
    public static bool NeverCameToBe(string status) => Undone.Contains(status.Trim());
}
