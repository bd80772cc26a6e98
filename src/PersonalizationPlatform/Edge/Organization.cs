using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Edge;

/// <summary>Whose cookies these are: Adobe names them by organisation, <c>kndctr_…_AdobeOrg_identity</c> for <c>…@AdobeOrg</c>.</summary>
/// <param name="Name">As it stands in the names of cookies, without <c>@</c>.</param>
public sealed partial record Organization(string Name)
{
    private const string Prefix = "kndctr_";
    private const string MigratedPrefix = "AMCV_";
    private const string OfAdobe = "_AdobeOrg";

    /// <summary>Of the cookies that clients keep, the longest first: the end of one is the end of another.</summary>
    private static readonly string[] Suffixes = ["_consent_check", "_identity", "_consent", "_cluster"];

    public string IdentityCookie => $"{Prefix}{Name}_identity";

    public string ConsentCookie => $"{Prefix}{Name}_consent";

    /// <summary>Whether cookies can be named by it; any text that an organisation may be called by will do, Adobe's or not.</summary>
    public static bool IsValid(string text) => text.Length <= 128 && Valid().IsMatch(text);

    /// <summary>Null for what is none.</summary>
    public static Organization? Of(string? id) => id is not null && IsValid(id) ? new(id.Replace('@', '_')) : null;

    /// <summary>
    /// The organisation that a cookie's name contains, if any. What follows it may contain underscores, and so may it: known cookies are
    /// told by what they end in, others only where Adobe's own ending of an organisation does.
    /// </summary>
    public static Organization? OfCookie(string name)
    {
        if (name.StartsWith(MigratedPrefix, StringComparison.Ordinal))
            return Of(name[MigratedPrefix.Length..]);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var rest = name[Prefix.Length..];
        if (Array.Find(Suffixes, suffix => rest.EndsWith(suffix, StringComparison.Ordinal)) is { } known)
            return Of(rest[..^known.Length]);
        var end = rest.IndexOf(OfAdobe + "_", StringComparison.Ordinal);
        return end > 0 ? Of(rest[..(end + OfAdobe.Length)]) : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+(@[A-Za-z0-9._-]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Valid();
}
