using System.Globalization;
using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>A product as the shop sends it.</summary>
[ReadOnlyMembers("updatedAt")]
public sealed record ProductRequest
{
    /// <summary>May be left out where the address names it.</summary>
    public string? Sku { get; init; }
    public required string Name { get; init; }

    /// <summary><c>simple</c> when absent.</summary>
    public ProductType? Type { get; init; }

    /// <summary><c>enabled</c> when absent.</summary>
    public ProductStatus? Status { get; init; }

    /// <summary><c>both</c> when absent.</summary>
    public ProductVisibility? Visibility { get; init; }

    /// <summary>Codes of the websites it is sold on; all when absent or empty.</summary>
    public IReadOnlyList<string>? Websites { get; init; }

    /// <summary>The regular price.</summary>
    public decimal? Price { get; init; }

    /// <summary>ISO 4217, e.g. <c>EUR</c>.</summary>
    public string? Currency { get; init; }
    public decimal? SpecialPrice { get; init; }

    /// <summary>First day of the special price, in the website's time zone.</summary>
    public DateOnly? SpecialFrom { get; init; }

    /// <summary>Last day of the special price.</summary>
    public DateOnly? SpecialTo { get; init; }
    public IReadOnlyList<TierPrice>? TierPrices { get; init; }

    /// <summary>In stock when absent.</summary>
    public StockLevel? Stock { get; init; }
    public decimal? Weight { get; init; }
    public string? TaxClass { get; init; }

    /// <summary>Each by id, name or path; <c>Gear/Bags</c> also counts as <c>Gear</c> and as <c>Bags</c>.</summary>
    public IReadOnlyList<string>? Categories { get; init; }

    /// <summary>Name to text, number, truth, or a list of these.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Attributes { get; init; }

    /// <summary>SKUs of what a bundle, grouped or configurable product is made of.</summary>
    public IReadOnlyList<string>? Children { get; init; }

    /// <summary>The same by external id.</summary>
    public IReadOnlyList<string>? ChildExternalIds { get; init; }

    /// <summary>SKUs in order.</summary>
    public IReadOnlyList<string>? Related { get; init; }

    /// <inheritdoc cref="Related"/>
    public IReadOnlyList<string>? UpSells { get; init; }

    /// <inheritdoc cref="Related"/>
    public IReadOnlyList<string>? CrossSells { get; init; }

    /// <summary>What the system it comes from calls it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The <see cref="ExternalId"/> says which product this is, and the SKU may be a new one.</summary>
    internal bool IsNamedByExternalId { get; init; }

    /// <summary>Orders products "by id". Absent: <see cref="ExternalId"/> where that is a number; else unchanged; else the order of first arrival.</summary>
    public long? Number { get; init; }

    /// <summary>The product, or null when <paramref name="errors"/> were added.</summary>
    /// <param name="addressed">The SKU in the address; null where there is none.</param>
    public Product? ToProduct(string? addressed, DateTimeOffset now, List<ProblemError> errors)
    {
        var before = errors.Count;
        ProductChecks.Check(this, addressed, errors);
        return errors.Count > before
            ? null
            : new()
            {
                Sku = addressed ?? Sku!,
                Name = Name,
                Price = Price,
                Currency = Currency,
                Categories = [.. Categories ?? []],
                Attributes = JsonSerializer.Serialize(Attributes ?? new Dictionary<string, JsonElement>()),
                Details = Details().Write(),
                ExternalId = ExternalId,
                IsNamedByExternalId = IsNamedByExternalId,
                ExternalNumber = Number ?? (long.TryParse(ExternalId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null),
                UpdatedAt = now,
            };
    }

    private ProductDetails Details() => new()
    {
        Type = Type ?? default,
        Status = Status ?? default,
        Visibility = Visibility ?? default,
        Websites = Websites is { Count: > 0 } ? Websites : null,
        SpecialPrice = SpecialPrice,
        SpecialFrom = SpecialFrom,
        SpecialTo = SpecialTo,
        TierPrices = TierPrices is { Count: > 0 } ? TierPrices : null,
        Stock = Stock,
        Weight = Weight,
        TaxClass = TaxClass,
        Children = Distinct(Children),
        ChildExternalIds = Distinct(ChildExternalIds),
        Related = Distinct(Related),
        UpSells = Distinct(UpSells),
        CrossSells = Distinct(CrossSells),
    };

    private static List<string>? Distinct(IReadOnlyList<string>? given) => given is { Count: > 0 } ? [.. given.Distinct()] : null;
}

/// <summary>A product as it is kept.</summary>
/// <param name="Number">Orders products "by id".</param>
/// <param name="Websites">Empty = all.</param>
/// <param name="Stock">Absent = in stock.</param>
public sealed record ProductAnswer(
    string Sku, string Name, ProductType Type, ProductStatus Status, ProductVisibility Visibility, IReadOnlyList<string> Websites, decimal? Price, string? Currency,
    decimal? SpecialPrice, DateOnly? SpecialFrom, DateOnly? SpecialTo, IReadOnlyList<TierPrice> TierPrices, StockLevel? Stock, decimal? Weight, string? TaxClass,
    IReadOnlyList<string> Categories, RawJson Attributes, IReadOnlyList<string> Children, IReadOnlyList<string> ChildExternalIds, IReadOnlyList<string> Related,
    IReadOnlyList<string> UpSells, IReadOnlyList<string> CrossSells, string? ExternalId, long Number, DateTimeOffset UpdatedAt)
{
    internal static ProductAnswer Of(Product product)
    {
        var details = ProductDetails.Read(product.Details);
        return new(
            product.Sku, product.Name, details.Type, details.Status, details.Visibility, details.Websites ?? [], product.Price, product.Currency,
            details.SpecialPrice, details.SpecialFrom, details.SpecialTo, details.TierPrices ?? [], details.Stock, details.Weight, details.TaxClass,
            product.Categories, new(product.Attributes), details.Children ?? [], details.ChildExternalIds ?? [], details.Related ?? [],
            details.UpSells ?? [], details.CrossSells ?? [], product.ExternalId, product.ExternalNumber ?? product.Arrival, product.UpdatedAt);
    }
}

/// <summary>What became of a bulk request.</summary>
/// <param name="Stored">What was written; of lines with the same SKU or id the last one counts.</param>
/// <param name="RefusedCount">Lines refused; the first hundred of them are listed.</param>
public sealed record BulkAnswer(long Stored, long RefusedCount, IReadOnlyList<RefusedLine> Refused);

/// <summary>A line that was not taken; the others of the body were.</summary>
/// <param name="Line">Counted from 1.</param>
/// <param name="Item">Which one of a page of <c>items</c> in that line, counted from 0.</param>
public sealed record RefusedLine(long Line, string Code, string Detail, int? Item = null);
