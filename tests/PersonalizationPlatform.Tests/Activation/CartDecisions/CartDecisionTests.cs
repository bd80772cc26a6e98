using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.CartDecisions;

/// <summary>Carts decided over HTTP: who may say what, and what is known without being said.</summary>
public sealed class CartDecisionTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Viewed = """{ "type": "happened", "event": "productPageView", "atLeast": 1 }""";

    [Fact]
    public async Task A_segment_gated_rule_applies_from_the_first_event_on_unless_the_shopper_refuses()
    {
        await host.Admin.PostJsonAsync("/v1/segments", $$"""{ "name": "seen", "key": "seen", "condition": {{Viewed}} }""", HttpStatusCode.Created);
        var rule = await host.RuleAsync("""
            "name": "Seen", "condition": { "type": "inSegment", "segment": "seen" }
            """);
        var plain = await host.RuleAsync("""
            "name": "Plain", "action": "by_fixed", "amount": 1, "priority": 9
            """);
        const string Shopper = """ "identities": [ { "namespace": "ECID", "id": "cart-shopper" } ] """;
        Assert.Equal(1m, (await host.Browser.DecideAsync(Shopper)).Discount());
        await host.BrowseAsync(Traffic.Event("cart-e1", Traffic.View, null, "ECID:cart-shopper"));
        var decided = await host.Browser.DecideAsync(Shopper);
        Assert.Equal(11m, decided.Discount());
        Assert.Equal([(string)rule["id"]!, (string)plain["id"]!], decided["appliedRules"]!.AsArray().Select(applied => (string)applied!["id"]!));

        using var refusing = await host.Browser.SendTextAsync(
            HttpMethod.Post, "/v1/decisions/cart", CartShop.Request(Shopper, "", ""), headers: [("Sec-GPC", "1"), ("aep-segments-membership", "seen")]);
        Assert.Equal(1m, (await refusing.JsonAsync(HttpStatusCode.OK)).Discount());
        await host.ArchiveAsync(rule);
        await host.ArchiveAsync(plain);
    }

    [Fact]
    public async Task What_a_public_key_says_instead_of_what_is_known_is_ignored_and_it_is_told_no_reasons()
    {
        await host.Admin.PostJsonAsync("/v1/segments", $$"""{ "name": "vip", "key": "vip", "condition": {{Viewed}} }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "list", "key": "list", "kind": "list", "externalId": "cd29a789" }""", HttpStatusCode.Created);
        var rules = new[]
        {
            await host.RuleAsync("""
                "name": "Vip", "condition": { "type": "inSegment", "segment": "vip" }
                """),
            await host.RuleAsync("""
                "name": "Old", "action": "by_fixed", "amount": 3, "toDate": "2026-01-01"
                """),
            await host.RuleAsync("""
                "name": "List", "action": "by_fixed", "amount": 5, "condition": { "type": "inAudience", "audience": "list" }
                """),
            await host.RuleAsync("""
                "name": "Elsewhere", "action": "by_fixed", "amount": 7, "condition": { "type": "inSegment", "external": "5" }
                """),
        };
        const string Says = """ "segments": ["vip", 5], "audiences": ["list"], "customerId": "9" """;
        const string Old = """ "at": "2025-12-31", "options": { "allowYGreaterThanX": true } """;
        var told = await host.Browser.DecideAsync(Says, request: Old, query: "?explain=true");
        Assert.Equal(0m, told.Discount());
        Assert.Null(told["explanation"]);
        var admin = await host.Admin.DecideAsync(Says, request: Old, query: "?explain=true");
        Assert.Equal(25m, admin.Discount());
        Assert.Equal(4, admin["explanation"]!.AsArray().Count);
        Assert.Equal(0m, (await host.Admin.DecideAsync(""" "segments": [], "audiences": [] """)).Discount());

        foreach (var named in new[] { "cd29a789", "%5B%22list%22%2C%22x%22%5D", "other,list" })
        {
            using var headless = await host.Browser.SendTextAsync(
                HttpMethod.Post, "/v1/decisions/cart", CartShop.Request("", "", ""), headers: ("aep-segments-membership", named));
            Assert.Equal(5m, (await headless.JsonAsync(HttpStatusCode.OK)).Discount());
        }

        var person = await host.Browser.DecideAsync(""" "identities": [ { "namespace": "email", "id": "a@example.com" } ] """, expected: HttpStatusCode.Forbidden);
        Assert.Equal("decision.personNeedsSecretKey", (string)person["code"]!);
        foreach (var rule in rules)
            await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task A_day_begins_and_ends_in_the_websites_time_zone()
    {
        using (var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/websites/west", """{ "number": 7, "timeZone": "America/Los_Angeles" }"""))
            await put.JsonAsync(HttpStatusCode.OK);
        var rule = await host.RuleAsync("""
            "name": "One day", "websites": ["west"], "fromDate": "2026-06-15", "toDate": "2026-06-15"
            """);
        foreach (var (at, discount) in new[]
        {
            ("2026-06-15T06:59:59Z", 0m), ("2026-06-15T07:00:00Z", 10m), ("2026-06-16T06:59:59Z", 10m), ("2026-06-16T07:00:00Z", 0m), ("2026-06-15", 10m), ("2026-06-16", 0m),
        })
        {
            Assert.Equal(discount, (await host.Admin.DecideAsync(""" "website": 7 """, request: $"\"at\": \"{at}\"")).Discount());
        }

        Assert.Equal(0m, (await host.Admin.DecideAsync(request: """ "at": "2026-06-15" """)).Discount());
        var last = await host.Admin.DecideAsync(""" "website": "west" """, request: """ "at": "2026-06-16T06:58:00Z" """);
        Assert.Equal(new DateTimeOffset(2026, 6, 16, 7, 0, 0, TimeSpan.Zero), (DateTimeOffset)last["cacheableUntil"]!);
        Assert.Equal("at.invalid", (string)(await host.Admin.DecideAsync(request: """ "at": "soon" """, expected: HttpStatusCode.BadRequest))["code"]!);
        await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task What_a_line_does_not_say_is_the_catalogues()
    {
        using (var put = await host.Admin.SendTextAsync(
            HttpMethod.Put, "/v1/products/cat-bag", """{ "name": "Bag", "price": 40, "specialPrice": 30, "categories": ["gear"], "attributes": { "color": "Red" } }"""))
            await put.JsonAsync(HttpStatusCode.OK);
        var rule = await host.RuleAsync("""
            "name": "Red gear", "actionCondition": { "type": "group", "match": "all", "of": [
                { "type": "compare", "field": "item.categories", "operator": "oneOf", "value": ["gear"] },
                { "type": "compare", "field": "item.attributes.color", "operator": "equals", "value": "red" } ] }
            """);
        var decided = await host.Browser.DecideAsync(cart: """ "items": [ { "id": 1, "sku": "cat-bag", "quantity": 2 }, { "id": 2, "sku": "cat-bag", "price": 50, "attributes": { "color": [] } } ] """);
        Assert.Equal(110m, (decimal)decided["totals"]!["subtotal"]!);
        Assert.Equal(6m, decided.Discount());
        Assert.Equal(["1", "2"], decided["items"]!.AsArray().Select(line => (string)line!["id"]!));
        var unknown = await host.Browser.DecideAsync(cart: """ "items": [ { "id": "a", "sku": "no-such-sku" } ] """, expected: HttpStatusCode.BadRequest);
        Assert.Equal(["$.cart.items[0].price cart.price"], unknown.Wrongs());
        await host.ArchiveAsync(rule);
    }

    [Theory]
    [InlineData("""{ "id": "a", "sku": "a", "price": "NaN" }""", "$.cart.items[0].price json.type")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1e300 }""", "$.cart.items[0].price json.type")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1e13 }""", "$.cart.items[0].price cart.price")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1000000, "quantity": 1000000000 }""", "$.cart.items[0].price cart.price")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 0.0000001 }""", "$.cart.items[0].price cart.price")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1, "quantity": -1 }""", "$.cart.items[0].quantity cart.quantity")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1, "quantity": 0 }""", "$.cart.items[0].quantity cart.quantity")]
    [InlineData("""{ "sku": "a", "price": 1 }""", "$.cart.items[0].id cart.itemId")]
    [InlineData("""{ "id": "a", "price": 1 }""", "$.cart.items[0].sku cart.sku")]
    [InlineData("null", "$.cart.items[0] cart.item")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1, "weight": -1 }""", "$.cart.items[0].weight cart.weight")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1, "children": [ { "id": "a", "sku": "b" } ] }""", "$.cart.items[0].children[0].id cart.duplicateItem")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1, "children": [ { "id": "b", "sku": "b", "children": [ { "id": "c", "sku": "c", "children": [ { "id": "d", "sku": "d" } ] } ] } ] }""",
        "$.cart.items[0].children[0].children[0].children cart.tooDeep")]
    [InlineData("""{ "id": "a", "sku": "a", "price": 1, "attributes": { "x": "\ud800" } }""", "$.cart.items[0].attributes.x json.text")]
    public async Task A_line_that_cannot_be_is_told_with_its_path(string line, string wrong)
    {
        var problem = await host.Browser.DecideAsync(cart: "", expected: HttpStatusCode.OK);
        Assert.Equal(0m, problem.Discount());
        var body = $$"""{ "cart": { "currency": "USD", "items": [ {{line}} ] } }""";
        Assert.Equal([wrong], (await host.Browser.PostJsonAsync("/v1/decisions/cart", body, HttpStatusCode.BadRequest)).Wrongs());
    }

    [Theory]
    [InlineData("""{ "conditionTotalsBasis": 7 }""", "{}", "$.options.conditionTotalsBasis json.type")]
    [InlineData("""{ "conditionTotalsBasis": -1 }""", "{}", "$.options.conditionTotalsBasis json.type")]
    [InlineData("""{ "shippingShareBase": -1 }""", "{}", "$.options.shippingShareBase cart.shippingShareBase")]
    [InlineData("""{ "tax": { "itemRate": -1, "shippingRate": 1001 } }""", "{}", "$.options.tax.itemRate cart.taxRate", "$.options.tax.shippingRate cart.taxRate")]
    [InlineData("{}", """{ "couponTimesUsed": { "A": -1 }, "ruleTimesUsedByCustomer": { "7": -2 } }""",
        "$.cart.usage.couponTimesUsed.A cart.usage", "$.cart.usage.ruleTimesUsedByCustomer.7 cart.usage")]
    public async Task What_an_admin_says_instead_is_taken_as_said_or_refused(string options, string usage, params string[] wrong)
    {
        var problem = await host.Admin.DecideAsync(cart: $"\"usage\": {usage}", request: $"\"options\": {options}", expected: HttpStatusCode.BadRequest);
        Assert.Equal(wrong, problem.Wrongs());
    }

    [Fact]
    public async Task Members_that_say_nothing_stand_in_the_answer_as_null()
    {
        var rule = await host.RuleAsync(""" "name": "Plain" """);
        var decided = await host.Browser.DecideAsync();
        var coupon = await host.RuleAsync(""" "name": "Coupon", "couponType": "specific", "couponCodes": ["PLAIN"] """);
        var entered = await host.Browser.DecideAsync(cart: """ "coupons": ["PLAIN"] """);
        foreach (var (holder, members) in new (JsonNode, string[])[]
        {
            (decided, ["label"]), (decided["appliedRules"]![0]!, ["externalId"]), (entered["coupons"]![0]!, ["reason"]),
            (decided["items"]![0]!["appliedRules"]![0]!, ["externalId", "label"]),
        })
        {
            foreach (var member in members)
                Assert.True(holder.AsObject().TryGetPropertyValue(member, out var value) && value is null, $"{member}: {holder.ToJsonString()}");
        }

        await host.ArchiveAsync(rule);
        await host.ArchiveAsync(coupon);
    }

    [Fact]
    public async Task Shipping_per_item_is_discounted_with_its_tax_like_a_shipment()
    {
        var rule = await host.RuleAsync(""" "amount": 100, "applyToShipping": true """);
        const string Tax = """ "options": { "tax": { "itemRate": 20, "shippingRate": 20, "discountOnPricesInclTax": true } } """;
        foreach (var shipping in (string[])[""" "amount": 10 """, """ "amountPerItem": 5 """])
        {
            var cart = $$""" "items": [ { "id": "1", "sku": "a", "price": 10, "quantity": 2 }, { "id": "2", "sku": "b", "price": 10, "quantity": 1, "type": "virtual" } ], "shipping": { "method": "m", {{shipping}} } """;
            var decided = await host.Admin.DecideAsync(cart: cart, request: Tax);
            Assert.Equal((10m, 12m), ((decimal)decided["shipping"]!["amount"]!, (decimal)decided["shipping"]!["discount"]!));
        }

        await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task A_coupon_that_only_makes_the_shipping_free_does_something()
    {
        var rule = await host.RuleAsync(""" "name": "Free", "step": 5, "freeShipping": "shipment", "couponType": "specific", "couponCodes": ["SHIPFREE"] """);
        var decided = await host.Admin.DecideAsync(cart: """ "coupons": ["SHIPFREE"], "shipping": { "method": "f", "amount": 7 } """, query: "?explain=true");
        Assert.Equal((0m, "shipment"), ((decimal)decided["shipping"]!["amount"]!, (string)decided["shipping"]!["free"]!));
        Assert.Equal("applied", (string)decided["coupons"]![0]!["verdict"]!);
        Assert.Equal([], decided["appliedRules"]!.AsArray());
        var explained = Assert.Single(decided["explanation"]!.AsArray())!;
        Assert.Equal((false, "freeShipping"), ((bool)explained["applied"]!, (string)explained["reason"]!));
        await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task A_store_view_is_found_in_upper_or_lower_case()
    {
        var rule = await host.RuleAsync(""" "label": "Plain", "labels": { "de_CH": "Grüezi" } """);
        foreach (var view in (string[])["de_CH", "DE_ch", " de_ch "])
            Assert.Equal("Discount (Grüezi)", (string)(await host.Browser.DecideAsync($"\"storeView\": \"{view}\""))["label"]!);
        var twice = await host.RuleAsync(""" "labels": { "de": "a", "DE": "b" } """, HttpStatusCode.BadRequest);
        Assert.Equal(["$.labels cartRule.labels"], twice.Wrongs());
        await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task Strange_carts_get_a_right_answer_or_a_clear_one()
    {
        Assert.Equal("cart.missing", (string)(await host.Browser.PostJsonAsync("/v1/decisions/cart", "{}", HttpStatusCode.BadRequest))["code"]!);
        Assert.Equal(["$.cart.items cart.items"], (await host.Browser.PostJsonAsync("/v1/decisions/cart", """{ "cart": {} }""", HttpStatusCode.BadRequest)).Wrongs());
        Assert.Equal(["$.cart.currency cart.currency"], (await host.Browser.DecideAsync(cart: """ "currency": "dollars" """, expected: HttpStatusCode.BadRequest)).Wrongs());
        Assert.Equal(["$.cart.shipping.amount cart.shipping"],
            (await host.Browser.DecideAsync(cart: """ "shipping": { "amount": -1 } """, expected: HttpStatusCode.BadRequest)).Wrongs());
        var codes = string.Join(',', Enumerable.Range(0, 11).Select(n => $"\"c{n}\""));
        Assert.Equal("cart.tooManyCoupons", (string)(await host.Browser.DecideAsync(cart: $"\"coupons\": [{codes}]", expected: HttpStatusCode.BadRequest))["code"]!);
        var repeated = string.Join(", ", Enumerable.Range(0, 11).Select(i => i % 2 == 0 ? "\"once\"" : "\" ONCE\""));
        Assert.Equal(11, (await host.Browser.DecideAsync(cart: $"\"coupons\": [{repeated}]"))["coupons"]!.AsArray().Count);

        Assert.Equal(["$.cart.coupons[1] json.text"],
            (await host.Browser.DecideAsync(cart: """ "items": [], "coupons": ["a", "no\u0000such"] """, expected: HttpStatusCode.BadRequest)).Wrongs());
        var empty = await host.Browser.DecideAsync(cart: """ "items": [], "coupons": ["no\u0001such"] """);
        Assert.Equal(0m, (decimal)empty["totals"]!["grandTotal"]!);
        Assert.Equal("rejected", (string)empty["coupons"]![0]!["verdict"]!);
        var rule = await host.RuleAsync("""
            "name": "Circle", "actionCondition": { "type": "compare", "field": "item.categories", "operator": "oneOf", "value": ["b"] }
            """);
        var circle = await host.Browser.DecideAsync(cart: """
            "items": [ { "id": "a", "sku": "a", "price": 100, "categories": ["a"] } ], "categoryParents": { "a": "b", "b": "a" }
            """);
        Assert.Equal(10m, circle.Discount());
        await host.ArchiveAsync(rule);
    }

    [Theory]
    [InlineData("categories", "cart.categories")]
    [InlineData("attributes", "cart.attributes")]
    [InlineData("values", "cart.attributes")]
    [InlineData("text", "cart.attributes")]
    [InlineData("parents", "cart.categoryParents")]
    [InlineData("climb", "cart.categories")]
    public async Task However_much_is_said_of_a_line_there_is_an_end_to_it(string what, string code)
    {
        var many = Enumerable.Range(0, 20_000).ToList();
        var line = what switch
        {
            "categories" => $"\"categories\": [{string.Join(',', many)}]",
            "attributes" => $"\"attributes\": {{ {string.Join(',', many.Select(n => $"\"a{n}\": 1"))} }}",
            "values" => $"\"attributes\": {{ \"a\": [{string.Join(',', many)}] }}",
            "text" => $"\"attributes\": {{ \"a\": \"{new string('x', 20_000)}\" }}",
            _ => "\"categories\": [\"0\"]",
        };
        var parents = what is "parents" or "climb"
            ? $", \"categoryParents\": {{ {string.Join(',', many.Take(what == "climb" ? 9_000 : 20_000).Select(n => $"\"{n}\": \"{n + 1}\""))} }}" : "";
        var lines = string.Join(',', Enumerable.Range(0, what == "climb" ? 1_000 : 1).Select(n => $$"""{ "id": "{{n}}", "sku": "a", "price": 1, {{line}} }"""));
        var refused = await host.Browser.PostJsonAsync("/v1/decisions/cart", $$"""{ "cart": { "currency": "USD", "items": [ {{lines}} ]{{parents}} } }""", HttpStatusCode.BadRequest);
        Assert.Contains(refused.Wrongs(), wrong => wrong.EndsWith(code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ten_thousand_lines_are_decided_in_bounded_time_and_one_more_is_refused()
    {
        var rules = new List<JsonNode>();
        for (var n = 0; n < 20; n++)
        {
            rules.Add(await host.RuleAsync($$"""
                "name": "Many {{n}}", "amount": 1, "actionCondition": { "type": "compare", "field": "item.sku", "operator": "notEquals", "value": "s{{n}}" }
                """));
        }

        static string Items(int count) =>
            $"\"items\": [{string.Join(',', Enumerable.Range(0, count).Select(n => $$"""{ "id": "{{n}}", "sku": "s{{n}}", "price": 10, "quantity": 1 }"""))}]";
        var watch = Stopwatch.StartNew();
        var decided = await host.Browser.DecideAsync(cart: Items(10_000));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"It took {watch.Elapsed}.");
        TestContext.Current.SendDiagnosticMessage($"10,000 lines, 20 rules on every line: {watch.ElapsedMilliseconds} ms");
        Assert.Equal(10_000, decided["items"]!.AsArray().Count);
        Assert.Equal(20, decided["appliedRules"]!.AsArray().Count);
        var refused = await host.Browser.DecideAsync(cart: Items(10_001), expected: HttpStatusCode.BadRequest);
        Assert.Equal(["$.cart.items cart.tooManyLines"], refused.Wrongs());
        foreach (var rule in rules)
            await host.ArchiveAsync(rule);
    }

    [Fact]
    public async Task An_order_that_is_being_edited_is_not_held_up_by_its_own_uses_when_a_server_names_it()
    {
        await host.WebsiteAsync("edits", """{ "number": 77 }""");
        var rule = await host.RuleAsync(""" "name": "Edited", "websites": ["edits"], "couponType": "specific", "couponCodes": ["EDITED"], "usesPerCoupon": 1 """);
        await host.Browser.PostJsonAsync("/v1/events/storefront", $$"""
            [ { "_id": "edit-x8", "eventType": "commerce.purchases", "timestamp": "{{host.Clock.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ}}",
                "identityMap": { "ECID": [ { "id": "edit-phone" } ] },
                "commerce": { "promotionID": "EDITED", "order": { "purchaseID": "X8" }, "commerceScope": { "websiteCode": "edits" } } } ]
            """, HttpStatusCode.Accepted);
        while (await host.Services.GetRequiredService<PersonalizationPlatform.Activation.Coupons.Orders.CouponOrders>().FollowOnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }

        async Task<string?> ReasonAsync(HttpClient client, string cart, string website = "edits") =>
            (string?)(await client.DecideAsync($"\"website\": \"{website}\"", $"\"coupons\": [\"edited\"]{cart}"))["coupons"]![0]!["reason"];
        Assert.Equal("limitReached", await ReasonAsync(host.Admin, ""));
        Assert.Equal("limitReached", await ReasonAsync(host.Admin, ", \"order\": \"X9\""));
        Assert.Equal("limitReached", await ReasonAsync(host.Browser, ", \"order\": \"X8\""));
        Assert.Null(await ReasonAsync(host.Admin, ", \"order\": \"X8\""));
        Assert.Null(await ReasonAsync(host.Admin, ", \"order\": \"X8\"", "77"));
        var combined = await host.Admin.PostJsonAsync("/v1/decisions", CartShop.Request("\"website\": \"edits\"", """ "coupons": ["EDITED"], "order": "X8" """, ""));
        Assert.Null((string?)combined["cart"]!["coupons"]![0]!["reason"]);
        await host.ArchiveAsync(rule);
    }
}
