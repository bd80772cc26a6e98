using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Websites;

/// <summary>A website as decisions see it. Immutable.</summary>
/// <param name="Code">Compared without regard to case.</param>
/// <param name="Number">What other systems call it; 0 for a website nobody has described.</param>
/// <param name="Currency">ISO 4217; the shop's where the website has none of its own.</param>
/// <param name="TimeZone">In which its days begin and end; UTC where it has none.</param>
public sealed record Website(
    string Code, int Number, string Name, string Currency, TimeZoneInfo TimeZone, CartRuleSettings CartRules, RelatedProductSettings RelatedProducts)
{
    /// <summary>The website everything belongs to that names none.</summary>
    public const string Base = "base";

    public IReadOnlyList<StoreView> StoreViews { get; init; } = [];

    /// <summary>The code it would have been given for its number (<see cref="WebsiteSet.CodeFor"/>); what was said of that one before it was described is said of it.</summary>
    public string? NumberCode { get; init; }

    /// <summary>Whether a code, in upper or lower case, or the one that stands for its number, means this website.</summary>
    public bool IsCalled(string code) =>
        code.Equals(Code, StringComparison.OrdinalIgnoreCase) || (NumberCode is not null && code.Equals(NumberCode, StringComparison.OrdinalIgnoreCase));

    /// <summary>What conditions have to know of it.</summary>
    public WebsiteSettings Settings { get; } = new(Code, Currency);

    /// <summary>The day it is there at an instant.</summary>
    public DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, TimeZone).DateTime);
}

/// <summary>A view of a website, mostly a language.</summary>
/// <param name="Code">Unique over all websites; compared without regard to case.</param>
public sealed record StoreView(string Code, string Name)
{
    /// <summary>What each store view shows, to be found by its code in upper or lower case.</summary>
    public static Dictionary<string, string> ByCode(IEnumerable<KeyValuePair<string, string>> texts)
    {
        var byCode = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (code, text) in texts)
            byCode.TryAdd(code, text);
        return byCode;
    }
}

/// <summary>A customer group.</summary>
/// <param name="Number">0 = not logged in.</param>
public sealed record CustomerGroup(int Number, string Code);
