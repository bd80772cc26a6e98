using System.Text.Json;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Reads what is asked of lists of further products. Bad values are 400 <c>related.invalid</c>, each with its path and code.</summary>
internal sealed class RelatedRequestReading(RelatedDecisionRequest request, CatalogSnapshot catalogue, Website website, bool isAdmin)
{
    private const int MaxCart = 10_000;

    /// <summary>Products of the cart whose rules are asked; the others are excluded all the same.</summary>
    public const int MaxCartViewed = 100;

    private readonly List<ProblemError> errors = [];

    /// <summary>The product viewed; null when none is named.</summary>
    public RequestedProduct? Product() =>
        request.Product is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } given
            ? RequestedProduct.Read(given, "$.product", catalogue, describable: true)
            : null;

    /// <summary>The SKUs in the cart, each once.</summary>
    public (IReadOnlyList<string> Lines, IReadOnlyList<string> Children) Cart()
    {
        var items = request.Cart?.Items ?? [];
        var children = items.SelectMany(Within).Take(MaxCart + 1).ToList();
        if (items.Count + children.Count > MaxCart)
            Fail("$.cart.items", "related.cart", $"At most {MaxCart} lines, with their children.");
        else if (items.Concat(children).Any(item => item?.Sku is not { Length: > 0 and <= 128 }))
            Fail("$.cart.items", "related.cart", "Every line has a sku of 1 to 128 characters.");
        Demand();
        return (Skus(items), Skus(children));
    }

    private static IEnumerable<RelatedCartItem?> Within(RelatedCartItem? item) => (item?.Children ?? []).SelectMany(child => Within(child).Prepend(child));

    private static IReadOnlyList<string> Skus(IEnumerable<RelatedCartItem?> items) => [.. items.Select(item => item!.Sku!).Distinct(StringComparer.Ordinal)];

    /// <summary>The lists asked for, each once, with how to fill them.</summary>
    public IReadOnlyList<RelatedList> Lists()
    {
        var names = new List<ProductList>();
        foreach (var (member, given) in new[] { ("list", request.List), ("lists", request.Lists), ("type", request.Type) })
        {
            if (given is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } json)
                continue;
            foreach (var name in json.ValueKind == JsonValueKind.Array ? [.. json.EnumerateArray()] : (JsonElement[])[json])
            {
                if (name.ValueKind == JsonValueKind.String && Word<ProductList>(name.GetString()!.TrimEnd('s', 'S')) is { } list)
                    names.Add(list);
                else
                    Fail("$." + member, "related.list", "This is related, upsell or crosssell, or a list of them.");
            }
        }

        if (request.Limit is < 0)
            Fail("$.limit", "related.limit", "limit is 0 or more.");
        if (names.Count == 0)
            names.Add(ProductList.Related);
        IReadOnlyList<RelatedList> lists = [.. names.Distinct().Select(Configured)];
        Demand();
        return lists;
    }

    private RelatedList Configured(ProductList list)
    {
        var settings = list switch
        {
            ProductList.Related => website.RelatedProducts.Related,
            ProductList.Upsell => website.RelatedProducts.UpSell,
            _ => website.RelatedProducts.CrossSell,
        };
        var config = isAdmin ? request.Config : null;
        if (config?.MaxPositions is < 0 or > 100)
            Fail("$.config.maxPositions", "related.config", "maxPositions is 0 to 100.");
        var show = config?.Show is { } shown ? Word<ShownProducts>(shown) : settings.Show;
        if (show is null)
            Fail("$.config.show", "related.config", "show is both, selected or ruleBased.");
        var rotation = config?.Rotation is { } rotated ? Word<ListRotation>(rotated) : settings.Rotation;
        if (rotation is null)
            Fail("$.config.rotation", "related.config", "rotation is priorityThenId, priorityThenRandom or weightedRandom.");
        var max = config?.MaxPositions ?? settings.Max;
        return new(list, Math.Min(max, request.Limit ?? max), show ?? settings.Show, rotation ?? settings.Rotation);
    }

    /// <summary><c>priority_then_id</c> and <c>up-sell</c> are meant as well.</summary>
    private static T? Word<T>(string text)
        where T : struct, Enum
    {
        var plain = text.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        return plain.Length > 0 && char.IsAsciiLetter(plain[0]) && Enum.TryParse<T>(plain, true, out var word) ? word : null;
    }

    private void Fail(string path, string code, string detail) => errors.Add(new(path, code, detail));

    private void Demand()
    {
        if (errors.Count > 0)
            throw new ProblemException(400, "related.invalid", "The request is not right in the places listed.", [.. errors.Distinct()]);
    }
}
