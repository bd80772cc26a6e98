using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Activation;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Vectors;

/// <summary>The cases of related-product rules in tests/vectors, as a shop meets them: catalogue and rules are written, and one asks for a list.</summary>
public sealed class RelatedProductVectorTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Collection = "related-product-rules";

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

    [Fact]
    public async Task Every_related_product_case_has_the_expected_list()
    {
        var file = Path.Combine(ContractCase.Root(), "tests", "vectors", "related-products.json");
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["vectors"]!.AsArray();
        var differences = new List<string>();
        foreach (var vector in vectors)
        {
            var rules = await WriteAsync(vector!);
            var answer = await host.Admin.PostJsonAsync("/v1/decisions/related-products?explain=true", Asked(vector!).ToJsonString());
            var list = answer["lists"]![(string)vector!["type"]!]!;
            var skus = list["items"]!.AsArray().Select(item => (string)item!["sku"]!).ToList();
            var asExpected = vector["expectedOrder"] is { } order
                ? skus.SequenceEqual(order.AsArray().Select(sku => (string)sku!))
                : Fits(skus, vector["expectedConstraint"]!);
            if (!asExpected)
                differences.Add($"{vector["id"]} {vector["title"]}: {string.Join(' ', skus)}\n{list.ToJsonString()}");
            await ClearAsync(vector, rules);
        }

        Assert.Equal(13, vectors.Count);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private async Task<List<string>> WriteAsync(JsonNode vector)
    {
        foreach (var (child, parent) in vector["categoryParents"]?.AsObject() ?? [])
        {
            await host.CategoryAsync((string)parent!, null);
            await host.CategoryAsync(child, (string)parent!);
        }

        await host.ProductsAsync(vector["catalog"]!.AsArray().Select(product => Product(product!.AsObject()).ToJsonString()));
        var ids = new List<string>();
        foreach (var rule in vector["rules"]!.AsArray())
            ids.Add(await host.RuleAsync(Collection, Rule((string)vector["id"]!, rule!).ToJsonString()));
        return ids;
    }

    private async Task ClearAsync(JsonNode vector, List<string> rules)
    {
        foreach (var id in rules)
            await host.ArchiveAsync(Collection, id);
        foreach (var product in vector["catalog"]!.AsArray())
            await host.DeleteProductAsync((string)product!["sku"]!);
        foreach (var child in vector["categoryParents"]?.AsObject().Select(pair => pair.Key) ?? [])
        {
            using var deleted = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/categories/" + child, null);
            Assert.True(deleted.IsSuccessStatusCode);
        }
    }

    private static JsonObject Asked(JsonNode vector)
    {
        var shopper = new JsonObject();
        foreach (var member in new[] { "segments", "audiences" })
        {
            if (vector[member] is { } named)
                shopper[member] = named.DeepClone();
        }

        var asked = new JsonObject
        {
            ["shopper"] = shopper,
            ["product"] = vector["current"]!.DeepClone(),
            ["list"] = vector["type"]!.DeepClone(),
            ["at"] = vector["date"]!.DeepClone(),
            ["config"] = vector["config"]!.DeepClone(),
        };
        if (vector["cart"] is { } cart)
            asked["cart"] = new JsonObject { ["items"] = new JsonArray([.. cart.AsArray().Select(sku => new JsonObject { ["sku"] = sku!.DeepClone() })]) };
        return asked;
    }

    private static JsonObject Product(JsonObject product)
    {
        var said = new JsonObject { ["sku"] = product["sku"]!.DeepClone(), ["name"] = product["sku"]!.DeepClone(), ["externalId"] = product["id"]!.ToString() };
        var attributes = new JsonObject();
        foreach (var (name, value) in product)
        {
            switch (name)
            {
                case "id" or "sku":
                    break;
                case "price":
                    said["price"] = value!.DeepClone();
                    break;
                case "category_ids":
                    said["categories"] = value!.DeepClone();
                    break;
                case "selected":
                    foreach (var (list, member) in new[] { ("related", "related"), ("upsell", "upSells"), ("crosssell", "crossSells") })
                        said[member] = value![list]?.DeepClone();
                    break;
                default:
                    attributes[name] = value?.DeepClone();
                    break;
            }
        }

        said["attributes"] = attributes;
        return said;
    }

    private static JsonObject Rule(string vector, JsonNode rule)
    {
        var said = new JsonObject
        {
            ["name"] = $"{vector} {rule["id"]}",
            ["externalId"] = rule["id"]!.ToString(),
            ["priority"] = rule["priority"]!.DeepClone(),
            ["applyTo"] = rule["applyTo"]!.DeepClone(),
            ["resultLimit"] = rule["resultLimit"]!.DeepClone(),
            ["fromDate"] = rule["from"]?.DeepClone(),
            ["toDate"] = rule["to"]?.DeepClone(),
        };
        if ((bool?)rule["active"] == false)
            said["status"] = "paused";
        foreach (var member in new[] { "segments", "audiences" })
        {
            if (rule[member] is { } named)
                said[member] = new JsonArray([.. named.AsArray().Select(id => new JsonObject { ["external"] = id!.ToString() })]);
        }

        foreach (var member in new[] { "match", "display" })
        {
            if (rule[member] is { } condition)
                said[member] = Condition(condition);
        }

        return said;
    }

    private static JsonObject Condition(JsonNode node)
    {
        if ((string)node["type"]! == "combine")
        {
            var match = ((string)node["aggregator"]!, (bool)node["value"]!) switch
            {
                ("all", true) => "all",
                ("any", true) => "any",
                ("all", false) => "none",
                _ => "notAll",
            };
            return new() { ["type"] = "group", ["match"] = match, ["of"] = new JsonArray([.. node["conditions"]!.AsArray().Select(child => Condition(child!))]) };
        }

        var attribute = (string)node["attribute"]!;
        var field = attribute switch
        {
            "category_ids" => "product.categories",
            "price" or "price_pct" => "product.price",
            "sku" or "name" => "product." + attribute,
            _ => "product.attributes." + attribute,
        };
        var said = new JsonObject { ["type"] = "compare", ["field"] = field, ["operator"] = OperatorNames[(string)node["operator"]!] };
        var kind = (string?)node["valueType"];
        if (attribute == "price_pct")
            (said["type"], said["percent"]) = ("compareWithViewed", node["value"]!.DeepClone());
        else if (kind == "matched")
            said["type"] = "compareWithViewed";
        else if (kind == "childOfMatched")
            (said["type"], said["of"]) = ("compareWithViewed", "childCategories");
        else
            said["value"] = node["value"]!.DeepClone();
        return said;
    }

    /// <summary>Blocks one after the other: so many of some products, in any order.</summary>
    private static bool Fits(List<string> skus, JsonNode constraint)
    {
        var rest = skus.AsEnumerable();
        foreach (var block in constraint["blocks"]?.AsArray() ?? [])
        {
            var of = block!["anyOrderOf"]!.AsArray().Select(sku => (string)sku!).ToHashSet();
            var take = (int)block["take"]!;
            if (rest.Take(take).Count(of.Contains) != take)
                return false;
            rest = rest.Skip(take);
        }

        return skus.Count == (int)constraint["count"]! && skus.Distinct().Count() == skus.Count;
    }
}
