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

    private static Website Unknown(string code, string currency) =>
        new(code, 0, code, currency, TimeZoneInfo.Utc, CartRuleSettings.Default, RelatedProductSettings.Default);
}
