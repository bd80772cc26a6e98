namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Whether what is known of a shopper may be used to choose what they see.</summary>
internal static class Targeting
{
    /// <summary>The consents, any of which being out leaves default content only.</summary>
    private static readonly string[] Purposes = ["personalize", "personalize.content", "targeting"];

    /// <summary>
    /// Global Privacy Control: the browser opts its user out of targeting and sharing, not of collection. A page that may not target for
    /// another reason, or whose browser tells only the page, asks with <c>?targeting=out</c>, which needs no preflight.
    /// </summary>
    /// <param name="targeting">The query's <c>targeting</c>.</param>
    public static bool OptedOut(HttpRequest request, string? targeting = null) =>
        request.Headers["Sec-GPC"].ToString().Trim() == "1" || string.Equals(targeting, "out", StringComparison.OrdinalIgnoreCase);

    public static bool OptedOut(IReadOnlyDictionary<string, bool> consents) =>
        Purposes.Any(purpose => consents.TryGetValue(purpose, out var given) && !given);
}
