using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PersonalizationPlatform.Activation.Import;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>Moving a shop over, as its REST API describes it.</summary>
public sealed class ImportTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Rule = """
        {
          "rule_id": 7, "name": "Spring bags", "store_labels": [ { "store_id": 0, "store_label": "Spring" }, { "store_id": 2, "store_label": "Frühling" } ],
          "description": "Two bags or more", "website_ids": [1, 3], "customer_group_ids": [0, 1], "from_date": "2026-06-01", "to_date": "2026-06-30 00:00:00",
          "uses_per_customer": "2", "is_active": 1, "stop_rules_processing": "0", "is_advanced": true, "sort_order": "4",
          "condition": { "condition_type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Combine", "aggregator_type": "all", "operator": null, "value": "1",
            "conditions": [
              { "condition_type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Address", "operator": ">=", "attribute_name": "total_qty", "value": "2" },
              { "condition_type": "Magento\\CustomerSegment\\Model\\Segment\\Condition\\Segment", "operator": "==", "attribute_name": null, "value": "31" } ] },
          "action_condition": { "condition_type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Product\\Combine", "aggregator_type": "all", "operator": null, "value": "1" },
          "simple_action": "by_percent", "discount_amount": "10.0000", "discount_qty": null, "discount_step": 0, "apply_to_shipping": false, "times_used": 12, "is_rss": true,
          "coupon_type": "SPECIFIC_COUPON", "use_auto_generation": false, "uses_per_coupon": 5, "simple_free_shipping": "0",
          "extension_attributes": { "reward_points_delta": 25, "vendor_flag": "on" }
        }
        """;

    private const string Shop = $$"""
        {
          "customerGroups": { "items": [ { "id": 1, "code": "General", "tax_class_id": 3 }, { "id": 9, "code": "Clubs", "tax_class_id": 3 } ], "total_count": 2 },
          "customerSegments": { "items": [ { "id": 31, "uid": "MzE=", "name": "Bag lovers", "description": "They like bags", "is_active": true, "apply_to": 0, "associated_websites": [1], "number_of_customers": 4 } ] },
          "salesRules": { "items": [ {{Rule}} ], "total_count": 1 },
          "coupons": { "items": [
            { "coupon_id": 3, "rule_id": 7, "code": "SPRING", "usage_limit": "5", "usage_per_customer": 2, "times_used": 4, "expiration_date": "2026-06-30 00:00:00", "is_primary": true, "type": 0 },
            { "coupon_id": 4, "rule_id": 7, "code": "SPRING-2", "times_used": 0, "type": 1 } ] },
          "wishlists": { "items": [ 1, 2 ] }
        }
        """;

    [Fact]
    public async Task A_rule_taken_over_again_without_the_part_coupons_keeps_its_codes()
    {
        string Body(int amount, string coupons) => $$"""
            { "salesRules": [ { "rule_id": 77, "name": "Kept", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent",
              "discount_amount": {{amount}}, "coupon_type": "SPECIFIC_COUPON" } ]{{coupons}} }
            """;
        await ImportAsync(Body(10, """, "coupons": [ { "rule_id": 77, "code": "KEPT", "type": 0 } ]"""));
        var again = await ImportAsync(Body(20, ""));
        Assert.Equal(1, Total(again, "salesRules", "updated"));
        Assert.DoesNotContain(Notes(again), note => note.StartsWith("rule.noCoupon", StringComparison.Ordinal));
        var rule = await RuleAsync(again, "77");
        Assert.Equal((20m, "KEPT"), ((decimal)rule["amount"]!, (string)rule["couponCodes"]!.AsArray().Single()!));
        Assert.Equal("KEPT", (string)(await host.Admin.GetJsonAsync("/v1/coupons/KEPT"))["code"]!);
        var other = await ImportAsync(Body(20, """, "coupons": [ { "rule_id": 77, "code": "KEPT-2", "type": 0 } ]"""));
        Assert.Equal("KEPT-2", (string)(await RuleAsync(other, "77"))["couponCodes"]!.AsArray().Single()!);
    }

    [Fact]
    public async Task Spellings_of_other_versions_are_taken_as_well()
    {
        var report = await ImportAsync("""
            { "salesRules": [ { "rule_id": 78, "name": "Spelt", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent",
              "discount_amount": 10, "coupon_type": "NO_COUPON", "simple_free_shipping": "FREE_WITH_MATCHING_ITEMS",
              "condition": { "type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Combine", "aggregator_type": "ALL", "value": true, "conditions": [
                { "type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Address", "attribute": "base_subtotal", "operator": ">=", "value": ["50"] },
                { "type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Product\\Subselect", "attribute": "qty", "operator": ">=", "value": ["1"], "aggregator": "Any", "conditions": [
                  { "type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Product", "attribute": "sku", "operator": "==", "value": "a" } ] } ] } } ] }
            """);
        Assert.Equal(1, Total(report, "salesRules", "created"));
        var rule = await RuleAsync(report, "78");
        Assert.Equal(("live", "shipment"), ((string)rule["status"]!, (string)rule["freeShipping"]!));
        Assert.Equal("group all atLeast itemsTotal", $"{rule["condition"]!["type"]} {rule["condition"]!["match"]} {rule["condition"]!["of"]![0]!["operator"]} {rule["condition"]!["of"]![1]!["type"]}");
    }

    [Fact]
    public async Task A_shop_is_moved_over_and_known_parts_are_updated()
    {
        var trial = await ImportAsync(Shop, "?dryRun=true");
        Assert.True((bool)trial["dryRun"]!);
        Assert.Equal(1, Total(trial, "salesRules", "created"));
        Assert.Empty((await host.Admin.GetJsonAsync("/v1/cart-rules?externalId=7"))["items"]!.AsArray());
        Assert.Equal(0, (await host.Admin.GetJsonAsync("/v1/segments"))["items"]!.AsArray().Count(row => (string?)row!["externalId"] == "31"));

        var report = await ImportAsync(Shop);
        Assert.Equal((1, 1, 2), (Total(report, "customerGroups", "created"), Total(report, "customerGroups", "unchanged"), Total(report, "coupons", "created")));
        Assert.Equal("$.salesRules.items[0]", (string)Item(report, "websites", "3")["path"]!);
        Assert.Contains("website.created $.salesRules.items[0]", Notes(report));
        Assert.Equal(1, Total(report, "websites", "created"));
        Assert.Equal("SPRING", (string)Item(report, "coupons", "3")["code"]!);
        var rule = await RuleAsync(report, "7");
        Assert.Equal("live", (string)rule["status"]!);
        Assert.Equal((7, "Spring", "Frühling"), ((int)rule["number"]!, (string)rule["label"]!, (string)rule["labels"]!["2"]!));
        Assert.Equal(["base", "3"], rule["websites"]!.AsArray().Select(code => (string)code!));
        Assert.Equal(("2026-06-01", "2026-06-30"), ((string)rule["fromDate"]!, (string)rule["toDate"]!));
        Assert.Equal((10m, 4, 25, 2, 2, 5), ((decimal)rule["amount"]!, (int)rule["priority"]!, (int)rule["rewardPoints"]!, (int)rule["usesPerCustomer"]!,
            (int)rule["couponUsesPerCustomer"]!, (int)rule["usesPerCoupon"]!));
        Assert.Equal(["SPRING"], rule["couponCodes"]!.AsArray().Select(code => (string)code!));
        Assert.Contains("rule.notCarried $.salesRules.items[0].extension_attributes.vendor_flag", Notes(report));
        Assert.Contains("import.unknownPart $.wishlists", Notes(report));
        Assert.Contains("segment.external $.customerSegments.items[0]", Notes(report));

        var coupon = await host.Admin.GetJsonAsync("/v1/coupons/SPRING");
        Assert.Equal((4, 5), ((int)coupon["timesUsed"]!, (int)coupon["usageLimit"]!));

        var again = await ImportAsync(Shop);
        Assert.Equal((1, 1, 2, 2), (Total(again, "salesRules", "unchanged"), Total(again, "customerSegments", "unchanged"), Total(again, "coupons", "unchanged"), Total(again, "customerGroups", "unchanged")));
        Assert.Equal((int)rule["version"]!, (int)(await RuleAsync(again, "7"))["version"]!);

        var renamed = await ImportAsync(Shop.Replace("Spring bags", "Summer bags", StringComparison.Ordinal).Replace("Bag lovers", "Bag people", StringComparison.Ordinal));
        Assert.Equal((1, 1), (Total(renamed, "salesRules", "updated"), Total(renamed, "customerSegments", "updated")));
        Assert.Equal(("Summer bags", (string)rule["id"]!), ((string)(await RuleAsync(renamed, "7"))["name"]!, (string)(await RuleAsync(renamed, "7"))["id"]!));
    }

    [Fact]
    public async Task What_the_shop_counted_so_far_contains_what_was_counted_here()
    {
        static string Counted(int times) => $$"""
            { "salesRules": [ { "rule_id": 71, "name": "Counted", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent",
                "discount_amount": 1, "coupon_type": 2 } ],
              "coupons": [ { "coupon_id": 71, "rule_id": 71, "code": "COUNTED", "times_used": {{times}}, "type": 0 } ] }
            """;
        async Task<int> UsedAsync() => (int)(await host.Admin.GetJsonAsync("/v1/coupons/COUNTED"))["timesUsed"]!;
        await ImportAsync(Counted(2));
        await host.Admin.PostJsonAsync("/v1/coupons/reservations", """{ "cart": "counted", "codes": ["COUNTED"] }""");
        await host.Admin.PostJsonAsync("/v1/coupons/reservations/counted/redeem", """{ "order": "counted-o" }""");
        Assert.Equal(3, await UsedAsync());
        await ImportAsync(Counted(4));
        Assert.Equal(4, await UsedAsync());
        // The shop's four contain it: what it is given back here it is given back there.
        await host.Admin.PostJsonAsync("/v1/coupons/reservations/counted/release", "{}");
        Assert.Equal(3, await UsedAsync());
        await ImportAsync(Counted(2));
        Assert.Equal(3, await UsedAsync());
    }

    [Fact]
    public async Task An_external_segment_matches_nobody_until_it_is_given_a_condition()
    {
        var report = await ImportAsync("""
            { "customerSegments": [ { "id": "501", "name": "Everybody?", "is_active": "1", "apply_to": "0" } ],
              "salesRules": [ { "rule_id": 501, "name": "For them", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent", "discount_amount": 50,
                "condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Segment", "operator": "==", "value": "501" } ] },
                "action_condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Product", "attribute_name": "sku", "operator": "==", "value": "seg-501" } ] } } ] }
            """);
        var id = Item(report, "customerSegments", "501")["id"]!;
        var segment = await host.Admin.GetJsonAsync($"/v1/segments/{id}");
        Assert.True((bool)segment["external"]!);
        Assert.Equal("501", (string)segment["externalId"]!);
        Assert.Equal("", await AppliedAsync("seg-501"));
        Assert.Equal("501", await AppliedAsync("seg-501", """ "segments": ["501"] """));
        Assert.Equal("", await AppliedAsync("seg-501", """ "segments": ["502"] """));

        segment.AsObject().Remove("external");
        segment["condition"] = JsonNode.Parse("""{ "type": "group", "match": "all", "of": [] }""");
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, $"/v1/segments/{id}", segment.ToJsonString(), headers: ("If-Match", "*"));
        Assert.Null((await put.JsonAsync(HttpStatusCode.OK))["external"]);
        Assert.Equal("501", await AppliedAsync("seg-501"));

        var again = await ImportAsync("""{ "customerSegments": [ { "id": "501", "name": "Everybody", "is_active": "1" } ] }""");
        Assert.Equal(1, Total(again, "customerSegments", "updated"));
        Assert.Equal("501", await AppliedAsync("seg-501"));
    }

    [Fact]
    public async Task An_unknown_segment_is_kept_by_its_id_and_reported()
    {
        var report = await ImportAsync("""
            { "salesRules": [ { "rule_id": 601, "name": "Unknown", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_fixed", "discount_amount": 1,
                "condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Segment", "operator": "()", "value": "602,603" }, { "condition_type": "X\\Audience", "operator": "!()", "value": ["a-1"] } ] },
                "action_condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Product", "attribute_name": "sku", "operator": "==", "value": "seg-601" } ] } } ] }
            """);
        Assert.Equal(1, Total(report, "salesRules", "created"));
        Assert.Equal(2, Notes(report).Count(note => note == "segment.unknown $.salesRules[0].condition.conditions[0].value"));
        Assert.Contains("audience.unknown $.salesRules[0].condition.conditions[1].value", Notes(report));
        Assert.Equal("", await AppliedAsync("seg-601"));
        Assert.Equal("601", await AppliedAsync("seg-601", """ "segments": [603], "audiences": [] """));
        Assert.Equal("", await AppliedAsync("seg-601", """ "segments": [603], "audiences": ["a-1"] """));
        // Arrives later, with members: the rule knows it by its external id.
        await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Late", "externalId": "602" }""", HttpStatusCode.Created);
        Assert.Equal("601", await AppliedAsync("seg-601"));
    }

    [Fact]
    public async Task What_cannot_be_carried_over_makes_a_draft_and_never_goes_live()
    {
        const string Weather = """
            { "salesRules": [ { "rule_id": 701, "name": "Sunny", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent", "discount_amount": 10,
                "condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Vendor\\Weather", "operator": "==", "value": "sunny" } ] } },
              { "rule_id": 702, "name": "Half", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "half_price", "discount_amount": 10 },
              { "rule_id": 703, "name": "Off", "is_active": false, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent", "discount_amount": 10 } ] }
            """;
        var report = await ImportAsync(Weather);
        Assert.Equal((2, 1), (Total(report, "salesRules", "draft"), Total(report, "salesRules", "created")));
        Assert.Contains("condition.unknownType $.salesRules[0].condition.conditions[0].condition_type", Notes(report));
        Assert.Contains("rule.unknownAction $.salesRules[1].simple_action", Notes(report));
        Assert.Equal(["draft", "draft", "paused"], new[] { "701", "702", "703" }.Select(id => (string)RuleAsync(report, id).GetAwaiter().GetResult()["status"]!));
        Assert.Equal(3, Total(await ImportAsync(Weather), "salesRules", "unchanged"));
    }

    [Fact]
    public async Task Broken_rules_are_left_out_and_the_others_kept()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"condition_type":"Combine","conditions":[""", 10_000)) + string.Concat(Enumerable.Repeat("]}", 10_000));
        var deepish = string.Concat(Enumerable.Repeat("""{"condition_type":"Combine","conditions":[""", 400)) + string.Concat(Enumerable.Repeat("]}", 400));
        const string Fine = """
            "website_ids": [1], "customer_group_ids": [0], "is_active": true, "simple_action": "by_percent",
            "action_condition": { "condition_type": "Combine", "conditions": [ { "condition_type": "Product", "attribute_name": "sku", "operator": "==", "value": "good-one" } ] }
            """;
        var report = await ImportAsync($$"""
            { "salesRules": { "items": [
              { "rule_id": 801, "name": "Good", "discount_amount": "5", {{Fine}} },
              { "name": "No id", {{Fine}} },
              { "rule_id": 803, "name": "", {{Fine}} },
              { "rule_id": 804, "name": "Ten", "discount_amount": "ten", {{Fine}} },
              { "rule_id": 805, "name": "Negative", "discount_amount": -1, {{Fine}} },
              { "rule_id": 806, "name": "Backwards", "from_date": "2026-07-01", "to_date": "2026-06-01", {{Fine}} },
              { "rule_id": 807, "name": "Deep", "condition": {{deep}}, {{Fine}} },
              { "rule_id": 808, "name": "Deep enough", "condition": {{deepish}}, {{Fine}} },
              7,
              { "rule_id": 810, "name": "NUL \u0000", {{Fine}} },
              { "rule_id": 811, "name": "Half \ud800", {{Fine}} },
              { "rule_id": 812, "name": "Also good", "discount_amount": 5, {{Fine}} } ] },
              "coupons": [ { "rule_id": 801, "code": "NOT-NEEDED" }, { "rule_id": 899, "code": "LOST" }, { "code": "" }, 5 ] }
            """);
        Assert.Equal((2, 10, 4), (Total(report, "salesRules", "created"), Total(report, "salesRules", "refused"), Total(report, "coupons", "refused")));
        var notes = Notes(report);
        Assert.Superset(
            new HashSet<string>
            {
                "rule.id $.salesRules.items[1].rule_id", "cartRule.name $.salesRules.items[2].name", "value.invalid $.salesRules.items[3].discount_amount",
                "cartRule.amount $.salesRules.items[4].discount_amount", "cartRule.dates $.salesRules.items[5].to_date", "json.tooDeep $.salesRules.items[6]",
                "condition.tooDeep $.salesRules.items[7]", "json.type $.salesRules.items[8]", "json.text $.salesRules.items[9].name", "json.text $.salesRules.items[10].name",
                "coupon.ruleHasNone $.coupons[0]", "coupon.unknownRule $.coupons[1]", "coupon.code $.coupons[2].code", "json.type $.coupons[3]",
            },
            notes.ToHashSet());
        Assert.Equal("801,812", await AppliedAsync("good-one"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?dryRun=true")]
    public async Task A_coupon_that_never_expires_holds_up_nothing(string query)
    {
        var report = await ImportAsync($$"""
            { "salesRules": [ { "rule_id": 850, "name": "For ever", "is_active": true, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent",
                "discount_amount": 5, "coupon_type": "SPECIFIC_COUPON" } ],
              "coupons": [ { "rule_id": {{(query.Length == 0 ? "850" : "851")}}, "code": "FOREVER", "type": 0, "expiration_date": "9999-12-31" },
                { "rule_id": 850, "code": "LONG{{query.Length}}", "type": 0, "expiration_date": "9999-12-30 23:59:59" } ] }
            """, query);
        Assert.Equal(query.Length == 0 ? 0 : 1, Total(report, "coupons", "refused"));
        if (query.Length == 0)
            Assert.Null((await host.Admin.GetJsonAsync("/v1/coupons/FOREVER"))["expiresAt"]);
    }

    [Fact]
    public async Task A_name_of_a_member_that_is_no_text_holds_up_nothing()
    {
        var report = await ImportAsync("""
            { "customerGroups": { "\ud800": 1, "items": [ { "\ud800": 1, "id": 71, "code": "Half" }, { "id": 72, "code": "Whole" } ] } }
            """);
        Assert.Equal((1, 1), (Total(report, "customerGroups", "created"), Total(report, "customerGroups", "refused")));
    }

    [Fact]
    public async Task A_failure_nobody_foresaw_refuses_the_item_in_which_it_happens_and_leaves_nothing_of_it()
    {
        await using var scope = host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDb>();
        var step = scope.ServiceProvider.GetRequiredService<DefinitionChanges>();
        var report = new ReportBuilder(dryRun: false);
        var items = new ImportStep(db, scope.ServiceProvider.GetRequiredService<WebsiteNumbers>(), new(NullLogger<ItemFaults>.Instance), report);
        Task Take(int number, bool fails) => items.TakeAsync(
            new(ImportPart.CustomerGroups, $"$[{number}]", "{}"u8.ToArray()), (_, _) => PutAsync(number, fails), TestContext.Current.CancellationToken);
        async Task<Taken> PutAsync(int number, bool fails)
        {
            db.Add(new StoredCustomerGroup { Number = number, Code = $"Group {number}" });
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
            return fails ? throw new OverflowException() : new(ImportOutcome.Created, null, null, []);
        }

        await step.InOneStepAsync(async () =>
        {
            await Take(81, fails: true);
            await Take(82, fails: false);
            return true;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(["item.failed $[81]"], report.Build().Items.SelectMany(item => item.Notes).Select(note => $"{note.Code} {note.Path}"));
        var groups = (await host.Admin.GetJsonAsync("/v1/customer-groups?limit=200"))["items"]!.AsArray().Select(group => (int)group!["number"]!).ToList();
        Assert.Contains(82, groups);
        Assert.DoesNotContain(81, groups);
    }

    [Fact]
    public async Task A_code_of_another_rule_refuses_its_rule_and_leaves_nothing_behind()
    {
        const string Fine = """ "website_ids": [77], "customer_group_ids": [0], "is_active": true, "simple_action": "by_percent", "coupon_type": "SPECIFIC_COUPON" """;
        var report = await ImportAsync($$"""
            { "salesRules": [ { "rule_id": 901, "name": "First", {{Fine}} }, { "rule_id": 902, "name": "Second", {{Fine}} }, { "rule_id": 903, "name": "Third", {{Fine}} } ],
              "coupons": [ { "coupon_id": 1, "rule_id": 901, "code": "Same" }, { "coupon_id": 2, "rule_id": 902, "code": "SAME" }, { "coupon_id": 3, "rule_id": 903, "code": "OTHER" } ] }
            """);
        Assert.Equal((2, 1, 2, 1), (Total(report, "salesRules", "created"), Total(report, "salesRules", "refused"), Total(report, "coupons", "created"), Total(report, "coupons", "refused")));
        Assert.Contains(Notes(report), note => note.StartsWith("cartRule.couponTaken $.salesRules[1]", StringComparison.Ordinal));
        Assert.Empty((await host.Admin.GetJsonAsync("/v1/cart-rules?externalId=902"))["items"]!.AsArray());
        Assert.Equal("77", (string)(await host.Admin.GetJsonAsync("/v1/websites/77"))["code"]!);
    }

    [Fact]
    public async Task A_single_rule_is_taken_and_an_object_that_is_neither_a_page_nor_a_rule_is_refused()
    {
        const string One = """{ "rule_id": 80010, "name": "One", "is_active": false, "website_ids": [1], "customer_group_ids": [0], "simple_action": "by_percent", "discount_amount": 1, "coupon_type": "NO_COUPON" }""";
        var report = await ImportAsync($$"""{ "salesRules": {{One}} }""");
        Assert.Equal((1, "$.salesRules"), (Total(report, "salesRules", "created"), (string)Item(report, "salesRules", "80010")["path"]!));
        var problem = await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", $$"""{ "salesRules": { "rules": [ {{One}} ] } }""", HttpStatusCode.BadRequest);
        Assert.Equal(("import.shape", "$.salesRules"), ((string)problem["code"]!, (string)problem["errors"]![0]!["path"]!));
    }

    [Fact]
    public async Task Only_an_admin_imports_and_only_json()
    {
        using var browser = await host.Browser.PostTextAsync("/v1/import/adobe-commerce", "{}");
        Assert.Equal(HttpStatusCode.Forbidden, browser.StatusCode);
        using var text = await host.Admin.PostTextAsync("/v1/import/adobe-commerce", "{}", "text/plain");
        Assert.Equal("http.contentType", (string)(await text.JsonAsync(HttpStatusCode.UnsupportedMediaType))["code"]!);
        Assert.Equal("json.syntax", (string)(await host.Admin.PostJsonAsync("/v1/import/adobe-commerce", "{ \"salesRules\": [", HttpStatusCode.BadRequest))["code"]!);
        Assert.Empty((await ImportAsync("{}"))["items"]!.AsArray());
        await host.Admin.GetJsonAsync("/v1/imports/" + Guid.NewGuid(), HttpStatusCode.NotFound);
    }

    private Task<JsonNode> ImportAsync(string body, string query = "") => host.Admin.PostJsonAsync("/v1/import/adobe-commerce" + query, body);

    private static int Total(JsonNode report, string part, string outcome) => (int)report["totals"]![part]![outcome]!;

    private static JsonNode Item(JsonNode report, string part, string externalId) =>
        report["items"]!.AsArray().Single(item => (string)item!["part"]! == part && (string?)item["externalId"] == externalId)!;

    private static List<string> Notes(JsonNode report) =>
        [.. report["items"]!.AsArray().SelectMany(item => item!["notes"]!.AsArray()).Select(note => $"{note!["code"]} {note["path"]}")];

    private Task<JsonNode> RuleAsync(JsonNode report, string externalId) => host.Admin.GetJsonAsync($"/v1/cart-rules/{Item(report, "salesRules", externalId)["id"]}");

    private async Task<string> AppliedAsync(string sku, string shopper = "")
    {
        var answer = await host.Admin.PostJsonAsync("/v1/decisions/cart", $$"""
            { "shopper": { "identities": [ { "namespace": "ECID", "id": "a-device" } ]{{(shopper.Length == 0 ? "" : "," + shopper)}} }, "cart": { "currency": "USD", "items": [ { "id": "a", "sku": "{{sku}}", "price": 10, "quantity": 1 } ] } }
            """);
        return string.Join(',', answer["appliedRules"]!.AsArray().Select(rule => (string)rule!["externalId"]!));
    }
}
