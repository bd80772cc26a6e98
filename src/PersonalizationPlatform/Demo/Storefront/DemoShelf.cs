using PersonalizationPlatform.Activation.CatalogRules;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Catalog;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>A product as the storefront shows it.</summary>
/// <param name="Price">What it costs today.</param>
/// <param name="Regular">What it costs otherwise, where that is more.</param>
/// <param name="Label">Its brand.</param>
public sealed record ShelvedProduct(
    string Sku, string Name, decimal Price, decimal? Regular, string? Label, IReadOnlyList<string> Categories, IReadOnlyList<string> Colours);

/// <summary>The demo's own products, at the prices that hold in the catalogue now; what a merchant adds beside them is not shown.</summary>
internal sealed class DemoShelf(LiveCatalog catalogue, CatalogPrices prices)
{
    public async Task<IReadOnlyList<ShelvedProduct>> ReadAsync(DecisionReader reader, int customerGroup, CancellationToken cancellationToken)
    {
        var ground = await reader.ReadAsync(null, null, cancellationToken);
        var snapshot = await catalogue.CurrentAsync(cancellationToken);
        var shelf = new List<ShelvedProduct>();
        foreach (var described in DemoContent.Products)
        {
            if (snapshot.Find(described.Sku!) is not { Enabled: true, Visible: true } product)
                continue;
            var price = prices.Of(ground.Live, snapshot, product, ground.Website, customerGroup, ground.Day);
            if (price.Final is { } final)
                shelf.Add(new(product.Sku, product.Name ?? product.Sku, final, price.Regular > final ? price.Regular : null, Texts(described, "brand").FirstOrDefault(), described.Categories ?? [], Texts(described, "colour")));
        }

        return shelf;
    }

    private static IReadOnlyList<string> Texts(Catalog.ProductRequest product, string attribute) =>
        product.Attributes?.TryGetValue(attribute, out var value) != true ? []
        : value.ValueKind == System.Text.Json.JsonValueKind.Array ? [.. value.EnumerateArray().Select(text => text.ToString())] : [value.ToString()];
}
