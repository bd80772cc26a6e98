using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Activation;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Vectors;

/// <summary>The cases of catalogue price rules in tests/vectors, as a shop meets them: the rules are written, and one asks for the price.</summary>
public sealed class CatalogRuleVectorTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Every_catalogue_rule_case_has_the_expected_prices_and_rules()
    {
        var file = Path.Combine(ContractCase.Root(), "tests", "vectors", "catalog-rules.json");
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["vectors"]!.AsArray();
        var differences = new List<string>();
        foreach (var vector in vectors)
        {
            var ids = new List<string>();
            foreach (var rule in vector!["rules"]!.AsArray())
                ids.Add(await host.RuleAsync("catalog-rules", Said((string)vector["id"]!, rule!).ToJsonString()));
            var product = new JsonObject { ["sku"] = "vector" };
            foreach (var (member, name) in new[] { ("regularPrice", "price"), ("specialPrice", "specialPrice"), ("tierPrice", "tierPrice") })
                product[name] = vector[member]?.DeepClone();
            var request = new JsonObject { ["products"] = new JsonArray(product) };
            var answer = (await host.Admin.PostJsonAsync("/v1/decisions/prices", request.ToJsonString()))["products"]![0]!;
            var expected = vector["expected"]!;
            var applied = answer["appliedRules"]!.AsArray().Select(rule => int.Parse((string)rule!["externalId"]!, null));
            if ((decimal?)answer["rulePrice"] != (decimal)expected["rulePrice"]! || (decimal?)answer["finalPrice"] != (decimal)expected["finalPrice"]!
                || !applied.SequenceEqual(expected["appliedRuleIds"]!.AsArray().Select(id => (int)id!)))
                differences.Add($"{vector["id"]} {vector["title"]}: {answer.ToJsonString()}");
            foreach (var id in ids)
                await host.ArchiveAsync("catalog-rules", id);
        }

        Assert.Equal(8, vectors.Count);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static JsonObject Said(string vector, JsonNode rule)
    {
        var said = new JsonObject
        {
            ["name"] = $"{vector} {rule["id"]}",
            ["externalId"] = rule["id"]!.ToString(),
            ["action"] = rule["action"]!.DeepClone(),
            ["amount"] = rule["amount"]!.DeepClone(),
        };
        foreach (var member in new[] { "priority", "stop" })
        {
            if (rule[member] is { } value)
                said[member] = value.DeepClone();
        }

        return said;
    }
}
