using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Conditions;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Vectors;

/// <summary>Adobe Commerce's segment cases as a shop meets them: the segment is written, the shopper's past is posted, and one asks.</summary>
public sealed class SegmentVectorTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Every_segment_case_has_the_expected_member_when_its_past_is_posted()
    {
        var file = Path.Combine(ContractCase.Root(), "tests", "conditions", "adobe", "segments.json");
        var vectors = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!["vectors"]!.AsArray();
        var differences = new List<string>();
        foreach (var vector in vectors)
        {
            var id = (string)vector!["id"]!;
            var segment = await SegmentAsync(id, vector["segment"]!);
            var identity = await PastAsync(id, vector["shopper"]!, (string)vector["now"]!);
            var answer = await host.Admin.GetJsonAsync(
                $"/v1/shoppers/{identity}/segments?at={vector["now"]}T00:00:00Z&website={vector["shopper"]!["website"]}&explain=true");
            var member = answer["items"]!.AsArray().Any(row => (string)row!["segment"]! == segment);
            if (member != (bool)vector["expectedMember"]!)
                differences.Add($"{id} {vector["title"]}: {member}\n{answer["verdicts"]!.AsArray().FirstOrDefault(v => (string)v!["segment"]! == segment)}");
        }

        Assert.Equal(30, vectors.Count);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private async Task<string> SegmentAsync(string id, JsonNode segment)
    {
        var definition = new JsonObject
        {
            ["name"] = id,
            ["applyTo"] = segment["applyTo"]!.DeepClone(),
            ["condition"] = AdobeSegmentTests.Said(segment["conditions"]!),
        };
        if (segment["website"] is { } website)
            definition["website"] = website.DeepClone();
        var saved = await host.Admin.PostJsonAsync("/v1/segments", definition.ToJsonString(), HttpStatusCode.Created);
        if ((bool?)segment["active"] == false)
        {
            saved["status"] = "paused";
            using var paused = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/segments/" + saved["id"], saved.ToJsonString(), headers: ("If-Match", "*"));
            await paused.JsonAsync(HttpStatusCode.OK);
        }

        return (string)saved["id"]!;
    }

    /// <summary>Posts what the case says the shopper did; returns the identity as paths name it.</summary>
    private async Task<string> PastAsync(string id, JsonNode shopper, string now)
    {
        var registered = (bool?)shopper["loggedIn"] == true;
        var (ns, value) = registered ? ("CustomerId", "customer-" + id) : ("ECID", "device-" + id);
        JsonObject Event(string type, JsonNode at) => new()
        {
            ["eventType"] = type,
            ["timestamp"] = Instant((string)at!),
            ["identityMap"] = new JsonObject { [ns] = new JsonArray(new JsonObject { ["id"] = value }) },
        };

        var browsing = new JsonArray();
        foreach (var view in shopper["views"]?.AsArray() ?? [])
        {
            var viewed = Event("commerce.productViews", view!["at"]!);
            viewed["productListItems"] = new JsonArray(Line(view));
            browsing.Add(viewed);
        }

        if (shopper["cart"] is { } cart)
        {
            var shown = Event("commerce.productListViews", DateTime.Parse(now, CultureInfo.InvariantCulture).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            shown["commerce"] = new JsonObject
            {
                ["cart"] = new JsonObject
                {
                    ["cartID"] = id,
                    ["subtotal"] = cart["totals"]?["subtotal"]?.DeepClone(),
                    ["grandTotal"] = cart["totals"]?["grand_total"]?.DeepClone(),
                },
            };
            shown["productListItems"] = Lines(cart["lines"]);
            browsing.Add(shown);
        }

        var orders = new JsonArray();
        foreach (var order in shopper["orders"]?.AsArray() ?? [])
            orders.Add(Placed(Event("commerce.backofficeOrderPlaced", order!["placedAt"]!), $"{id}/{order["id"]}", order));

        await PostAsync(host.Browser, "/v1/events/storefront", browsing);
        await PostAsync(host.BackOffice, "/v1/events/back-office", orders);
        if (registered)
            await PostAsync(host.BackOffice, "/v1/profiles", [Record(Event("", "2025-06-15"), shopper)]);
        return $"{ns}/{value}";
    }

    private async Task PostAsync(HttpClient client, string path, JsonArray events)
    {
        var answer = await client.PostJsonAsync(path, events.ToJsonString(), HttpStatusCode.Accepted);
        Assert.Equal(events.Count, (int)answer["accepted"]!);
    }

    private static JsonObject Record(JsonObject record, JsonNode shopper)
    {
        record.Remove("eventType");
        foreach (var (name, value) in shopper["customer"]?.AsObject() ?? [])
            record[name] = value?.DeepClone();
        if (shopper["addresses"] is { } addresses)
            record["addresses"] = addresses.DeepClone();
        return record;
    }

    private static JsonObject Placed(JsonObject placed, string number, JsonNode order)
    {
        placed["commerce"] = new JsonObject
        {
            ["order"] = new JsonObject
            {
                ["purchaseID"] = number,
                ["priceTotal"] = order["total"]!.DeepClone(),
                ["currencyCode"] = "USD",
                ["status"] = order["status"]!.DeepClone(),
            },
            ["billing"] = new JsonObject { ["address"] = order["billing"]?.DeepClone() },
            ["shipping"] = new JsonObject { ["address"] = order["shipping"]?.DeepClone() },
        };
        placed["productListItems"] = Lines(order["lines"]);
        return placed;
    }

    private static JsonArray Lines(JsonNode? lines) => [.. (lines?.AsArray() ?? []).Select(line => Line(line!))];

    private static JsonObject Line(JsonNode line)
    {
        var said = new JsonObject
        {
            ["SKU"] = line["sku"]?.DeepClone(),
            ["quantity"] = line["qty"]?.DeepClone(),
            ["categories"] = new JsonArray([.. (line["categories"]?.AsArray() ?? []).Select(c => new JsonObject { ["id"] = c!.DeepClone() })]),
            ["selectedOptions"] = new JsonArray([.. (line["attributes"]?.AsObject() ?? []).Select(a => new JsonObject { ["attribute"] = a.Key, ["value"] = a.Value!.DeepClone() })]),
        };
        if (line["price"] is { } price)
            said["priceTotal"] = (decimal)price * (decimal)line["qty"]!;
        return said;
    }

    private static string Instant(string day) => day + "T00:00:00Z";
}
