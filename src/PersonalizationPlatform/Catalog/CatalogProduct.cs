using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Catalog;

/// <summary>A product in memory, ready for conditions, prices and lists. Immutable.</summary>
public sealed record CatalogProduct : ProductFact
{
    /// <summary>Orders products "by id": the external number where there is one, else the order of first arrival. Never changes by itself.</summary>
    public required long Number { get; init; }
    public string? ExternalId { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Shown in categories and lists.</summary>
    public bool Visible { get; init; } = true;
    public bool InStock { get; init; } = true;

    /// <summary>Codes; empty = all.</summary>
    public IReadOnlyList<string> Websites { get; init; } = [];
    public decimal? SpecialPrice { get; init; }

    /// <summary>First day of the special price in the website's time zone; null = since ever.</summary>
    public DateOnly? SpecialFrom { get; init; }

    /// <summary>Last day of the special price; null = no end.</summary>
    public DateOnly? SpecialTo { get; init; }
    public IReadOnlyList<TierPrice> TierPrices { get; init; } = [];
    public decimal? Weight { get; init; }
    public string? TaxClass { get; init; }

    /// <summary>SKUs of its parts or variants, as far as they are known.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>SKUs linked by hand, in order; they need not be known.</summary>
    public IReadOnlyList<string> Related { get; init; } = [];

    /// <inheritdoc cref="Related"/>
    public IReadOnlyList<string> UpSells { get; init; } = [];

    /// <inheritdoc cref="Related"/>
    public IReadOnlyList<string> CrossSells { get; init; } = [];

    /// <summary>Its categories as they were sent; what conditions see of them depends on the tree.</summary>
    internal string[] CategoriesGiven { get; init; } = [];

    /// <summary>What it says of its children; some may arrive later than it does.</summary>
    internal IReadOnlyList<string> ChildExternalIds { get; init; } = [];
    internal IReadOnlyList<string> ChildrenGiven { get; init; } = [];

    /// <summary>Whether it is sold on a website.</summary>
    public bool IsSoldOn(Website website) => Websites.Count == 0 || Websites.Any(website.IsCalled);

    /// <summary>The special price, if it holds on a day of the website.</summary>
    public decimal? SpecialPriceOn(DateOnly day) => SpecialPrice is { } price && !(day < SpecialFrom) && !(day > SpecialTo) ? price : null;
}
