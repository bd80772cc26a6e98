using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Activation.CartRules;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>Every case of Adobe Commerce's cart rules once more: its rules moved over as the REST API gives them, then a cart decided.</summary>
public sealed class ImportVectorTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Every_cart_rule_case_comes_out_the_same_when_its_rules_are_moved_over()
    {
        var differences = new List<string>();
        foreach (var vector in CartVectors.All)
        {
            var report = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", AdobeCase.Import(vector).ToJsonString());
            var totals = report["totals"]!["salesRules"]!;
            if ((int)totals["created"]! != vector["rules"]!.AsArray().Count)
                differences.Add($"{vector["id"]}: {report.ToJsonString()}");
            var answer = await host.Admin.PostJsonAsync("/v1/decisions/cart", AdobeCase.Decision(vector).ToJsonString());
            differences.AddRange(Differences(vector, answer).Select(difference => $"{vector["id"]} {vector["title"]}: {difference}"));
            foreach (var rule in report["items"]!.AsArray().Where(item => (string)item!["part"]! == "salesRules"))
            {
                using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, $"/v1/cart-rules/{rule!["id"]}", null, headers: ("If-Match", "*"));
                await archived.JsonAsync(HttpStatusCode.OK);
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static List<string> Differences(JsonNode vector, JsonNode answer)
    {
        var expected = vector["expected"]!;
        var found = new List<string>();
        Check("itemDiscount", answer["totals"]!["itemDiscount"]);
        Check("shippingAmount", answer["shipping"]?["amount"] ?? 0);
        Check("shippingDiscount", answer["totals"]!["shippingDiscount"]);
        Check("totalDiscount", answer["totals"]!["totalDiscount"]);
        Check("subtotal", answer["totals"]!["subtotal"]);
        Check("grandTotal", answer["totals"]!["grandTotal"]);
        if ((string?)expected["freeShipping"] is { } free && free != (string?)answer["shipping"]?["free"])
            found.Add($"freeShipping {answer["shipping"]?["free"]} instead of {free}");
        Rules("appliedRuleIds", expected["appliedRuleIds"], answer["appliedRules"]);
        foreach (var (line, of) in expected["items"] as JsonObject ?? [])
        {
            var item = answer["items"]!.AsArray().Single(one => (string)one!["id"]! == line)!;
            if ((decimal?)of!["discount"] is { } discount && discount != (decimal)item["discount"]!)
                found.Add($"{line}: {item["discount"]} instead of {discount}");
            Rules(line, of["appliedRuleIds"], item["appliedRules"]);
        }

        return found;

        void Check(string name, JsonNode? actual)
        {
            if ((decimal?)expected[name] is { } wanted && wanted != (decimal?)actual)
                found.Add($"{name} {actual} instead of {wanted}");
        }

        void Rules(string name, JsonNode? wanted, JsonNode? actual)
        {
            if (wanted is null)
                return;
            var ids = string.Join(',', wanted.AsArray().Select(id => id!.ToString()).Order(StringComparer.Ordinal));
            var applied = string.Join(',', actual!.AsArray().Select(rule => (string)rule!["externalId"]!).Order(StringComparer.Ordinal));
            if (ids != applied)
                found.Add($"{name}: rules {applied} instead of {ids}");
        }
    }
}
