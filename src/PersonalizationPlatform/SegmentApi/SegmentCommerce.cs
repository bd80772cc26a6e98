using System.Text.Json;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>What a track call's properties say of products, carts, orders and searches, by the names of the e-commerce spec (version 2).</summary>
internal static class SegmentCommerce
{
    /// <summary>Sums of more are beyond what is taken anyway, and must not overflow on the way there.</summary>
    private const decimal Most = 1e20m;

    /// <summary>Looking at products is looking at one of each, whatever quantity a product has elsewhere.</summary>
    private static readonly HashSet<string> Looks = new(StringComparer.Ordinal)
    {
        "productPageView", "Product Clicked", "Product List Viewed", "Product List Filtered", "searchRequestSent",
    };

    private static readonly HashSet<string> CartKinds = new(StringComparer.Ordinal) { "shoppingCartView", "startCheckout" };

    private static readonly HashSet<string> OrderKinds = new(
        EventKinds.All.Where(kind => kind.Type.StartsWith("commerce.backoffice", StringComparison.Ordinal)).Select(kind => kind.Name)
            .Concat([EventKinds.CompleteCheckout, EventKinds.OrderUpdated]),
        StringComparer.Ordinal);

    /// <summary>Properties of the event that stand beside those of its one product.</summary>
    private static readonly HashSet<string> OfEvent = new(StringComparer.Ordinal)
    {
        "cart_id", "checkout_id", "order_id", "wishlist_id", "wishlist_name", "list_id", "email",
    };

    /// <summary>What a product says by names of its own in an event; all its other members are kept as they are.</summary>
    private static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "id", "lineItemId", "SKU", "sku", "name", "quantity", "priceTotal", "discount", "discountAmount", "currency", "currencyCode", "image_url",
        "selectedOptions", "productCategories", "categories", "category", "category_id",
    };

    public static void Write(Utf8JsonWriter json, XdmNode properties, string kind)
    {
        WriteSearch(json, properties, kind);
        WriteCommerce(json, properties, kind);
        WriteLines(json, properties, kind);
    }

    private static void WriteSearch(Utf8JsonWriter json, XdmNode properties, string kind)
    {
        if (kind is not ("searchRequestSent" or "Product List Filtered"))
            return;
        json.WriteStartObject("siteSearch");
        json.WriteNode("query", properties["query"]);
        json.WriteStartArray("refinements");
        foreach (var filter in properties["filters"].Each())
        {
            json.WriteStartObject();
            json.WriteNode("attribute", filter["type"]);
            json.WriteNode("value", filter["value"]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCommerce(Utf8JsonWriter json, XdmNode properties, string kind)
    {
        json.WriteStartObject("commerce");
        json.WriteStartObject("cart");
        json.WriteNode("cartID", properties["cart_id"]);
        if (CartKinds.Contains(kind))
        {
            json.WriteNode("subtotal", properties["subtotal"]);
            json.WriteNode("grandTotal", properties.First("total", "value"));
            json.WriteNode("discountAmount", properties["discount"]);
            json.WriteNode("couponCode", properties["coupon"]);
            json.WriteNode("currencyCode", properties["currency"]);
        }
        else if (kind == "Coupon Applied")
        {
            json.WriteNode("couponCode", properties.First("coupon_name", "coupon_id"));
        }

        json.WriteEndObject();
        if (OrderKinds.Contains(kind))
            WriteOrder(json, properties, kind);
        json.WriteEndObject();
    }

    private static void WriteOrder(Utf8JsonWriter json, XdmNode properties, string kind)
    {
        var states = kind is EventKinds.CompleteCheckout or EventKinds.OrderUpdated or EventKinds.BackofficeOrderPlaced;
        json.WriteStartObject("order");
        json.WriteNode("purchaseID", properties["order_id"]);
        json.WriteNode("currencyCode", properties["currency"]);
        if (states)
        {
            WriteTotal(json, properties);
            json.WriteNode("taxAmount", properties["tax"]);
            json.WriteNode("discountAmount", properties["discount"]);
            if (kind == EventKinds.OrderUpdated)
                json.WriteNode("status", properties.First("status", "order_status"));
            if (properties.Text("payment_method") is { } method)
            {
                json.WriteStartArray("payments");
                json.WriteStartObject();
                json.WriteString("paymentType", method);
                json.WriteNode("paymentAmount", properties["total"]);
                json.WriteNode("currencyCode", properties["currency"]);
                json.WriteEndObject();
                json.WriteEndArray();
            }
        }
        else if (kind == EventKinds.OrderLineItemRefunded)
        {
            WriteRefund(json, properties);
        }

        json.WriteEndObject();
        if (!states)
            return;
        json.WriteNode("promotionID", properties["coupon"]);
        json.WriteStartObject("shipping");
        json.WriteNode("shippingAmount", properties["shipping"]);
        json.WriteNode("shippingMethod", properties["shipping_method"]);
        json.WriteEndObject();
    }

    /// <summary>As stated, else by its parts: revenue is what is left without shipping and tax before the discount, the subtotal after it.</summary>
    private static void WriteTotal(Utf8JsonWriter json, XdmNode properties)
    {
        var stated = properties.First("total");
        var goods = properties.Amount("revenue") is { } revenue ? revenue - (properties.Amount("discount") ?? 0) : properties.Amount("subtotal");
        if (!stated.Exists && goods is { } amount)
            json.WriteNumber("priceTotal", amount + (properties.Amount("shipping") ?? 0) + (properties.Amount("tax") ?? 0));
        else
            json.WriteNode("priceTotal", stated.Exists ? stated : properties.First("revenue", "subtotal", "value"));
    }

    /// <summary>A refund that names neither an amount nor products is of everything, so it closes the order.</summary>
    private static void WriteRefund(Utf8JsonWriter json, XdmNode properties)
    {
        var stated = properties.First("total", "revenue");
        decimal? lines = stated.Exists ? null : properties["products"].Each().Select(LineTotal).Aggregate((decimal?)null, (sum, line) => line is { } total ? (sum ?? 0) + Math.Clamp(total, -Most, Most) : sum);
        if (!stated.Exists && lines is null)
        {
            if (!properties["products"].Each().Any())
                json.WriteString("status", "closed");
            return;
        }

        json.WriteStartArray("refunds");
        json.WriteStartObject();
        json.WriteNode("refundAmount", stated);
        json.WriteAmount("refundAmount", lines);
        json.WriteNode("currencyCode", properties["currency"]);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>A list of products, else the one product that the event itself describes.</summary>
    private static void WriteLines(Utf8JsonWriter json, XdmNode properties, string kind)
    {
        var inline = properties["products"].IsScalar || !properties["products"].Exists;
        if (inline && !properties.First("sku", "product_id").Exists)
            return;
        json.WriteStartArray("productListItems");
        foreach (var product in inline ? [properties] : properties["products"].Each())
        {
            if (product.IsObject)
                WriteLine(json, product, inline, Looks.Contains(kind), properties);
        }

        json.WriteEndArray();
    }

    private static void WriteLine(Utf8JsonWriter json, XdmNode product, bool inline, bool look, XdmNode properties)
    {
        json.WriteStartObject();
        json.WriteNode("SKU", product.First("sku", "SKU", "product_id", "id"));
        json.WriteNode("name", product["name"]);
        if (!look)
            json.WriteNode("quantity", product["quantity"]);
        if (!look && LineTotal(product) is { } total)
            json.WriteNumber("priceTotal", total);
        else
            json.WriteNode("priceTotal", product["price"]);
        json.WriteNode("discountAmount", product["discount"]);
        json.WriteNode("currencyCode", product.First("currency") is { Exists: true } own ? own : properties["currency"]);
        json.WriteNode("productImageUrl", product["image_url"]);
        WriteCategories(json, product);
        foreach (var (name, value) in product.Members())
        {
            if (value.IsScalar && !Named.Contains(name) && !(inline && OfEvent.Contains(name)))
                json.WriteNode(name, value);
        }

        json.WriteEndObject();
    }

    /// <summary>A category is a name or a path, and is found by each part of the path.</summary>
    private static void WriteCategories(Utf8JsonWriter json, XdmNode product)
    {
        json.WriteStartArray("productCategories");
        if (product["category_id"].Exists)
        {
            json.WriteStartObject();
            json.WriteNode("categoryID", product["category_id"]);
            json.WriteEndObject();
        }

        foreach (var category in product["category"].Each())
        {
            if (category.AsText() is not { } path)
                continue;
            json.WriteStartObject();
            json.WriteString("categoryName", path);
            json.WriteString("categoryPath", path.Replace('>', '/'));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Price times quantity; null when either cannot be told, or is beyond what is taken anyway.</summary>
    private static decimal? LineTotal(XdmNode product) =>
        product.Amount("price") is not { } price ? null
        : !product["quantity"].Exists ? price
        : product.Amount("quantity") is { } quantity ? decimal.Round(price * quantity, XdmProblems.AmountDecimals)
        : null;
}
