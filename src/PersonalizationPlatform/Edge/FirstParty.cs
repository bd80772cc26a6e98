namespace PersonalizationPlatform.Edge;

/// <summary>Whether this host shares a domain with the page that calls it, so that cookies can be set by header.</summary>
internal static class FirstParty
{
    /// <summary>The domain where the client keeps its cookies, if it is ours too; null else.</summary>
    public static string? Domain(HttpRequest request, string? domain) =>
        domain is { Length: <= 253 } && domain.Trim('.') is var name && IsHostName(name) && IsWithin(request.Host.Host, name) && IsSameSite(request) ? name.ToLowerInvariant() : null;

    /// <summary>The longest domain that this host and the page have in common; null when they are different sites.</summary>
    public static string? CommonDomain(HttpRequest request)
    {
        if (!IsSameSite(request) || !Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page))
            return null;
        for (var name = request.Host.Host; name.Contains('.', StringComparison.Ordinal); name = name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..])
            if (IsHostName(name) && IsWithin(page.Host, name))
                return name.ToLowerInvariant();
        return null;
    }

    /// <summary>Browsers say it; where one does not, the page's address has to do.</summary>
    private static bool IsSameSite(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "same-site" or "same-origin" or "";

    private static bool IsWithin(string host, string domain) =>
        host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase);

    /// <summary>Not an address: cookies have no domain there.</summary>
    private static bool IsHostName(string name) =>
        name.Contains('.', StringComparison.Ordinal) && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-') && !name.All(letter => char.IsAsciiDigit(letter) || letter == '.');
}
