using System.Text.Json;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Catalog;

/// <summary>What a product must keep to, whoever sends it.</summary>
internal static class ProductChecks
{
    private const int MaxLinks = 5_000;

    /// <summary>Far above any price, far below what sums of prices could not hold.</summary>
    private const decimal MaxAmount = 1_000_000_000_000m;

    public static void Check(ProductRequest product, string? addressed, List<ProblemError> errors)
    {
        CheckSku(product, addressed, errors);
        if (string.IsNullOrWhiteSpace(product.Name) || product.Name.Length > 512)
            errors.Add(new("$.name", "product.name", "name must have 1 to 512 characters."));
        if (product.Currency is not null && (product.Currency.Length != 3 || product.Currency.AsSpan().ContainsAnyExceptInRange('A', 'Z')))
            errors.Add(new("$.currency", "product.currency", "currency must be an ISO 4217 code such as EUR."));
        if (product.TaxClass is { Length: 0 or > 255 })
            errors.Add(new("$.taxClass", "product.taxClass", "taxClass must have 1 to 255 characters."));
        if (product.ExternalId is { Length: 0 or > 128 })
            errors.Add(new("$.externalId", "product.externalId", "externalId must have 1 to 128 characters."));
        if (product.Number < 0)
            errors.Add(new("$.number", "product.number", "number must not be negative."));
        CheckPrices(product, errors);
        CheckList(product.Categories, "categories", "product.categories", "product.category", 500, 1024, errors);
        CheckList(product.Websites, "websites", "product.websites", "product.website", 1000, 64, errors);
        CheckList(product.Children, "children", "product.children", "product.link", MaxLinks, 128, errors);
        CheckList(product.ChildExternalIds, "childExternalIds", "product.children", "product.link", MaxLinks, 128, errors);
        CheckList(product.Related, "related", "product.links", "product.link", MaxLinks, 128, errors);
        CheckList(product.UpSells, "upSells", "product.links", "product.link", MaxLinks, 128, errors);
        CheckList(product.CrossSells, "crossSells", "product.links", "product.link", MaxLinks, 128, errors);
        CheckAttributes(product.Attributes, errors);
    }

    private static void CheckSku(ProductRequest product, string? addressed, List<ProblemError> errors)
    {
        var sku = addressed ?? product.Sku ?? "";
        if (sku.Length is 0 or > 128 || sku.Contains('\0'))
            errors.Add(new("$.sku", "product.sku", "sku must have 1 to 128 characters."));
        else if (product.Sku is not null && product.Sku != sku)
            errors.Add(new("$.sku", "product.sku", "sku must be the one in the address."));
        if (product.Children?.Contains(sku) == true)
            errors.Add(new("$.children", "product.circle", "A product cannot be made of itself."));
    }

    private static void CheckPrices(ProductRequest product, List<ProblemError> errors)
    {
        Amount(product.Price, "price");
        Amount(product.SpecialPrice, "specialPrice");
        Amount(product.Weight, "weight");
        if (product.SpecialFrom > product.SpecialTo)
            errors.Add(new("$.specialTo", "product.specialTo", "specialTo must not be before specialFrom."));
        if (product.Stock?.Quantity is < -MaxAmount or > MaxAmount)
            errors.Add(new("$.stock.quantity", "product.stock", "quantity must lie between -1,000,000,000,000 and 1,000,000,000,000."));
        if (product.TierPrices?.Count > 1000)
            errors.Add(new("$.tierPrices", "product.tierPrices", "At most 1,000 tier prices."));
        for (var i = 0; i < Math.Min(product.TierPrices?.Count ?? 0, 1000); i++)
        {
            var path = $"tierPrices[{i}]";
            if (product.TierPrices![i] is not { } tier)
            {
                errors.Add(new("$." + path, "json.type", "A tier price must be an object."));
                continue;
            }

            Amount(tier.Price, path + ".price");
            if (tier.Quantity is <= 0 or > MaxAmount)
                errors.Add(new($"$.{path}.quantity", "product.tierQuantity", "quantity must be greater than 0."));
            if (tier.Percentage is < 0 or > 100)
                errors.Add(new($"$.{path}.percentage", "product.tierPercentage", "percentage must be 0 to 100."));
            if (tier.Price is null == tier.Percentage is null)
                errors.Add(new("$." + path, "product.tierPrice", "A tier price has either a price or a percentage."));
            if (tier.CustomerGroup is < 0 or > 31_999)
                errors.Add(new($"$.{path}.customerGroup", "product.tierGroup", "customerGroup must be 0 to 31999, or left out for all."));
            if (tier.Website is { Length: 0 or > 64 })
                errors.Add(new($"$.{path}.website", "product.website", "website must have 1 to 64 characters, or be left out for all."));
        }

        void Amount(decimal? amount, string member)
        {
            if (amount < 0)
                errors.Add(new("$." + member, "product." + (member.Contains('[') ? "tierPrice" : member), $"{member} must not be negative."));
            else if (amount > MaxAmount)
                errors.Add(new("$." + member, "product." + (member.Contains('[') ? "tierPrice" : member), $"{member} must be at most 1,000,000,000,000."));
        }
    }

    private static void CheckList(IReadOnlyList<string>? given, string member, string tooMany, string wrong, int count, int length, List<ProblemError> errors)
    {
        if (given?.Count > count)
            errors.Add(new("$." + member, tooMany, $"At most {count} {member}."));
        for (var i = 0; i < Math.Min(given?.Count ?? 0, count); i++)
        {
            if (string.IsNullOrWhiteSpace(given![i]) || given[i].Length > length)
                errors.Add(new($"$.{member}[{i}]", wrong, $"Each of {member} must have 1 to {length} characters."));
        }
    }

    private static void CheckAttributes(IReadOnlyDictionary<string, JsonElement>? attributes, List<ProblemError> errors)
    {
        if (attributes?.Count > 1000)
            errors.Add(new("$.attributes", "product.attributes", "At most 1,000 attributes."));
        foreach (var (name, value) in attributes ?? new Dictionary<string, JsonElement>())
        {
            if (name.Length == 0 || !IsScalar(value) && !(value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(IsScalar)))
                errors.Add(new($"$.attributes.{name}", "product.attribute", "An attribute must be a text, a number, true, false, or a list of these."));
        }
    }

    private static bool IsScalar(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null
        || (value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out _));
}
