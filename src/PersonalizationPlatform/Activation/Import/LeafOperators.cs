using System.Text.Json;
using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>What an attribute of Adobe Commerce is called here.</summary>
/// <param name="IsCategory">Every operator on categories means "in common with a list".</param>
/// <param name="IsAttribute">An attribute of the shop, whose type is not known here.</param>
/// <param name="IsNumber">It never equals an empty text.</param>
internal sealed record LeafField(string Name, bool IsCategory = false, bool IsAttribute = false, bool IsNumber = false);

/// <summary>The attribute codes of sales rules.</summary>
internal static class LeafFields
{
    public static LeafField? OfCart(string code) => code switch
    {
        "base_subtotal" => new("cart.subtotal", IsNumber: true),
        "base_subtotal_with_discount" => new("cart.subtotalWithDiscount", IsNumber: true),
        "base_subtotal_total_incl_tax" => new("cart.subtotalInclTax", IsNumber: true),
        "total_qty" => new("cart.quantity", IsNumber: true),
        "weight" => new("cart.weight", IsNumber: true),
        "payment_method" => new("cart.paymentMethod"),
        "shipping_method" => new("cart.shippingMethod"),
        "postcode" => new("cart.address.postalCode"),
        "region" => new("cart.address.region"),
        "region_id" => new("cart.address.regionId"),
        "country_id" => new("cart.address.country"),
        _ => null,
    };

    public static LeafField OfLine(string code) => code switch
    {
        "sku" => new("item.sku"),
        "name" => new("item.name"),
        "quote_item_price" => new("item.price", IsNumber: true),
        "quote_item_qty" => new("item.quantity", IsNumber: true),
        "quote_item_row_total" => new("item.rowTotal", IsNumber: true),
        "category_ids" => new("item.categories", IsCategory: true),
        "type_id" => new("item.type"),
        "weight" => new("item.weight", IsNumber: true),
        _ => new("item.attributes." + code, IsAttribute: true),
    };
}

/// <summary>The operators of Adobe Commerce's conditions, and which of their values are lists.</summary>
internal static class LeafOperators
{
    /// <summary>What the operator is called here; null = unknown.</summary>
    public static string? Word(string sign) => sign switch
    {
        "==" => "equals",
        "!=" => "notEquals",
        ">=" => "atLeast",
        ">" => "greaterThan",
        "<=" => "atMost",
        "<" => "lessThan",
        "{}" => "contains",
        "!{}" => "notContains",
        "()" => "oneOf",
        "!()" => "notOneOf",
        "<=>" => "missing",
        _ => null,
    };

    /// <summary>
    /// Operator and value of a comparison. "One of" and everything about categories takes a list. Elsewhere a text stays one: whether it
    /// lists the options of a multiple-select attribute shows beside a line's value. Only numbers of options that an attribute contains are
    /// a list always, for shops also write such an attribute as one text. <c>never</c> and <c>always</c> stand for the empty list.
    /// </summary>
    public static (string Operator, JsonNode? Value) Say(string word, JsonElement? json, LeafField field)
    {
        if (word == "missing")
            return (word, null);
        if (word is "atLeast" or "greaterThan" or "atMost" or "lessThan")
            return (word, AdobeValue.Scalar(json) ?? "");
        var negative = word.StartsWith("not", StringComparison.Ordinal);
        var list = AdobeValue.Texts(json);
        var text = AdobeValue.Text(json);
        if (word is "oneOf" or "notOneOf" || field.IsCategory || AdobeValue.Elements(json) is not null)
            return list.Count == 0 ? (negative ? "always" : "never", null) : (word, Many(list));
        if (string.IsNullOrEmpty(text))
        {
            // An empty text is what a missing value looks like in Adobe Commerce; it is part of every text.
            if (field.IsNumber)
                return (word, "");
            return word switch
            {
                "equals" => ("missing", null),
                "notEquals" => ("exists", null),
                _ => (negative ? "never" : "always", null),
            };
        }

        return field.IsAttribute && word is "contains" or "notContains" && list.Count > 1 && list.All(piece => piece.All(char.IsAsciiDigit)) ? (word, Many(list)) : (word, text);
    }

    private static JsonArray Many(IReadOnlyList<string> list) => [.. list.Select(piece => (JsonNode)piece)];
}
