using System.Text.RegularExpressions;

namespace PersonalizationPlatform.Edge;

/// <summary>
/// What a browser has kept for us: as cookies where it shares our domain, else as <c>meta.state.entries</c> in the body. Both are read
/// alike, cookies first.
/// </summary>
public sealed partial class EdgeState
{
    private const int MaxItems = 200;
    private const int MaxValue = 8192;

    private EdgeState(Organization? organization, string? identityCookie, string? migratedEcid, bool? consent, Guid? firstPartyId) =>
        (Organization, IdentityCookie, MigratedEcid, Consent, FirstPartyId) = (organization, identityCookie, migratedEcid, consent, firstPartyId);

    /// <summary>By which cookies are named: what the request tells, else what its datastream says.</summary>
    public Organization? Organization { get; }

    /// <summary>The value of the identity cookie; null without a readable one.</summary>
    public string? IdentityCookie { get; }

    /// <summary>Of the identity cookie.</summary>
    public string? Ecid => IdentityCookie is { } cookie ? Edge.IdentityCookie.ReadEcid(cookie) : null;

    /// <summary>Of the cookies that Adobe's older clients keep.</summary>
    public string? MigratedEcid { get; }

    /// <summary>Whether the shopper lets us collect; null when nothing says so.</summary>
    public bool? Consent { get; }

    /// <summary>The device's id under the cookie that the datastream names.</summary>
    public Guid? FirstPartyId { get; }

    /// <param name="request">With its cookies.</param>
    /// <param name="state">The body's <c>meta.state</c>; empty without one.</param>
    /// <param name="known">The organisation of the datastream.</param>
    /// <param name="firstPartyCookie">The name of the cookie that holds a device's id.</param>
    internal static EdgeState Read(HttpRequest request, ReadOnlyMemory<byte> state, Organization? known, string? firstPartyCookie)
    {
        var entries = Entries(state);
        var cookies = Cookies(request);
        // Entries are the cookies of the one organisation that the client was set up with; cookies may be anybody's on this domain.
        var organization = OfAny(entries, known) ?? OfAny(cookies, known) ?? known;
        List<(string Name, string Value)> all = [.. cookies, .. entries];
        return new(
            organization,
            organization is null ? null : First(all, organization.IdentityCookie, value => Edge.IdentityCookie.ReadEcid(value) is null ? null : value),
            First(all, name => name == "s_ecid" || (name.StartsWith("AMCV_", StringComparison.Ordinal) && Organization.OfCookie(name) == organization), Migrated),
            organization is null ? null : First(all, organization.ConsentCookie, value => (object?)ConsentOf(value)) as bool?,
            firstPartyCookie is null ? null : FirstPartyIdOf(First(all, firstPartyCookie, value => value)));
    }

    /// <summary>FPIDs are random UUIDs of version 4 and nothing else.</summary>
    internal static Guid? FirstPartyIdOf(string? text) => Guid.TryParseExact(text, "D", out var id) && id.Version == 4 ? id : null;

    /// <summary>The one that is known already, if any is named by it, else the first.</summary>
    private static Organization? OfAny(List<(string Name, string Value)> items, Organization? known)
    {
        var named = items.Where(item => item.Name.StartsWith("kndctr_", StringComparison.Ordinal)).Concat(items).Select(item => Organization.OfCookie(item.Name)).OfType<Organization>().ToList();
        return known is not null && named.Contains(known) ? known : named.FirstOrDefault();
    }

    private static T? First<T>(List<(string Name, string Value)> items, string name, Func<string, T?> read)
        where T : class => First(items, candidate => candidate == name, read);

    private static T? First<T>(List<(string Name, string Value)> items, Func<string, bool> isNamed, Func<string, T?> read)
        where T : class => items.Where(item => isNamed(item.Name)).Select(item => read(item.Value)).FirstOrDefault(value => value is not null);

    /// <summary><c>general=in</c> or <c>general=out</c>, perhaps among others.</summary>
    private static bool? ConsentOf(string value)
    {
        foreach (var choice in value.Split(';', ','))
        {
            switch (choice.Trim())
            {
                case "general=in":
                    return true;
                case "general=out":
                    return false;
            }
        }

        return null;
    }

    private static string? Migrated(string value) => Mcmid().Match(value) is { Success: true } found && Edge.Ecid.IsValid(found.Groups[1].Value) ? found.Groups[1].Value : null;

    private static List<(string Name, string Value)> Entries(ReadOnlyMemory<byte> state)
    {
        var entries = new List<(string, string)>();
        foreach (var entry in JsonSlices.Elements(JsonSlices.At(state, "entries"), MaxItems))
            if (JsonSlices.Text(JsonSlices.At(entry, "key")) is { } key && JsonSlices.Text(JsonSlices.At(entry, "value")) is { Length: <= MaxValue } value)
                entries.Add((Decoded(key), Decoded(value)));
        return entries;
    }

    /// <summary>By hand, because the framework drops cookies whose values others have not encoded.</summary>
    private static List<(string Name, string Value)> Cookies(HttpRequest request)
    {
        var cookies = new List<(string, string)>();
        foreach (var pair in request.Headers.Cookie.SelectMany(header => (header ?? "").Split(';')).Take(MaxItems))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && pair.Length - equals <= MaxValue)
                cookies.Add((Decoded(pair[..equals].Trim()), Decoded(pair[(equals + 1)..].Trim().Trim('"'))));
        }

        return cookies;
    }

    private static string Decoded(string text) => text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;

    [GeneratedRegex(@"(?:^|\|)MCMID\|(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex Mcmid();
}
