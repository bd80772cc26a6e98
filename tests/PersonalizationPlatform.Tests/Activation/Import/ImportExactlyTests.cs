using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>What a body says changes as a whole, is told where it cannot be taken, and what is refused is left out.</summary>
public sealed class ImportExactlyTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Specific = """ "coupon_type": "SPECIFIC_COUPON" """;
    private const string Auto = """ "coupon_type": "AUTO" """;

    [Theory]
    [InlineData(""" "condition": { "condition_type": "Combine", "conditions": { "1": { "condition_type": "Address", "attribute_name": "base_subtotal", "operator": ">=", "value": "5000" } } } """, "live", null)]
    [InlineData(""" "condition": { "condition_type": "Combine", "conditions": "oops" } """, "draft", "condition.wrongType $.salesRules[0].condition.conditions")]
    [InlineData(""" "action_condition": { "condition_type": "Product\\Combine", "conditions": { "condition_type": "Product", "attribute_name": "sku" } } """, "draft", "condition.wrongType $.salesRules[0].action_condition.conditions")]
    [InlineData(""" "condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Combine", "conditions": 7 } ] } """, "draft", "condition.wrongType $.salesRules[0].condition.conditions[0].conditions")]
    [InlineData(""" "condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Address", "attribute_name": "country_id", "operator": "==", "value": { "a": {} } } ] } """, "draft", "condition.wrongType $.salesRules[0].condition.conditions[0].value")]
    public async Task Conditions_that_are_no_list_are_read_as_php_writes_lists_or_make_a_draft(string members, string status, string? note)
    {
        var report = await ImportAsync(Rules(Rule(1, members)));
        var rule = await RuleAsync(1);
        Assert.Equal(status, (string)rule["status"]!);
        Assert.Equal(note is null ? [] : [note], Notes(report));
        if (note is null)
            Assert.Equal("5000", (string)rule["condition"]!["of"]![0]!["value"]!);
    }

    [Fact]
    public async Task A_refused_coupon_is_no_code_of_its_rule()
    {
        var report = await ImportAsync(Rules(Rule(5, Specific)) + "," + Coupons(
            Coupon(1, 5, "RFA", """ "usage_limit": -1 """), Coupon(2, 5, "RFB", """ "expiration_date": "31.12.2020" """), Coupon(3, 5, "RFC", """ "usage_limit": "x" """),
            Coupon(4, 5, "RFD", """ "times_used": "bad" """), Coupon(5, 5, "RFE")));
        Assert.Equal((4, 1), (Total(report, "coupons", "refused"), Total(report, "coupons", "created")));
        Assert.Equal(["1 RFA", "2 RFB", "3 RFC", "4 RFD"], Lines(report, "coupons", "refused"));
        Assert.Equal("RFE", await CodesAsync(5));
        foreach (var code in new[] { "RFA", "RFB", "RFC", "RFD" })
            await host.Admin.GetJsonAsync("/v1/coupons/" + code, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_code_given_twice_has_the_limits_of_the_line_that_is_taken()
    {
        var report = await ImportAsync(Rules(Rule(6, Auto), Rule(7, Specific)) + "," + Coupons(
            Coupon(5, 6, "TV9", """ "type": 1 """), Coupon(6, 7, "tv9", """ "usage_limit": 1, "times_used": 1, "expiration_date": "2020-01-01" """)));
        Assert.Equal(["5 TV9"], Lines(report, "coupons", "refused"));
        var coupon = await CouponAsync("tv9");
        Assert.Equal((1, 1, "2020-01-02"), ((int)coupon["usageLimit"]!, (int)coupon["timesUsed"]!, ((string)coupon["expiresAt"]!)[..10]));
    }

    [Fact]
    public async Task Rules_exchange_their_codes_and_coupons_keep_their_uses()
    {
        string Body(string first, string second, int times) => Rules(Rule(101, Specific), Rule(102, Specific)) + "," + Coupons(
            Coupon(91, 101, first, $""" "usage_limit": 9, "times_used": {times} """), Coupon(92, 102, second));
        await ImportAsync(Body("XX1", "XX2", 3));
        var swapped = await ImportAsync(Body("XX2", "XX1", 0));
        Assert.Equal((2, 2), (Total(swapped, "salesRules", "updated"), Total(swapped, "coupons", "updated")));
        Assert.Equal(("XX2", "XX1"), (await CodesAsync(101), await CodesAsync(102)));
        Assert.Equal((3, 9, 0), ((int)(await CouponAsync("XX2"))["timesUsed"]!, (int)(await CouponAsync("XX2"))["usageLimit"]!, (int)(await CouponAsync("XX1"))["timesUsed"]!));
        var again = await ImportAsync(Body("XX2", "XX1", 0));
        Assert.Equal((2, 2), (Total(again, "salesRules", "unchanged"), Total(again, "coupons", "unchanged")));
    }

    [Fact]
    public async Task A_code_moves_on_to_another_rule_when_its_own_gives_it_up_later_in_the_body()
    {
        string Both(string first, string second) => Rules(Rule(111, Specific), Rule(112, Specific)) + "," + Coupons(Coupon(11, 111, first), Coupon(12, 112, second));
        await ImportAsync(Both("M1", "M2"));
        Assert.Equal(2, Total(await ImportAsync(Both("M2", "M3")), "salesRules", "updated"));
        Assert.Equal(("M2", "M3"), (await CodesAsync(111), await CodesAsync(112)));
        await host.Admin.GetJsonAsync("/v1/coupons/M1", HttpStatusCode.NotFound);
        // Now the one that has it needs none any more.
        Assert.Equal(2, Total(await ImportAsync(Rules(Rule(111, Specific), Rule(112)) + "," + Coupons(Coupon(11, 111, "M3"))), "salesRules", "updated"));
        Assert.Equal("M3", await CodesAsync(111));
    }

    [Fact]
    public async Task A_rule_that_is_refused_gives_up_no_code()
    {
        string Both(string first, string second, string members = Specific) => Rules(Rule(121, Specific), Rule(122, members)) + "," + Coupons(Coupon(21, 121, first), Coupon(22, 122, second));
        await ImportAsync(Both("N1", "N2"));
        var report = await ImportAsync(Both("N2", "N3", Specific + """, "discount_amount": -1 """));
        Assert.Equal(["121", "122"], Lines(report, "salesRules", "refused"));
        Assert.Equal(["21 N2", "22 N3"], Lines(report, "coupons", "refused"));
        Assert.Contains("coupon.ruleRefused $.coupons[0]", Notes(report));
        Assert.Equal(("N1", "N2"), (await CodesAsync(121), await CodesAsync(122)));
        Assert.Equal("21", (string)(await CouponAsync("N1"))["externalId"]!);
        await host.Admin.GetJsonAsync("/v1/coupons/N3", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_coupon_whose_code_was_changed_is_the_same_coupon()
    {
        await ImportAsync(Rules(Rule(131, Auto), Rule(132, Specific)) + "," + Coupons(
            Coupon(31, 131, "G1", """ "type": 1 """), Coupon(32, 132, "H1"), Coupon(33, 131, "G3", """ "type": 1 """), Coupon(34, 131, "G4", """ "type": 1 """)));
        foreach (var code in new[] { "G1", "H1" })
        {
            await host.Admin.PostJsonAsync("/v1/coupons/reservations", $$"""{ "cart": "c-{{code}}", "codes": ["{{code}}"] }""");
            await host.Admin.PostJsonAsync($"/v1/coupons/reservations/c-{code}/redeem", $$"""{ "order": "o-{{code}}" }""");
        }

        var report = await ImportAsync(Coupons(
            Coupon(31, 131, "G1NEW", """ "type": 1 """), Coupon(32, 132, "H2"), Coupon(33, 131, "G4", """ "type": 1 """), Coupon(34, 131, "G3", """ "type": 1 """)));
        Assert.Equal(4, Total(report, "coupons", "updated"));
        foreach (var code in new[] { "G1", "H1" })
            await host.Admin.GetJsonAsync("/v1/coupons/" + code, HttpStatusCode.NotFound);
        Assert.Equal((("31", 1), ("32", 1)), (await IdAndUsesAsync("G1NEW"), await IdAndUsesAsync("H2")));
        Assert.Equal(("34", "33", "H2"), ((string)(await CouponAsync("G3"))["externalId"]!, (string)(await CouponAsync("G4"))["externalId"]!, await CodesAsync(132)));
        await host.Admin.PostJsonAsync("/v1/coupons/reservations/c-H1/release", "{}");
        Assert.Equal(0, (int)(await CouponAsync("H2"))["timesUsed"]!);
    }

    [Fact]
    public async Task Customer_groups_exchange_their_codes()
    {
        static string Groups(string first, string second) => $$""" "customerGroups": [ { "id": 20, "code": "{{first}}" }, { "id": 21, "code": "{{second}}" } ] """;
        await ImportAsync(Groups("G20", "G21"));
        Assert.Equal(2, Total(await ImportAsync(Groups("G21", "G20")), "customerGroups", "updated"));
        Assert.Equal(2, Total(await ImportAsync(Groups("G21", "G20")), "customerGroups", "unchanged"));
        var refused = await ImportAsync(Groups("G20", new('x', 300)));
        Assert.Equal(["20", "21"], Lines(refused, "customerGroups", "refused"));
        Assert.Equal(2, Total(await ImportAsync(Groups("G21", "G20")), "customerGroups", "unchanged"));
    }

    [Theory]
    [InlineData(""" "store_labels": { "0": "x", "1": "y" } """, "store_labels", 2)]
    [InlineData(""" "store_labels": ["abc"] """, "store_labels", 1)]
    [InlineData(""" "store_labels": "abc" """, "store_labels", 1)]
    [InlineData(""" "store_labels": { "store_id": 0, "store_label": "x" } """, "store_labels", 1)]
    [InlineData(""" "store_labels": [ { "store_id": 0, "store_label": "x" }, { "store_id": 0, "store_label": "y" } ] """, "store_labels", 1)]
    [InlineData(""" "extension_attributes": [ { "a": 1 } ] """, "extension_attributes", 1)]
    [InlineData(""" "extension_attributes": "zzz" """, "extension_attributes", 1)]
    [InlineData(""" "extension_attributes": { "gift_skus": ["A"] } """, "extension_attributes.gift_skus", 1)]
    public async Task Whatever_is_left_out_is_noted(string members, string place, int times) =>
        Assert.Equal(Enumerable.Repeat($"rule.notCarried $.salesRules[0].{place}", times), Notes(await ImportAsync(Rules(Rule(9, members)))));

    [Fact]
    public async Task A_rule_with_a_generated_coupon_is_not_said_to_have_none()
    {
        Assert.Empty(Notes(await ImportAsync(Rules(Rule(10, Specific)) + "," + Coupons(Coupon(1001, 10, "GENSPEC", """ "type": 1 """)))));
        Assert.Empty(Notes(await ImportAsync(Rules(Rule(10, Specific)))));
        Assert.Equal(["rule.noCoupon $.salesRules[0].coupon_type"], Notes(await ImportAsync(Rules(Rule(11, Specific)))));
    }

    [Fact]
    public async Task Websites_and_groups_that_cannot_be_read_are_not_said_to_be_every_one()
    {
        var report = await ImportAsync(""" "salesRules": [ { "rule_id": 12, "name": "R", "website_ids": ["x"], "customer_group_ids": [[1]], "simple_action": "by_percent" } ] """);
        Assert.Equal(["value.invalid $.salesRules[0].website_ids", "value.invalid $.salesRules[0].customer_group_ids"], Notes(report));
    }

    [Fact]
    public async Task Many_codes_in_another_order_change_nothing()
    {
        string Body(IEnumerable<int> order) => Rules(Rule(13, Specific)) + "," + Coupons([.. order.Select(i => Coupon(13_000 + i, 13, $"MANY{i}"))]);
        Assert.Equal(130, Total(await ImportAsync(Body(Enumerable.Range(0, 130))), "coupons", "created"));
        var again = await ImportAsync(Body(Enumerable.Range(0, 130).Reverse()));
        Assert.Equal((1, 130), (Total(again, "salesRules", "unchanged"), Total(again, "coupons", "unchanged")));
    }

    [Fact]
    public async Task Refused_lines_say_which_item_they_are()
    {
        var report = await ImportAsync(
            """ "customerGroups": [ { "id": 32000, "code": "ALL" }, { "id": 22, "code": "General" } ], """
            + Rules("""{ "rule_id": 14, "name": "R", "website_ids": [9999999], "simple_action": "by_percent" }""") + "," + Coupons(Coupon(86, 706, "E7", """ "expiration_date": "bad" """)));
        Assert.Equal(["32000", "22"], Lines(report, "customerGroups", "refused"));
        Assert.Equal(["14"], Lines(report, "salesRules", "refused"));
        Assert.Equal(["86 E7"], Lines(report, "coupons", "refused"));
        Assert.Contains("customerGroup.number $.customerGroups[0].id", Notes(report));
    }

    private static string Rule(int id, string members = "") => $$"""
        { "rule_id": {{id}}, "name": "R", "website_ids": [1], "customer_group_ids": [0, 1, 2, 3], "is_active": true, "simple_action": "by_percent", "discount_amount": 10{{(members.Length > 0 ? "," + members : "")}} }
        """;

    private static string Coupon(int id, int rule, string code, string members = "") => $$"""
        { "coupon_id": {{id}}, "rule_id": {{rule}}, "code": "{{code}}", "is_primary": true{{(members.Length > 0 ? "," + members : "")}} }
        """;

    private static string Rules(params string[] rules) => $$""" "salesRules": [ {{string.Join(',', rules)}} ] """;

    private static string Coupons(params string[] coupons) => $$""" "coupons": [ {{string.Join(',', coupons)}} ] """;

    private Task<JsonNode> ImportAsync(string parts) => host.Admin.PostJsonAsync("/v1/import/adobe-commerce", "{" + parts + "}");

    private static int Total(JsonNode report, string part, string outcome) => (int)report["totals"]![part]![outcome]!;

    private static List<string> Notes(JsonNode report) =>
        [.. report["items"]!.AsArray().SelectMany(item => item!["notes"]!.AsArray()).Select(note => $"{note!["code"]} {note["path"]}")];

    /// <summary>External id and code of the items of a part that ended like this.</summary>
    private static IEnumerable<string> Lines(JsonNode report, string part, string outcome) => report["items"]!.AsArray()
        .Where(item => (string)item!["part"]! == part && (string)item["outcome"]! == outcome).Select(item => $"{item!["externalId"]} {item["code"]}".Trim());

    private async Task<JsonNode> RuleAsync(int id)
    {
        var found = (await host.Admin.GetJsonAsync("/v1/cart-rules?externalId=" + id))["items"]!.AsArray().Single()!;
        return await host.Admin.GetJsonAsync("/v1/cart-rules/" + found["id"]);
    }

    private async Task<string> CodesAsync(int rule) => string.Join(',', (await RuleAsync(rule))["couponCodes"]!.AsArray().Select(code => (string)code!));

    private Task<JsonNode> CouponAsync(string code) => host.Admin.GetJsonAsync("/v1/coupons/" + code);

    private async Task<(string Id, int Uses)> IdAndUsesAsync(string code)
    {
        var coupon = await CouponAsync(code);
        return ((string)coupon["externalId"]!, (int)coupon["timesUsed"]!);
    }
}
