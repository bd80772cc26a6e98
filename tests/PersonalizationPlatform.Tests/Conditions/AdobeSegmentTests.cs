using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>Adobe Commerce's segment cases (tests/conditions/adobe/segments.json), said in this language as docs/conditions.md says they can be.</summary>
public class AdobeSegmentTests
{
    private static readonly Dictionary<string, string> OperatorNames = new()
    {
        ["=="] = "equals",
        ["!="] = "notEquals",
        [">="] = "atLeast",
        [">"] = "greaterThan",
        ["<="] = "atMost",
        ["<"] = "lessThan",
        ["{}"] = "contains",
        ["!{}"] = "notContains",
        ["()"] = "oneOf",
        ["!()"] = "notOneOf",
    };

    private static readonly Dictionary<string, string> Fields = new()
    {
        ["gender"] = "profile.gender",
        ["group_id"] = "profile.group",
        ["is_subscribed"] = "profile.newsletter",
        ["email"] = "profile.email",
        ["store_credit"] = "profile.storeCredit",
        ["firstname"] = "profile.firstName",
        ["lastname"] = "profile.lastName",
        ["dob"] = "profile.birthDate",
        ["created_at"] = "profile.customerSince",
    };

    private static readonly Dictionary<string, string> AddressParts = new()
    {
        ["region_id"] = "state",
        ["country_id"] = "country",
        ["postcode"] = "postalCode",
    };

    [Fact]
    public void Every_segment_case_of_adobe_commerce_can_be_said_and_has_the_expected_member()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder.FullName, "tests", "conditions")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("tests/conditions");
        var vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.FullName, "tests", "conditions", "adobe", "segments.json")))!["vectors"]!.AsArray();
        var differences = new List<string>();
        foreach (var vector in vectors)
        {
            var segment = vector!["segment"]!;
            var shopper = vector["shopper"]!;
            var now = Day(vector["now"]!);
            var registered = (bool?)shopper["loggedIn"] ?? false;
            var asked = (string)segment["applyTo"]! switch
            {
                "registered" => registered,
                "visitors" => !registered,
                _ => true,
            };
            var condition = Reading.Read(Said(segment["conditions"]!).ToJsonString());
            var member = asked && ((bool?)segment["active"] ?? true) && condition.Judge(Shopper(shopper, now), now).Matches;
            if (member != (bool)vector["expectedMember"]!)
                differences.Add($"{vector["id"]} {vector["title"]}: {member}\n{condition.ToJson()}");
        }

        Assert.NotEmpty(vectors);
        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    internal static JsonNode Said(JsonNode node)
    {
        switch ((string)node["type"]!)
        {
            case "combine":
                return Combine(node, Said);
            case "customer":
                return Compare(Fields[(string)node["attribute"]!], node);
            case "address":
                return new JsonObject { ["type"] = "anyAddress", ["of"] = Combine(node, c => AddressPart("address", c)) };
            case "cartTotal":
                return Compare((string)node["total"]! == "grand_total" ? "cart.grandTotal" : "cart.subtotal", node);
            case "cartLines":
                return Compare("cart.lineCount", node);
            case "cartQty":
                return Compare("cart.quantity", node);
            case "productIn":
                var over = (string)node["place"]! == "cart" ? "cart.items" : "wishlist.items";
                return Unless((bool)node["found"]!, new JsonObject { ["type"] = "anyItem", ["over"] = over, ["of"] = Combine(node, Product) });
            case "productEvent":
                return Unless((bool)node["happened"]!, ProductEvent(node));
            case "orderAddress":
                return new JsonObject { ["type"] = "anyOrder", ["of"] = Combine(node, c => AddressPart($"order.{node["role"]}Address", c)) };
            case "orderCount":
                return Measure(node, "count", null);
            case "salesAmount":
                return Measure(node, (string)node["calc"]! == "total" ? "sum" : "average", "order.total");
            case "purchasedQty":
                return Measure(node, (string)node["calc"]! == "total" ? "sum" : "average", "order.quantity");
            default:
                throw new NotSupportedException((string)node["type"]!);
        }
    }

    private static JsonObject Combine(JsonNode node, Func<JsonNode, JsonNode> say)
    {
        var all = (string?)node["aggregator"] != "any";
        var match = node["value"]?.GetValueKind() == JsonValueKind.False ? (all ? "none" : "notAll") : all ? "all" : "any";
        return new JsonObject { ["type"] = "group", ["match"] = match, ["of"] = new JsonArray([.. (node["conditions"]?.AsArray() ?? []).Select(c => say(c!))]) };
    }

    private static JsonObject Unless(bool holds, JsonNode condition) =>
        new() { ["type"] = "group", ["match"] = holds ? "all" : "none", ["of"] = new JsonArray(condition) };

    private static JsonObject Compare(string field, JsonNode node) => new()
    {
        ["type"] = "compare",
        ["field"] = field,
        ["operator"] = OperatorNames[(string)node["operator"]!],
        ["value"] = node["value"]!.DeepClone(),
    };

    private static JsonObject AddressPart(string prefix, JsonNode node)
    {
        var attribute = (string)node["attribute"]!;
        return Compare($"{prefix}.{AddressParts.GetValueOrDefault(attribute, attribute)}", node);
    }

    private static JsonNode Product(JsonNode node) => (string)node["attribute"]! switch
    {
        "category_ids" => Compare("item.categories", node),
        "sku" => Compare("item.sku", node),
        var other => Compare($"item.attributes.{other}", node),
    };

    /// <summary>Product conditions must hold on one line; the dates are those of the occurrence.</summary>
    private static JsonObject ProductEvent(JsonNode node)
    {
        var happened = new JsonObject { ["type"] = "happened", ["event"] = (string)node["event"]! == "viewed" ? "productPageView" : "orderPlaced" };
        var product = node.DeepClone();
        product["conditions"] = new JsonArray([.. node["conditions"]!.AsArray().Where(c => (string)c!["type"]! == "product").Select(c => c!.DeepClone())]);
        happened["where"] = new JsonObject { ["type"] = "anyItem", ["of"] = Combine(product, Product) };
        foreach (var time in node["conditions"]!.AsArray().Where(c => (string)c!["type"]! != "product"))
        {
            if ((string)time!["type"]! == "upToDate")
                happened["within"] = $"P{time["days"]}D";
            else
                happened["between"] = new JsonObject { ["from"] = (string)time["from"]!, ["to"] = (string)time["to"]! };
        }

        return happened;
    }

    private static JsonObject Measure(JsonNode node, string calculate, string? field)
    {
        var measure = new JsonObject
        {
            ["type"] = "measure",
            ["event"] = "orderPlaced",
            ["calculate"] = calculate,
            ["where"] = Combine(node, c => (string)c["type"]! == "orderStatus"
                ? Compare("order.status", c)
                : new JsonObject { ["type"] = "compare", ["field"] = "order.placedAt", ["operator"] = "within", ["value"] = $"P{c["days"]}D" }),
            ["operator"] = OperatorNames[(string)node["operator"]!],
            ["value"] = node["value"]!.DeepClone(),
        };
        if (field is not null)
            measure["field"] = field;
        return measure;
    }

    private static Facts Shopper(JsonNode shopper, DateTimeOffset now)
    {
        var facts = new FactsBuilder { IsRegistered = (bool?)shopper["loggedIn"] ?? false };
        var known = now.AddYears(-1);
        foreach (var (name, value) in shopper["customer"]?.AsObject() ?? [])
            facts.Attribute(Fields[name]["profile.".Length..], value, known);
        if (shopper["addresses"] is { } addresses)
        {
            var book = addresses.AsArray().Select(a => new JsonObject(a!.AsObject().Select(p => KeyValuePair.Create(AddressParts.GetValueOrDefault(p.Key, p.Key), p.Value?.DeepClone()))));
            facts.Attribute("addresses", book.ToArray(), known);
        }

        if (shopper["cart"] is { } cart)
        {
            var totals = new CartContent { Subtotal = (decimal?)cart["totals"]?["subtotal"], GrandTotal = (decimal?)cart["totals"]?["grand_total"] };
            facts.Event("shoppingCartView", now.AddHours(-1), new EventContent { Cart = totals, Items = Lines(cart["lines"]) });
        }

        foreach (var view in shopper["views"]?.AsArray() ?? [])
            facts.Event("productPageView", Day(view!["at"]!), new EventContent { Items = [Line(view)] });
        foreach (var order in shopper["orders"]?.AsArray() ?? [])
        {
            facts.Part($"{order!["id"]}", "backofficeOrderPlaced", Day(order["placedAt"]!), new OrderContent
            {
                Status = (string)order["status"]!,
                PriceTotal = (decimal)order["total"]!,
                BillingAddress = Address(order["billing"]),
                ShippingAddress = Address(order["shipping"]),
            }, Lines(order["lines"]));
        }

        return facts.Build();
    }

    private static Address? Address(JsonNode? address) => address is null
        ? null
        : new Address { State = (string?)address["region_id"], Country = (string?)address["country_id"], City = (string?)address["city"] };

    private static List<LineItem> Lines(JsonNode? lines) => [.. (lines?.AsArray() ?? []).Select(l => Line(l!))];

    private static LineItem Line(JsonNode line) => new()
    {
        Sku = (string?)line["sku"],
        Quantity = (decimal?)line["qty"],
        Total = (decimal?)line["price"] * (decimal?)line["qty"],
        Categories = [.. (line["categories"]?.AsArray() ?? []).Select(c => (string)c!)],
        Attributes = (line["attributes"]?.AsObject() ?? []).ToDictionary(a => a.Key, a => (string)a.Value!),
    };

    private static DateTimeOffset Day(JsonNode day) => JsonSerializer.Deserialize<DateTimeOffset>($"\"{(string)day!}T00:00:00Z\"");
}
