namespace PersonalizationPlatform.Access;

/// <summary>
/// On an endpoint for a client that is not ours: where else its callers put their key. Looked at only when neither header nor
/// <c>?key=</c> brings one.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public abstract class KeyPlaceAttribute : Attribute
{
    /// <summary>The key found in this request; null when there is none.</summary>
    public abstract ValueTask<SentKey?> FindAsync(HttpContext context);
}

/// <summary>A key as a request brought it.</summary>
/// <param name="Text">The key.</param>
/// <param name="InAddress">Whether it stands in the address, which ends up in histories and logs.</param>
public sealed record SentKey(string Text, bool InAddress);
