using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Reads a cart: checks and bounds it, reporting everything wrong at once, and adds what the catalogue knows of its products.</summary>
/// <param name="request">As it came.</param>
/// <param name="website">Where it is.</param>
/// <param name="catalog">The products.</param>
/// <param name="price">A product's price in this cart, for lines that bring none; null = not known.</param>
internal sealed class CartReading(CartRequest request, Website website, CatalogSnapshot catalog, Func<CatalogProduct, string, decimal, decimal?> price)
{
    /// <summary>Lines of a cart at most, children included.</summary>
    public const int MaxLines = 10_000;

    private const int MaxErrors = 100;
    private const int MaxLevels = 2;
    private const int MaxText = 512;
    private const int MaxCategories = 500;
    private const int MaxCategoryParents = 10_000;

    /// <summary>Categories of all lines together, with those that contain them.</summary>
    private const int MaxAllCategories = 1_000_000;

    /// <summary>No price, and no price times quantity, is further from 0.</summary>
    private const decimal MaxAmount = 1e12m;
    private const decimal MaxQuantity = 1e9m;

    private readonly List<ProblemError> errors = [];
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private readonly CartCategories categories = new(request.CategoryParents, catalog.Categories);
    private string currency = website.Currency;
    private int lines;
    private long named;

    /// <summary>400 <c>cart.invalid</c>, with what is wrong where.</summary>
    public CartInput Read()
    {
        if (request.Currency is { } given)
        {
            if (given.Length == 3 && given.All(char.IsAsciiLetter))
                currency = given.ToUpperInvariant();
            else
                Fail("$.cart.currency", "cart.currency", "This must be the three letters of a currency, such as USD.");
        }

        CheckText(request.PaymentMethod, "$.cart.paymentMethod");
        CheckText(request.Shipping?.Method, "$.cart.shipping.method");
        if (request.Address is { } place)
        {
            foreach (var text in new[] { place.Country, place.AdobeCountry, place.Region, place.RegionId, place.AdobeRegionId, place.PostalCode, place.AdobePostcode })
                CheckText(text, "$.cart.address");
        }

        if (request.CategoryParents?.Count > MaxCategoryParents)
            Fail("$.cart.categoryParents", "cart.categoryParents", $"At most {MaxCategoryParents} categories.");
        if (request.Items is null)
            Fail("$.cart.items", "cart.items", "Give the lines of the cart, or an empty list.");
        var items = errors.Count == 0 ? Lines(request.Items, "$.cart.items", 0, 1) : [];
        var cart = new CartInput
        {
            Currency = currency,
            Lines = items,
            Shipping = Shipping(request.Shipping),
            Address = request.Address is { } address
                ? new Address { Country = address.Country ?? address.AdobeCountry, State = address.Region, PostalCode = address.PostalCode ?? address.AdobePostcode }
                : null,
            RegionId = request.Address?.RegionId ?? request.Address?.AdobeRegionId,
            PaymentMethod = request.PaymentMethod,
        };
        return errors.Count == 0 ? cart : throw new ProblemException(400, "cart.invalid", "The cart is not right in the places listed.", errors);
    }

    private List<CartInputLine> Lines(IReadOnlyList<CartLineRequest?>? given, string path, int level, decimal units)
    {
        var read = new List<CartInputLine>(given?.Count ?? 0);
        for (var i = 0; i < given?.Count && errors.Count < MaxErrors; i++)
        {
            if (++lines > MaxLines)
            {
                Fail(path, "cart.tooManyLines", $"A cart has at most {MaxLines} lines, children included.");
                break;
            }

            if (given[i] is { } line)
                read.Add(Line(line, $"{path}[{i}]", level, units));
            else
                Fail($"{path}[{i}]", "cart.item", "This must be a line.");
        }

        return read;
    }

    private CartInputLine Line(CartLineRequest line, string path, int level, decimal units)
    {
        if (line.Id is not { Length: > 0 and <= MaxText } id)
            Fail(path + ".id", "cart.itemId", $"A line has an id of 1 to {MaxText} characters.");
        else if (!ids.Add(id))
            Fail(path + ".id", "cart.duplicateItem", "Another line has this id.");
        if (line.Sku is not { Length: > 0 and <= MaxText })
            Fail(path + ".sku", "cart.sku", $"A line has a SKU of 1 to {MaxText} characters.");
        CheckText(line.Name, path + ".name");
        CheckText(line.Type, path + ".type");
        var product = line.Sku is { } sku ? catalog.Find(sku) : null;
        var quantity = line.Quantity ?? 1;
        if (quantity is <= 0 or > MaxQuantity || decimal.Round(quantity, 6) != quantity || units * quantity > MaxQuantity)
        {
            Fail(path + ".quantity", "cart.quantity", $"quantity must be greater than 0 and at most {MaxQuantity:0} with all units of its parent, with at most 6 decimals.");
            quantity = 1;
        }

        units *= quantity;
        var attributes = CartAttributes.Of(line.Attributes, product, path + ".attributes", errors);
        // What a line is called and the like may stand among its attributes, as a product's does in Adobe Commerce.
        FieldValue? Own(string name) => line.Attributes?.ContainsKey(name) == true ? attributes.GetValueOrDefault(name) : null;
        var weight = line.Weight ?? (Own("weight") is { } heavy && FieldValues.TryNumber(heavy, out var number) ? number : null);
        if (weight is < 0 or > MaxQuantity)
            Fail(path + ".weight", "cart.weight", $"weight must be 0 to {MaxQuantity:0}.");
        Check(line.DiscountPrice, path + ".discountPrice", "cart.discountPrice", units);
        Check(line.RowTotalInclTax, path + ".rowTotalInclTax", "cart.rowTotalInclTax", 1);
        if (line.Children is { Count: > 0 } && level == MaxLevels)
            Fail(path + ".children", "cart.tooDeep", $"Children nest at most {MaxLevels} levels.");
        var unitPrice = Price(line, product, path, level, units);
        return new CartInputLine
        {
            Id = line.Id ?? "",
            Sku = line.Sku ?? "",
            Name = line.Name ?? (Own("name") as FieldValue.Text)?.Value ?? product?.Name,
            Price = unitPrice,
            Quantity = quantity,
            Weight = weight ?? product?.Weight ?? 0,
            Type = line.Type ?? (Own("type_id") as FieldValue.Text)?.Value ?? product?.Type,
            Categories = line.Categories is { } given ? Categories(given, path) : product?.Categories ?? [],
            Attributes = attributes,
            Said = CartAttributes.SaidIn(line.Attributes),
            Children = level == MaxLevels ? [] : Lines(line.Children, path + ".children", level + 1, units),
            ChildrenCalculated = line.ChildrenCalculated ?? false,
            NoDiscount = line.NoDiscount ?? false,
            DiscountPrice = line.DiscountPrice,
            RowTotalInclTax = line.RowTotalInclTax,
        };
    }

    private IReadOnlyList<string> Categories(IReadOnlyList<string> given, string path)
    {
        if (given.Count > MaxCategories || given.Any(category => category?.Length > MaxText))
        {
            Fail(path + ".categories", "cart.categories", $"A line names at most {MaxCategories} categories, of at most {MaxText} characters each.");
            return [];
        }

        var all = categories.Of(given);
        if ((named += all.Count) > MaxAllCategories)
            Fail(path + ".categories", "cart.categories", $"The lines of a cart are in at most {MaxAllCategories} categories altogether, with those that contain them.");
        return all;
    }

    private decimal Price(CartLineRequest line, CatalogProduct? product, string path, int level, decimal units)
    {
        if (line.Price is { } given)
        {
            Check(given, path + ".price", "cart.price", units);
            return given;
        }

        if (line.ChildrenCalculated == true && line.Children is { Count: > 0 })
            return 0;
        if (product is not null && price(product, currency, units) is { } known)
        {
            Check(known, path + ".price", "cart.price", units);
            return known;
        }

        // What a variant costs is on its parent.
        if (level > 0)
            return 0;
        Fail(path + ".price", "cart.price", product is null
            ? "The catalogue does not know this SKU, so the line has to bring its price."
            : "The catalogue has no price of this product in this currency, so the line has to bring it.");
        return 0;
    }

    private CartInputShipping? Shipping(CartShippingRequest? shipping)
    {
        if (shipping is null)
            return null;
        if (shipping is { Amount: not null, AmountPerItem: not null })
            Fail("$.cart.shipping.amountPerItem", "cart.shipping", "Give either amount or amountPerItem.");
        CheckShipping(shipping.Amount, "amount");
        CheckShipping(shipping.AmountPerItem, "amountPerItem");
        CheckShipping(shipping.DiscountBasis, "discountBasis");
        return new(shipping.Method, shipping.AmountPerItem ?? shipping.Amount ?? 0, shipping.AmountPerItem is not null, shipping.DiscountBasis);
    }

    private void CheckShipping(decimal? amount, string member)
    {
        if (amount is < 0 or > 1e9m || (amount is { } given && decimal.Round(given, 6) != given))
            Fail("$.cart.shipping." + member, "cart.shipping", $"{member} must be 0 to 1000000000, with at most 6 decimals.");
    }

    private void CheckText(string? text, string path)
    {
        if (text?.Length > MaxText)
            Fail(path, "cart.text", $"At most {MaxText} characters.");
    }

    private void Check(decimal? amount, string path, string code, decimal units)
    {
        if (amount is not { } given)
            return;
        if (Math.Abs(given) > MaxAmount || Math.Abs(given) * units > MaxAmount)
            Fail(path, code, $"This, times the units, must be between -{MaxAmount:0} and {MaxAmount:0}.");
        else if (decimal.Round(given, 6) != given)
            Fail(path, code, "At most 6 decimals.");
    }

    private void Fail(string path, string code, string detail)
    {
        if (errors.Count < MaxErrors)
            errors.Add(new(path, code, detail));
    }
}
