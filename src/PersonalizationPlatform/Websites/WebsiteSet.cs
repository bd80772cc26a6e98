using System.Globalization;

namespace PersonalizationPlatform.Websites;

/// <summary>All websites and customer groups, as of one publication. Immutable.</summary>
public sealed class WebsiteSet
{
    /// <summary>Nobody has described any.</summary>
    public static readonly WebsiteSet Undescribed = new([], [], new());

    private readonly Dictionary<string, Website> byCode;
    private readonly Dictionary<int, Website> byNumber;
    private readonly string currency;

    internal WebsiteSet(IReadOnlyList<Website> websites, IReadOnlyList<CustomerGroup> groups, WebsiteOptions fallback)
    {
        var codes = websites.Select(website => website.Code).ToHashSet(StringComparer.OrdinalIgnoreCase);
        websites = [.. websites.Select(website => website with { NumberCode = FreeCode(website, CodeFor(website.Number, codes.Contains), codes) })];
        All = websites;
        Groups = groups;
        currency = fallback.Currency;
        byCode = websites.ToDictionary(website => website.Code, StringComparer.OrdinalIgnoreCase);
        byNumber = websites.ToDictionary(website => website.Number);
        // A website that only the configuration names has a currency of its own all the same.
        foreach (var code in fallback.Websites.Keys)
            byCode.TryAdd(code, Unknown(code, fallback.Of(code)));
    }

    /// <summary>The websites people have described, by number.</summary>
    public IReadOnlyList<Website> All { get; }

    /// <summary>The customer groups, by number.</summary>
    public IReadOnlyList<CustomerGroup> Groups { get; }

    /// <summary>
    /// The website with the code, else the one other systems know by that number; <c>base</c> without either. One that nobody has described
    /// has that code and the defaults.
    /// </summary>
    public Website Of(string? code)
    {
        code = string.IsNullOrWhiteSpace(code) ? Website.Base : code.Trim();
        if (byCode.TryGetValue(code, out var website))
            return website;
        return (int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? ByNumber(number) : null) ?? Unknown(code, currency);
    }

    /// <summary>The website other systems know by this number; null when there is none.</summary>
    public Website? ByNumber(int number) => byNumber.GetValueOrDefault(number);

    /// <summary>
    /// The code of the website other systems know by this number, or the one it will get (<see cref="Website.IsCalled"/>). Never that of
    /// another website.
    /// </summary>
    public string CodeOf(int number) => ByNumber(number)?.Code ?? CodeFor(number, byCode.ContainsKey);

    /// <summary>The code a website is given that nothing but its number is known of: the number, unless that is the code of another one.</summary>
    internal static string CodeFor(int number, Func<string, bool> isTaken)
    {
        var code = number.ToString(CultureInfo.InvariantCulture);
        return isTaken(code) ? "website-" + code : code;
    }

    /// <summary>Null where that is a website's own code.</summary>
    private static string? FreeCode(Website website, string numberCode, HashSet<string> codes) =>
        website.Number > 0 && !codes.Contains(numberCode) ? numberCode : null;

    private static Website Unknown(string code, string currency) =>
        new(code, 0, code, currency, TimeZoneInfo.Utc, CartRuleSettings.Default, RelatedProductSettings.Default);
}
