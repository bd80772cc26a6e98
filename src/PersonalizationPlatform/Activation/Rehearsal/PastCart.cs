using System.Globalization;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>The cart an order was made of, as far as the order tells: prices are the order's, what products are is the catalogue's today.</summary>
internal static class PastCart
{
    /// <summary>Null when no line says what it cost and how many there were.</summary>
    public static CartInput? Of(Order order, CatalogSnapshot catalogue, string currency)
    {
        var lines = new List<CartInputLine>(order.Items.Count);
        foreach (var item in order.Items)
        {
            if (item.Sku is not { Length: > 0 } sku || (item.Quantity ?? 1) is not (> 0 and < 1e9m) || item.Total is not (>= 0 and < 1e12m))
                continue;
            var quantity = item.Quantity ?? 1;
            var product = catalogue.Find(sku);
            lines.Add(new()
            {
                Id = lines.Count.ToString(CultureInfo.InvariantCulture),
                Sku = sku,
                // What an event states is the line's total before discount.
                Price = item.Total.Value / quantity,
                Quantity = quantity,
                Weight = product?.Weight ?? 0,
                Type = product?.Type,
                Categories = product is null ? item.Categories : [.. item.Categories.Union(product.Categories, StringComparer.OrdinalIgnoreCase)],
                Attributes = Attributes(item, product),
            });
        }

        return lines.Count == 0 ? null : new()
        {
            Currency = currency,
            Lines = lines,
            Shipping = order.ShippingAmount is { } amount and >= 0 ? new(order.ShippingMethod, amount, PerItem: false, DiscountBasis: null) : null,
            Address = order.ShippingAddress ?? order.BillingAddress,
            PaymentMethod = order.PaymentMethod,
        };
    }

    private static Dictionary<string, FieldValue> Attributes(LineItem item, CatalogProduct? product)
    {
        var attributes = new Dictionary<string, FieldValue>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in product?.Attributes ?? new Dictionary<string, FieldValue>())
            attributes[name] = value;
        foreach (var (name, value) in item.Attributes)
            attributes[name] = new FieldValue.Text(value);
        return attributes;
    }
}
