using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Tests.Activation.CartRules;

/// <summary>Says the conditions of the neutral cases in our own JSON.</summary>
internal static class NeutralCondition
{
    public static JsonObject Said(JsonNode node) => (string)node["type"]! switch
    {
        "combine" => Group(node),
        "cart" => Compare(node, CartField((string)node["attribute"]!)),
        "product" => Product(node),
        "found" => Found(node),
        "subselect" => Total(node),
        var membership => Member(node, membership),
    };

    private static JsonObject Group(JsonNode node)
    {
        var all = (string?)node["aggregator"] != "any";
        var match = (bool?)node["value"] == false ? all ? "none" : "notAll" : all ? "all" : "any";
        return Of(match, [.. node["conditions"]!.AsArray().Select(c => Said(c!))]);
    }

    /// <summary>The conditions one and the same line has to meet.</summary>
    private static JsonObject Lines(JsonNode node) => Of((string?)node["aggregator"] == "any" ? "any" : "all", [.. node["conditions"]!.AsArray().Select(c => Said(c!))]);

    private static JsonObject Found(JsonNode node)
    {
        var any = new JsonObject { ["type"] = "anyItem", ["of"] = Lines(node) };
        return (bool?)node["value"] == false ? Of("none", any) : any;
    }

    private static JsonObject Total(JsonNode node) => node["conditions"]!.AsArray().Count == 0 ? Of("none", Of("all")) : new JsonObject
    {
        ["type"] = "itemsTotal",
        ["of"] = Lines(node),
        ["measure"] = (string)node["attribute"]! switch { "qty" => "quantity", "base_row_total" => "amount", _ => "amountInclTax" },
        ["operator"] = Operator((string)node["operator"]!),
        ["value"] = node["value"]!.DeepClone(),
    };

    private static JsonObject Product(JsonNode node)
    {
        var compare = Compare(node, ItemField((string)node["attribute"]!));
        if (node["scope"] is { } scope)
            compare["scope"] = scope.DeepClone();
        return compare;
    }

    private static JsonObject Compare(JsonNode node, string field) => new()
    {
        ["type"] = "compare",
        ["field"] = field,
        ["operator"] = Operator((string)node["operator"]!),
        ["value"] = node["value"]!.DeepClone(),
    };

    private static JsonObject Member(JsonNode node, string type)
    {
        string[] ids = node["value"] is JsonArray list
            ? [.. list.Select(v => v!.ToString())]
            : node["value"]!.ToString().Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var leaf = type == "segment" ? "inSegment" : "inAudience";
        return Of((string)node["operator"]! is "!=" or "!()" ? "none" : "any", [.. ids.Select(id => new JsonObject { ["type"] = leaf, ["external"] = id })]);
    }

    private static JsonObject Of(string match, params IReadOnlyList<JsonObject> of) =>
        new() { ["type"] = "group", ["match"] = match, ["of"] = new JsonArray([.. of]) };

    private static string Operator(string sign) => sign switch
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
        _ => throw new ArgumentException(sign),
    };

    private static string CartField(string attribute) => attribute switch
    {
        "base_subtotal" => "cart.subtotal",
        "base_subtotal_with_discount" => "cart.subtotalWithDiscount",
        "base_subtotal_total_incl_tax" => "cart.subtotalInclTax",
        "total_qty" => "cart.quantity",
        "weight" => "cart.weight",
        "payment_method" => "cart.paymentMethod",
        "shipping_method" => "cart.shippingMethod",
        "postcode" => "cart.address.postalCode",
        "region" => "cart.address.region",
        "region_id" => "cart.address.regionId",
        "country_id" => "cart.address.country",
        _ => throw new ArgumentException(attribute),
    };

    private static string ItemField(string attribute) => attribute switch
    {
        "sku" => "item.sku",
        "quote_item_price" => "item.price",
        "quote_item_qty" => "item.quantity",
        "quote_item_row_total" => "item.rowTotal",
        "category_ids" => "item.categories",
        "type_id" => "item.type",
        "weight" => "item.weight",
        _ => "item.attributes." + attribute,
    };
}
