using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Websites;

/// <summary>Section <c>Shop</c>: the currencies of websites that have no currency of their own. <c>Shop:Currency</c> holds for all that <c>Shop:Websites</c> does not name.</summary>
public sealed class WebsiteOptions
{
    /// <summary>ISO 4217: the currency amounts are compared in unless a condition names one.</summary>
    public string Currency { get; set; } = WebsiteSettings.Base.Currency;

    /// <summary>By website code, e.g. <c>Shop:Websites:eu:Currency</c> = <c>EUR</c>.</summary>
    public Dictionary<string, WebsiteOption> Websites { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    internal string Of(string code) => Websites.TryGetValue(code, out var own) && own.Currency is { } currency ? currency : Currency;
}

/// <summary>One website's own settings.</summary>
public sealed class WebsiteOption
{
    public string? Currency { get; set; }
}
