using System.Text.Json.Serialization;

namespace PersonalizationPlatform.Websites;

/// <summary>How a website fills its three lists of further products.</summary>
public sealed record RelatedProductSettings
{
    public static readonly RelatedProductSettings Default = new();

    /// <summary>Beside the product viewed; 6 at most unless said otherwise.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public ProductListSettings Related { get; init; } = new() { Max = 6 };

    /// <summary>Instead of the product viewed; 8 at most.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public ProductListSettings UpSell { get; init; } = new() { Max = 8 };

    /// <summary>In the cart; 5 at most.</summary>
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public ProductListSettings CrossSell { get; init; } = new() { Max = 5 };
}

/// <summary>How one list of further products is filled.</summary>
public sealed record ProductListSettings
{
    /// <summary>Products shown, 0 to 100.</summary>
    public int Max { get; init; }
    public ShownProducts Show { get; init; }
    public ListRotation Rotation { get; init; }
}

/// <summary>Where the products of a list come from.</summary>
public enum ShownProducts
{
    /// <summary>Those linked by hand first, then those of rules.</summary>
    Both,

    /// <summary>Only those linked by hand.</summary>
    Selected,

    /// <summary>Only those of rules.</summary>
    RuleBased,
}

/// <summary>In which order the products of rules come.</summary>
public enum ListRotation
{
    /// <summary>By the rule's priority, then by the product's number.</summary>
    PriorityThenId,

    /// <summary>By the rule's priority, at random inside it.</summary>
    PriorityThenRandom,

    /// <summary>At random; products of rules of higher priority are more likely.</summary>
    WeightedRandom,
}
