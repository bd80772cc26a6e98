using DotLiquid;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Shoppers;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>Everything a template may speak of; there is nothing behind it that a template could reach.</summary>
public sealed record TemplateModel
{
    /// <summary>Null = nothing is known, or must not be told: every field of the shopper is then empty.</summary>
    public ShopperFields? Shopper { get; init; }

    /// <summary>The product that is being viewed, if any.</summary>
    public ProductFact? Product { get; init; }

    /// <summary>Keys of the segments the shopper is in.</summary>
    public IReadOnlyList<string> Segments { get; init; } = [];
    public string Website { get; init; } = "base";
    public string? StoreView { get; init; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; init; }
    public DateTimeOffset Now { get; init; }

    internal Hash ToHash() => Hash.FromDictionary(new Dictionary<string, object?>
    {
        ["shopper"] = Shopper is null ? LiquidObject.Empty : new LiquidObject
        {
            ["firstName"] = Shopper.FirstName,
            ["lastName"] = Shopper.LastName,
            ["city"] = Shopper.City,
            ["country"] = Shopper.Country,
            ["group"] = Shopper.Group,
            ["attributes"] = ObjectOf(Shopper.Attributes),
        },
        ["product"] = Product is null ? LiquidObject.Empty : new LiquidObject
        {
            ["sku"] = Product.Sku,
            ["name"] = Product.Name,
            ["type"] = Product.Type,
            ["price"] = Product.Price,
            ["currency"] = Product.Currency ?? Currency,
            ["categories"] = Product.Categories.ToList<object>(),
            ["attributes"] = ObjectOf(Product.Attributes),
        },
        ["segments"] = Segments.ToList<object>(),
        ["store"] = new LiquidObject { ["website"] = Website, ["storeView"] = StoreView, ["currency"] = Currency },
        ["now"] = Now.UtcDateTime,
    });

    /// <summary>A name with dots (<c>loyalty.tier</c>) is found as it is written in a template: part by part.</summary>
    private static LiquidObject ObjectOf(IReadOnlyDictionary<string, FieldValue> values)
    {
        var root = new LiquidObject();
        foreach (var (name, value) in values.OrderBy(pair => pair.Key.Length))
        {
            LiquidObject? at = root;
            var parts = name.Split('.');
            for (var i = 0; at is not null && i < parts.Length - 1; i++)
            {
                at[parts[i]] ??= new LiquidObject();
                at = at[parts[i]] as LiquidObject;
            }

            // What has a value of its own has no parts.
            if (at is not null)
                at[parts[^1]] = ValueOf(value);
        }

        return root;
    }

    private static object? ValueOf(FieldValue value) => value switch
    {
        FieldValue.Text text => text.Value,
        FieldValue.Number number => number.Value,
        FieldValue.Truth truth => truth.Value,
        FieldValue.Instant instant => instant.Value.UtcDateTime,
        FieldValue.Many many => many.Values.Select(ValueOf).OfType<object>().ToList(),
        _ => null,
    };
}
