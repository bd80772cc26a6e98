using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Edge;

/// <summary>Whose cookies these are: Adobe names them by organisation, <c>kndctr_…_AdobeOrg_identity</c> for <c>…@AdobeOrg</c>.</summary>
/// <param name="Name">As it stands in the names of cookies, without <c>@</c>.</param>
public sealed partial record Organization(string Name)
{
    public string IdentityCookie => $"kndctr_{Name}_identity";

    public string ConsentCookie => $"kndctr_{Name}_consent";

    /// <summary>Whether cookies can be named by it; any text that an organisation may be called by will do, Adobe's or not.</summary>
    public static bool IsValid(string text) => text.Length <= 128 && Valid().IsMatch(text);

    /// <summary>Null for what is none.</summary>
    public static Organization? Of(string? id) => id is not null && IsValid(id) ? new(id.Replace('@', '_')) : null;

    /// <summary>The organisation that a cookie's name contains, if any.</summary>
    public static Organization? OfCookie(string name)
    {
        if (name.StartsWith("AMCV_", StringComparison.Ordinal))
            return Of(name["AMCV_".Length..]);
        if (!name.StartsWith("kndctr_", StringComparison.Ordinal))
            return null;
        var end = name.LastIndexOf('_');
        return end > "kndctr_".Length ? Of(name["kndctr_".Length..end]) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+(@[A-Za-z0-9._-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
