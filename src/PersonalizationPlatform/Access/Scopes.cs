using System.Security.Claims;

namespace PersonalizationPlatform.Access;

/// <summary>What a key may do. Each is also the name of the authorization policy that demands it; <see cref="Admin"/> includes every other.</summary>
public static class Scopes
{
    public const string Collect = "collect";
    public const string Decide = "decide";
    public const string Admin = "admin";
    public const string Export = "export";

    /// <summary>The <see cref="Collect"/> scope on a secret key: back office and profile records.</summary>
    public const string CollectSecret = "collect.secret";

    /// <summary>The <see cref="Decide"/> scope on a secret key: what a shop's servers do with decisions, such as redeeming coupons.</summary>
    public const string DecideSecret = "decide.secret";

    /// <summary>Reading one shopper's data: <see cref="Admin"/> or <see cref="Export"/> on a secret key.</summary>
    public const string Read = "read";

    internal const string KindClaim = "key.kind";
    internal const string ScopeClaim = "key.scope";
    internal const string KeyIdClaim = "key.id";
    internal const string WebsiteClaim = "key.website";

    /// <summary>Whether the request came with a public (browser) key: no attributes, reasons or person identities for those.</summary>
    public static bool IsPublicKey(this ClaimsPrincipal user) => user.FindFirstValue(KindClaim) == "public";

    public static bool IsAdmin(this ClaimsPrincipal user) => user.HasClaim(ScopeClaim, Admin);

    /// <summary>The key's id, for scoping idempotency and audit; never the key itself.</summary>
    public static string KeyId(this ClaimsPrincipal user) => user.FindFirstValue(KeyIdClaim) ?? "";

    /// <summary>The website of events that do not name one themselves; null when the key has none.</summary>
    public static string? KeyWebsite(this ClaimsPrincipal user) => user.FindFirstValue(WebsiteClaim);
}
