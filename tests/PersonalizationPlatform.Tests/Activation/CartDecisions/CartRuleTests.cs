using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.CartDecisions;

/// <summary>Cart rules as people write them.</summary>
public sealed class CartRuleTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_rule_is_read_as_it_was_written_and_can_be_put_again()
    {
        var segment = await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Readers", "key": "readers" }""", HttpStatusCode.Created);
        var rule = await host.RuleAsync("""
            "name": "Summer", "externalId": "4711", "websites": ["BASE"], "customerGroups": [3, 0, 3], "fromDate": "2026-06-01", "toDate": "2026-06-30",
            "priority": 0, "stop": true, "maxQty": 0, "step": 2, "couponType": "specific", "couponCodes": [" Summer "], "usesPerCoupon": 5,
            "condition": { "type": "inSegment", "segment": "readers" }, "label": "Summer", "labels": { "de": "Sommer" }, "status": "draft"
            """);
        Assert.Equal("summer", (string)rule["key"]!);
        Assert.Equal(4711, (long)rule["number"]!);
        Assert.Equal("draft", (string)rule["status"]!);
        Assert.Equal("by_percent", (string)rule["action"]!);
        Assert.Equal("""["base"]""", rule["websites"]!.ToJsonString());
        Assert.Equal("[0,3]", rule["customerGroups"]!.ToJsonString());
        Assert.Equal("""["Summer"]""", rule["couponCodes"]!.ToJsonString());
        Assert.Equal((string)segment["id"]!, (string)rule["condition"]!["segment"]!);
        Assert.Null(rule["priority"]);
        Assert.Null(rule["maxQty"]);
        var read = await host.Admin.GetJsonAsync("/v1/cart-rules/summer");
        Assert.True(JsonNode.DeepEquals(rule, read), read.ToJsonString());

        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/cart-rules/" + rule["id"], read.ToJsonString(), headers: ("If-Match", "\"1\""));
        var again = await put.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(2, (int)again["version"]!);
        foreach (var member in new[] { "version", "updatedAt" })
            (again[member], read[member]) = (null, null);
        Assert.True(JsonNode.DeepEquals(again, read), again.ToJsonString());
        await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_with_its_path()
    {
        var problem = await host.RuleAsync("""
            "amount": -1, "maxQty": 1e10, "priority": -2, "usesPerCustomer": -1, "fromDate": "2026-07-02", "toDate": "2026-07-01", "websites": ["nowhere"],
            "customerGroups": [-1], "giftSkus": ["a"], "couponCodes": ["x"], "label": " ", "dynamicBlocks": ["none"],
            "condition": { "type": "compare", "field": "item.sku", "operator": "equals", "value": "a" },
            "actionCondition": { "type": "group", "match": "all", "of": [ { "type": "inSegment", "segment": "none" } ] }
            """, HttpStatusCode.BadRequest);
        Assert.Equal("cartRule.invalid", (string)problem["code"]!);
        var wrongs = problem.Wrongs();
        string[] expected =
        [
            "$.amount cartRule.amount", "$.maxQty cartRule.maxQty", "$.priority cartRule.priority", "$.usesPerCustomer cartRule.usesPerCustomer",
            "$.toDate cartRule.dates", "$.websites[0] cartRule.unknownWebsite", "$.customerGroups[0] cartRule.customerGroups", "$.giftSkus cartRule.giftSkus",
            "$.couponCodes cartRule.couponCodes", "$.label cartRule.label", "$.dynamicBlocks[0] cartRule.unknownDynamicBlock",
        ];
        Assert.Empty(expected.Except(wrongs));
        Assert.Contains(wrongs, wrong => wrong.StartsWith("$.condition.field ", StringComparison.Ordinal));
        Assert.Contains(wrongs, wrong => wrong.StartsWith("$.actionCondition.of[0].type ", StringComparison.Ordinal));

        problem = await host.RuleAsync("""
            "action": "byPercent", "step": 1.5, "surprise": 1
            """, HttpStatusCode.BadRequest);
        Assert.Equal(["$.action json.type", "$.step json.type", "$.surprise json.unknownMember"], problem.Wrongs());
        Assert.Contains("by_percent", (string)problem["errors"]![0]!["detail"]!, StringComparison.Ordinal);
        problem = await host.RuleAsync("""
            "couponType": "specific", "couponCodes": ["A", "a", ""]
            """, HttpStatusCode.BadRequest);
        Assert.Equal(["$.couponCodes[1] coupon.codeTwice", "$.couponCodes[2] coupon.code"], problem.Wrongs());
        Assert.Empty((await host.Admin.GetJsonAsync("/v1/cart-rules?status=live"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_code_belongs_to_one_rule_until_that_is_archived_and_so_does_an_external_id()
    {
        const string Members = """
            "name": "Only one", "externalId": "one", "couponType": "specific", "couponCodes": ["ONLY"]
            """;
        var first = await host.RuleAsync(Members);
        var taken = await host.RuleAsync("""
            "couponType": "specific", "couponCodes": ["free", "only"]
            """, HttpStatusCode.Conflict);
        Assert.Equal(["$.couponCodes[1] cartRule.couponTaken"], taken.Wrongs());
        Assert.Equal("cartRule.externalIdTaken", (string)(await host.RuleAsync("""
            "externalId": "one"
            """, HttpStatusCode.Conflict))["code"]!);
        Assert.Equal(10m, (await host.Admin.DecideAsync(cart: """ "coupons": ["only"] """)).Discount());

        await host.ArchiveAsync(first);
        var decided = await host.Admin.DecideAsync(cart: """ "coupons": ["only"] """);
        Assert.Equal(0m, decided.Discount());
        Assert.Equal("""[{"code":"only","verdict":"rejected","reason":"unknown"}]""", decided["coupons"]!.ToJsonString());
        var listed = (await host.Admin.GetJsonAsync("/v1/cart-rules?externalId=one"))["items"]!.AsArray();
        Assert.Empty(listed);
        var archived = (await host.Admin.GetJsonAsync("/v1/cart-rules?status=archived&externalId=one"))["items"]!.AsArray();
        Assert.Equal((string)first["id"]!, (string)archived.Single()!["id"]!);

        var second = await host.RuleAsync(Members);
        Assert.Equal("only-one-2", (string)second["key"]!);
        Assert.Equal(10m, (await host.Admin.DecideAsync(cart: """ "coupons": ["ONLY"] """)).Discount());
        await host.ArchiveAsync(second);
    }

    [Fact]
    public async Task Only_a_live_rule_decides_and_an_edit_needs_the_version_it_was_made_from()
    {
        var rule = await host.RuleAsync("""
            "name": "On and off", "status": "draft"
            """);
        var at = "/v1/cart-rules/" + rule["id"];
        Assert.Equal(0m, (await host.Browser.DecideAsync()).Discount());
        Assert.Equal("live", (string)(await host.Admin.PostJsonAsync(at + "/publish", ""))["status"]!);
        Assert.Equal(10m, (await host.Browser.DecideAsync()).Discount());
        Assert.Equal("paused", (string)(await host.Admin.PostJsonAsync(at + "/pause", ""))["status"]!);
        Assert.Equal(0m, (await host.Browser.DecideAsync()).Discount());

        foreach (var (version, status) in new[] { ("\"1\"", HttpStatusCode.PreconditionFailed), ("\"3\"", HttpStatusCode.OK) })
        {
            using var put = await host.Admin.SendTextAsync(
                HttpMethod.Put, at, """{ "name": "On and off", "action": "by_fixed", "amount": 7, "status": "live" }""", headers: ("If-Match", version));
            await put.JsonAsync(status);
        }

        using var without = await host.Admin.SendTextAsync(HttpMethod.Delete, at, null);
        await without.JsonAsync((HttpStatusCode)428);
        Assert.Equal(7m, (await host.Browser.DecideAsync()).Discount());
        await host.ArchiveAsync(rule);
        Assert.Equal(0m, (await host.Browser.DecideAsync()).Discount());
        using var again = await host.Admin.SendTextAsync(HttpMethod.Delete, at, null, headers: ("If-Match", "*"));
        Assert.Equal("cartRule.archived", (string)(await again.JsonAsync(HttpStatusCode.Conflict))["code"]!);
    }

    [Fact]
    public async Task A_segment_that_is_archived_names_the_rules_that_used_it_and_these_apply_no_more()
    {
        var segment = await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Everybody there is", "key": "all" }""", HttpStatusCode.Created);
        var rule = await host.RuleAsync("""
            "name": "For all", "condition": { "type": "inSegment", "segment": "all" }
            """);
        Assert.Equal(10m, (await host.Browser.DecideAsync()).Discount());
        using var deleted = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/segments/" + segment["id"], null, headers: ("If-Match", "*"));
        var used = (await deleted.JsonAsync(HttpStatusCode.OK))["usedBy"]!.AsArray().Single()!;
        Assert.Equal("cartRule for-all", $"{used["kind"]} {used["key"]}");
        Assert.Equal(0m, (await host.Browser.DecideAsync()).Discount());
        await host.ArchiveAsync(rule);
    }
}
