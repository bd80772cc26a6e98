using System.Globalization;
using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>A case of <c>tests/vectors/cart-rules.json</c>, its rules as Adobe Commerce's REST API returns them and its cart as a decision asks.</summary>
internal static class AdobeCase
{
    private const string Prefix = @"Magento\SalesRule\Model\Rule\Condition\";

    public static JsonObject Import(JsonNode vector)
    {
        var coupons = new JsonArray();
        foreach (var rule in vector["rules"]!.AsArray())
        {
            var codes = rule!["couponCodes"]?.AsArray() ?? [];
            for (var i = 0; i < codes.Count; i++)
            {
                coupons.Add(new JsonObject
                {
                    ["coupon_id"] = (100 * (int)rule["id"]!) + i,
                    ["rule_id"] = rule["id"]!.DeepClone(),
                    ["code"] = codes[i]!.DeepClone(),
                    ["usage_limit"] = (int?)rule["usesPerCoupon"] ?? 0,
                    ["usage_per_customer"] = (int?)rule["couponUsesPerCustomer"] ?? 0,
                    ["times_used"] = 0,
                    ["is_primary"] = i == 0,
                    ["type"] = (string?)rule["couponType"] == "auto" ? 1 : 0,
                });
            }
        }

        return new()
        {
            ["salesRules"] = new JsonObject
            {
                ["items"] = new JsonArray([.. vector["rules"]!.AsArray().Select(rule => Rule(rule!))]),
                ["search_criteria"] = new JsonObject { ["filter_groups"] = new JsonArray() },
                ["total_count"] = vector["rules"]!.AsArray().Count,
            },
            ["coupons"] = new JsonObject { ["items"] = coupons, ["total_count"] = coupons.Count },
        };
    }

    public static JsonObject Rule(JsonNode rule) => new()
    {
        ["rule_id"] = rule["id"]!.DeepClone(),
        ["name"] = $"Rule {rule["id"]}",
        ["store_labels"] = new JsonArray(),
        ["description"] = "A case",
        ["website_ids"] = rule["websiteIds"]?.DeepClone() ?? new JsonArray(1),
        ["customer_group_ids"] = rule["customerGroupIds"]?.DeepClone() ?? new JsonArray(0, 1, 2, 3),
        ["from_date"] = rule["fromDate"]?.DeepClone(),
        ["to_date"] = rule["toDate"] is { } to ? $"{to} 00:00:00" : null,
        ["uses_per_customer"] = (int?)rule["usesPerCustomer"] ?? 0,
        ["is_active"] = (bool?)rule["active"] ?? true,
        ["condition"] = rule["conditions"] is { } conditions ? Condition(conditions, false) : null,
        ["action_condition"] = rule["actionConditions"] is { } actions ? Condition(actions, true) : Combine("Product\\Combine", "all", true, []),
        ["stop_rules_processing"] = (bool?)rule["stop"] ?? false,
        ["is_advanced"] = true,
        ["sort_order"] = (int?)rule["priority"] ?? 0,
        ["simple_action"] = rule["action"]!.DeepClone(),
        ["discount_amount"] = ((decimal?)rule["amount"] ?? 0).ToString("F4", CultureInfo.InvariantCulture),
        ["discount_qty"] = rule["maxQty"]?.DeepClone(),
        ["discount_step"] = (int?)rule["step"] ?? 0,
        ["apply_to_shipping"] = (bool?)rule["applyToShipping"] ?? false,
        ["times_used"] = 0,
        ["is_rss"] = false,
        ["coupon_type"] = (string?)rule["couponType"] switch { null or "none" => "NO_COUPON", "auto" => "AUTO", _ => "SPECIFIC_COUPON" },
        ["use_auto_generation"] = (string?)rule["couponType"] == "auto",
        ["uses_per_coupon"] = (int?)rule["usesPerCoupon"] ?? 0,
        ["simple_free_shipping"] = (string?)rule["freeShipping"] switch { "items" => "1", "shipment" => "2", _ => "0" },
        ["extension_attributes"] = rule["giftSkus"] is { } skus
            ? new JsonObject { ["gift_skus"] = skus.DeepClone(), ["gift_qty"] = rule["giftQty"]?.DeepClone() }
            : new JsonObject { ["reward_points_delta"] = 0 },
    };

    public static JsonObject Decision(JsonNode vector)
    {
        var cart = vector["cart"]!;
        var shopper = new JsonObject
        {
            ["customerGroup"] = cart["customerGroupId"]?.DeepClone() ?? 0,
            ["website"] = cart["websiteId"]?.DeepClone() ?? 1,
            ["segments"] = cart["segments"]?.DeepClone() ?? new JsonArray(),
            ["audiences"] = cart["audiences"]?.DeepClone() ?? new JsonArray(),
        };
        if (cart["customerId"] is { } customer)
            shopper["customerId"] = customer.ToString();
        var asked = new JsonObject
        {
            ["currency"] = "USD",
            ["items"] = new JsonArray([.. cart["items"]!.AsArray().Select(line => Line(line!))]),
        };
        foreach (var member in new[] { "coupons", "address", "paymentMethod", "usage", "categoryParents" })
        {
            if (cart[member] is { } given)
                asked[member] = given.DeepClone();
        }

        if (cart["shipping"] is { } shipping)
        {
            asked["shipping"] = new JsonObject
            {
                ["method"] = shipping["method"]?.DeepClone(),
                [(string?)shipping["type"] == "perItem" ? "amountPerItem" : "amount"] = shipping["price"]!.DeepClone(),
                ["discountBasis"] = shipping["discountBasis"]?.DeepClone(),
            };
        }

        return new()
        {
            ["shopper"] = shopper,
            ["cart"] = asked,
            ["at"] = (string?)cart["date"] ?? "2026-06-15",
            ["options"] = vector["config"]?.DeepClone() ?? new JsonObject(),
        };
    }

    private static JsonObject Line(JsonNode line)
    {
        var said = line.DeepClone().AsObject();
        said.Remove("qty");
        said["quantity"] = line["qty"]?.DeepClone() ?? 1;
        if (line["children"] is JsonArray children)
            said["children"] = new JsonArray([.. children.Select(child => Line(child!))]);
        return said;
    }

    private static JsonObject Condition(JsonNode node, bool ofLines) => (string?)node["type"] switch
    {
        "combine" => Combine(ofLines ? "Product\\Combine" : "Combine", (string?)node["aggregator"] ?? "all", (bool?)node["value"] ?? true, Inside(node)),
        "cart" => Leaf(Prefix + "Address", node),
        "found" => With(Combine("Product\\Found", (string?)node["aggregator"] ?? "all", true, Inside(node)), "value", (bool?)node["value"] == false ? "0" : "1"),
        "subselect" => With(
            With(With(Combine("Product\\Subselect", (string?)node["aggregator"] ?? "all", true, Inside(node)), "value", node["value"]!.ToString()), "operator", (string)node["operator"]!),
            "attribute_name", (string)node["attribute"]!),
        "product" => Product(node),
        "segment" => Leaf(@"Magento\CustomerSegment\Model\Segment\Condition\Segment", node),
        "audience" => Leaf(@"Magento\AudienceActivation\Model\Rule\Condition\Audience", node),
        var other => throw new InvalidOperationException($"No node {other}."),
    };

    private static JsonArray Inside(JsonNode node) => new([.. (node["conditions"]?.AsArray() ?? []).Select(child => Condition(child!, ofLines: (string?)node["type"] != "combine" || IsOfLines(child!)))]);

    private static bool IsOfLines(JsonNode node) =>
        (string?)node["type"] == "product" || ((string?)node["type"] == "combine" && (node["conditions"]?.AsArray() ?? []).Any(child => IsOfLines(child!)));

    private static JsonObject Combine(string type, string aggregator, bool value, JsonArray conditions) => new()
    {
        ["condition_type"] = Prefix + type,
        ["conditions"] = conditions,
        ["aggregator_type"] = aggregator,
        ["operator"] = null,
        ["value"] = value ? "1" : "0",
    };

    private static JsonObject Product(JsonNode node)
    {
        var leaf = Leaf(Prefix + "Product", node);
        if ((string?)node["scope"] is { } scope)
            leaf["extension_attributes"] = new JsonObject { ["attribute_scope"] = scope };
        return leaf;
    }

    private static JsonObject Leaf(string type, JsonNode node) => new()
    {
        ["condition_type"] = type,
        ["operator"] = node["operator"]!.DeepClone(),
        ["attribute_name"] = node["attribute"]?.DeepClone(),
        ["value"] = node["value"] is JsonArray list ? string.Join(",", list.Select(piece => piece!.ToString())) : node["value"]!.ToString(),
    };

    private static JsonObject With(JsonObject node, string member, string value)
    {
        node[member] = value;
        return node;
    }
}
