using System.Text.Json;
using System.Text.Json.Serialization;

namespace PersonalizationPlatform.Catalog;

/// <summary>What a product says beside its name, price, categories and attributes. Kept as one JSON value, defaults left out.</summary>
public sealed record ProductDetails
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public ProductType Type { get; init; }
    public ProductStatus Status { get; init; }
    public ProductVisibility Visibility { get; init; }

    /// <summary>Codes of the websites it is sold on; null = all.</summary>
    public IReadOnlyList<string>? Websites { get; init; }
    public decimal? SpecialPrice { get; init; }

    /// <summary>First day of the special price, in the website's time zone.</summary>
    public DateOnly? SpecialFrom { get; init; }

    /// <summary>Last day of the special price.</summary>
    public DateOnly? SpecialTo { get; init; }
    public IReadOnlyList<TierPrice>? TierPrices { get; init; }

    /// <summary>Null = in stock, quantity unknown.</summary>
    public StockLevel? Stock { get; init; }
    public decimal? Weight { get; init; }
    public string? TaxClass { get; init; }

    /// <summary>SKUs of its parts or variants.</summary>
    public IReadOnlyList<string>? Children { get; init; }

    /// <summary>External ids of further children: Adobe Commerce names the variants of a configurable product in no other way.</summary>
    public IReadOnlyList<string>? ChildExternalIds { get; init; }

    /// <summary>SKUs in the order in which they are to be shown.</summary>
    public IReadOnlyList<string>? Related { get; init; }

    /// <inheritdoc cref="Related"/>
    public IReadOnlyList<string>? UpSells { get; init; }

    /// <inheritdoc cref="Related"/>
    public IReadOnlyList<string>? CrossSells { get; init; }

    internal static ProductDetails Read(string stored) => JsonSerializer.Deserialize<ProductDetails>(stored, Json)!;

    internal string Write() => JsonSerializer.Serialize(this, Json);
}

public enum ProductType
{
    Simple,
    Configurable,
    Virtual,
    Downloadable,
    Bundle,
    Grouped,
    GiftCard,
}

public enum ProductStatus
{
    Enabled,

    /// <summary>Nobody sees it.</summary>
    Disabled,
}

/// <summary>Where shoppers come across a product.</summary>
public enum ProductVisibility
{
    /// <summary>In categories and in search results.</summary>
    Both,
    Catalog,
    Search,

    /// <summary>Only as part of another product.</summary>
    None,
}

/// <summary>A price from a quantity on: either <see cref="Price"/> or <see cref="Percentage"/>.</summary>
public sealed record TierPrice
{
    /// <summary>Website code; absent = all.</summary>
    public string? Website { get; init; }

    /// <summary>Number of a customer group; absent = all.</summary>
    public int? CustomerGroup { get; init; }

    /// <summary>From this quantity on.</summary>
    public required decimal Quantity { get; init; }

    /// <summary>Per unit.</summary>
    public decimal? Price { get; init; }

    /// <summary>Taken off the price, 0 to 100.</summary>
    public decimal? Percentage { get; init; }
}

/// <summary>What is in stock.</summary>
/// <param name="Quantity">Absent = not counted.</param>
public sealed record StockLevel(bool InStock, decimal? Quantity = null);
