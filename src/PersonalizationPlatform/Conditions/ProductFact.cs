namespace PersonalizationPlatform.Conditions;

/// <summary>A product of the catalogue as conditions see it (<c>product.*</c>): catalogue rules and related products. Immutable.</summary>
public record ProductFact
{
    public required string Sku { get; init; }
    public string? Name { get; init; }

    /// <summary>simple, configurable, bundle, grouped, virtual, downloadable.</summary>
    public string Type { get; init; } = "simple";

    /// <summary>Regular price.</summary>
    public decimal? Price { get; init; }

    /// <summary>ISO 4217; null = the website's.</summary>
    public string? Currency { get; init; }

    /// <summary>Ids, names and path parts of its categories and of all that contain them.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Ids of the categories it is assigned to itself.</summary>
    public IReadOnlyList<string> OwnCategories { get; init; } = [];

    /// <summary>Ids of the categories that contain those, at any height; one of its own is among them only if it contains another of its own.</summary>
    public IReadOnlyList<string> ContainingCategories { get; init; } = [];

    /// <summary>By name, in any case.</summary>
    public IReadOnlyDictionary<string, FieldValue> Attributes { get; init; } = new Dictionary<string, FieldValue>();
}
