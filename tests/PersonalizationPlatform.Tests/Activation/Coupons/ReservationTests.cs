using System.Net;
using PersonalizationPlatform.Tests.Activation.CartDecisions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation.Coupons;

public sealed class ReservationTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private readonly CouponShop shop = new(host);

    [Fact]
    public async Task A_release_gives_back_what_was_reserved_or_redeemed_and_repeating_anything_changes_nothing()
    {
        await shop.RuleWithAsync("BACK", "\"usageLimit\": 1");
        Assert.Equal("reserved", await shop.TryAsync("back-1", null, "BACK"));
        Assert.Equal("reserved", await shop.TryAsync("back-1", null, "BACK"));
        Assert.Equal("limit", await shop.TryAsync("back-2", null, "BACK"));
        Assert.Equal("released", await shop.ReleaseAsync("back-1"));
        Assert.Equal("released", await shop.ReleaseAsync("back-1"));
        Assert.Equal("reservation.released", await shop.RedeemAsync("back-1", "o-1"));

        Assert.Equal("reserved", await shop.TryAsync("back-2", null, "BACK"));
        Assert.Equal("redeemed", await shop.RedeemAsync("back-2", "o-2"));
        Assert.Equal("redeemed", await shop.RedeemAsync("back-2", "o-2"));
        Assert.Equal("reservation.otherOrder", await shop.RedeemAsync("back-2", "o-3"));
        Assert.Equal(1, await shop.TimesUsedAsync("BACK"));
        Assert.Equal("limit", await shop.TryAsync("back-3", null, "BACK"));

        // Cancelled, by the order's number or the cart's.
        Assert.Equal("released", await shop.ReleaseAsync("o-2"));
        Assert.Equal("released", await shop.ReleaseAsync("back-2"));
        Assert.Equal(0, await shop.TimesUsedAsync("BACK"));
        Assert.Equal("reserved", await shop.TryAsync("back-3", null, "BACK"));
        Assert.Equal("notFound", await shop.ReleaseAsync("never"));
        Assert.Equal("notFound", await shop.RedeemAsync("never", "o-4"));
    }

    [Fact]
    public async Task A_cart_whose_order_was_cancelled_may_try_again_and_is_placed_as_another_order()
    {
        await shop.RuleWithAsync("AGAIN", "\"usageLimit\": 1");
        await shop.TryAsync("again", null, "AGAIN");
        await shop.RedeemAsync("again", "again-1");
        await shop.ReleaseAsync("again");
        Assert.Equal("reserved", await shop.TryAsync("again", null, "AGAIN"));
        Assert.Equal("redeemed", await shop.RedeemAsync("again", "again-2"));
        Assert.Equal(1, await shop.TimesUsedAsync("AGAIN"));
    }

    [Fact]
    public async Task An_expired_reservation_stands_in_nobodys_way_and_is_redeemed_while_there_is_room()
    {
        await shop.RuleWithAsync("HOUR", "\"usageLimit\": 1");
        var first = await shop.ReserveAsync("hour-1", null, "HOUR");
        Assert.Equal(host.Clock.GetUtcNow().AddMinutes(60), (DateTimeOffset)first["expiresAt"]!);
        host.Clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(1));
        Assert.Equal("limit", await shop.TryAsync("hour-2", null, "HOUR"));
        Assert.Equal(1, await shop.UsesAsync("HOUR"));
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await shop.UsesAsync("HOUR"));
        Assert.Equal("reserved", await shop.TryAsync("hour-2", null, "HOUR"));
        Assert.Equal("reservation.expired", await shop.RedeemAsync("hour-1", "hour-o1"));
        await shop.ReleaseAsync("hour-2");
        Assert.Equal("redeemed", await shop.RedeemAsync("hour-1", "hour-o1"));
        Assert.Equal(1, await shop.UsesAsync("HOUR"));
    }

    [Fact]
    public async Task What_one_node_reserved_another_redeems_after_the_first_has_died()
    {
        await shop.RuleWithAsync("SURVIVES", "\"usageLimit\": 1");
        var first = await SecondNode.StartAsync(server, host);
        Assert.Equal("reserved", await new CouponShop(first).TryAsync("survives", "ann", "SURVIVES"));
        await first.DisposeAsync();

        await using var next = await SecondNode.StartAsync(server, host);
        var there = new CouponShop(next);
        Assert.Equal("limit", await there.TryAsync("survives-2", "ben", "SURVIVES"));
        Assert.Equal("redeemed", await there.RedeemAsync("survives", "survives-o"));
        Assert.Equal(1, await there.TimesUsedAsync("SURVIVES"));
    }

    [Fact]
    public async Task All_of_the_codes_or_none_and_each_says_why_in_the_order_of_the_checks()
    {
        var rule = await shop.RuleWithAsync("FULL", "\"usageLimit\": 1, \"usagePerCustomer\": 1", "\"usesPerCustomer\": 3");
        await shop.CodeAsync(rule, "PERSON", "\"usagePerCustomer\": 1");
        await shop.CodeAsync(rule, "OLD", "\"expiresAt\": \"2026-06-01\"");
        await shop.CodeAsync(rule, "FREE");
        var paused = await shop.RuleAsync(status: "paused");
        await shop.CodeAsync(paused, "PAUSED");
        await shop.RuleWithAsync("YESTERDAY", ruleMembers: "\"toDate\": \"2026-06-01\"");
        Assert.Equal("reserved", await shop.TryAsync("all-1", "ann", "FULL", "PERSON"));

        Assert.Equal("limit customerLimit expired inactive inactive unknown -", await shop.TryAsync(
            "all-2", "ann", "full", "person", "old", "paused", "yesterday", "nobody's", "free"));
        Assert.Equal(0, await shop.UsesAsync("FREE"));
        Assert.Equal("limit -", await shop.TryAsync("all-2", null, "FULL", "PERSON"));
    }

    [Fact]
    public async Task Limits_per_customer_are_the_rules_own_over_carts_and_codes_and_never_hold_for_guests()
    {
        var rule = await shop.RuleWithAsync("TWICE", ruleMembers: "\"usesPerCustomer\": 2, \"couponUsesPerCustomer\": 1");
        await shop.CodeAsync(rule, "TWICE-TOO");
        Assert.Equal("reserved", await shop.TryAsync("twice-1", "cleo", "TWICE"));
        await shop.RedeemAsync("twice-1", "twice-o1");
        Assert.Equal("customerLimit", await shop.TryAsync("twice-2", "cleo", "TWICE"));
        Assert.Equal("reserved", await shop.TryAsync("twice-2", "cleo", "TWICE-TOO"));
        Assert.Equal("ruleCustomerLimit", CouponShop.Verdict(await RuleOnlyAsync("twice-3", "cleo", rule)));
        Assert.Equal("reserved", CouponShop.Verdict(await RuleOnlyAsync("twice-3", null, rule)));
        Assert.Equal("reserved", await shop.TryAsync("twice-4", null, "TWICE"));
        Assert.Equal("reserved", await shop.TryAsync("twice-5", null, "TWICE"));
        await shop.ReleaseAsync("twice-o1");
        Assert.Equal("reserved", CouponShop.Verdict(await RuleOnlyAsync("twice-3", "cleo", rule)));
    }

    [Fact]
    public async Task Editing_an_order_replaces_its_uses_without_counting_its_own_once_the_edit_is_redeemed()
    {
        await shop.RuleWithAsync("EDIT-A", "\"usageLimit\": 1, \"usagePerCustomer\": 1");
        await shop.RuleWithAsync("EDIT-B", "\"usageLimit\": 1");
        await shop.TryAsync("edit", "dora", "EDIT-A");
        await shop.RedeemAsync("edit", "edit-o");
        Assert.Equal("reserved", await shop.TryAsync("edit", "dora", "EDIT-A"));
        Assert.Equal("reserved", CouponShop.Verdict(await shop.ReserveOrderAsync("edit-o", "dora", "EDIT-A", "EDIT-B")));
        Assert.Equal("reserved", await shop.TryAsync("edit", "dora", "EDIT-B"));
        Assert.Equal(1, await shop.TimesUsedAsync("EDIT-A"));
        Assert.Equal("limit", await shop.TryAsync("edit-2", null, "EDIT-A"));

        Assert.Equal("redeemed", await shop.RedeemAsync("edit-o"));
        Assert.Equal(0, await shop.TimesUsedAsync("EDIT-A"));
        Assert.Equal(1, await shop.TimesUsedAsync("EDIT-B"));
        Assert.Equal("reserved", await shop.TryAsync("edit-2", null, "EDIT-A"));
    }

    [Fact]
    public async Task Redeeming_what_was_redeemed_and_then_released_is_refused_by_cart_and_by_order()
    {
        await shop.RuleWithAsync("OVER-AND-OUT");
        await shop.TryAsync("out", null, "OVER-AND-OUT");
        Assert.Equal("redeemed", await shop.RedeemAsync("out", "out-o"));
        Assert.Equal("released", await shop.ReleaseAsync("out"));
        Assert.Equal("reservation.released", await shop.RedeemAsync("out", "out-o"));
        Assert.Equal("reservation.released", await shop.RedeemAsync("out-o"));
        Assert.Equal(0, await shop.TimesUsedAsync("OVER-AND-OUT"));
    }

    [Fact]
    public async Task With_an_admin_key_the_customer_may_be_named_by_customerId_as_in_decisions()
    {
        await shop.RuleWithAsync("BY-ID", ruleMembers: "\"usesPerCustomer\": 1, \"couponUsesPerCustomer\": 1");
        async Task<string> TryAsync(HttpClient client, string cart) => CouponShop.Verdict(await client.PostJsonAsync(
            "/v1/coupons/reservations", $$"""{ "cart": "{{cart}}", "codes": ["BY-ID"], "shopper": { "customerId": "by-id" } }"""));
        Assert.Equal("reserved", await TryAsync(host.Admin, "by-id-1"));
        await shop.RedeemAsync("by-id-1", "by-id-o");
        Assert.Equal("customerLimit", await TryAsync(host.Admin, "by-id-2"));
        Assert.Equal("customerLimit", await shop.TryAsync("by-id-3", "by-id", "BY-ID"));
        Assert.Equal("reserved", await TryAsync(await shop.ServerAsync(), "by-id-4"));
    }

    [Fact]
    public async Task A_code_whose_rule_takes_no_coupons_any_more_is_inactive()
    {
        await using var own = new PlatformHost(server);
        await own.InitializeAsync();
        var there = new CouponShop(own);
        var rule = await own.RuleAsync("\"couponType\": \"auto\"");
        await there.CodeAsync((Guid)rule["id"]!, "NONE-LEFT");
        using (var put = await own.Admin.SendTextAsync(
            HttpMethod.Put, $"/v1/cart-rules/{rule["id"]}", """{ "name": "Rule", "action": "by_percent", "amount": 10, "couponType": "none" }""", headers: ("If-Match", "*")))
            await put.JsonAsync(HttpStatusCode.OK);
        var decided = await own.Admin.DecideAsync(cart: "\"coupons\": [\"NONE-LEFT\"]");
        Assert.Equal("inactive", (string?)decided["coupons"]![0]!["reason"]);
        Assert.Equal("inactive", await there.TryAsync("none-left", null, "NONE-LEFT"));
    }

    [Theory]
    [InlineData("ENDS")]
    [InlineData("PAUSED-LATER")]
    [InlineData("DELETED")]
    public async Task What_was_held_too_long_is_redeemed_while_there_is_room_though_it_could_not_be_reserved_any_more(string code)
    {
        var rule = await host.RuleAsync("\"couponType\": \"auto\"");
        await shop.CodeAsync((Guid)rule["id"]!, code, $"\"usageLimit\": 1, \"expiresAt\": \"{host.Clock.GetUtcNow().AddMinutes(code == "ENDS" ? 30 : 9000):O}\"");
        await shop.TryAsync(code, null, code);
        if (code == "PAUSED-LATER")
            await host.Admin.PostJsonAsync($"/v1/cart-rules/{rule["id"]}/pause", "");
        using (var deleted = code == "DELETED" ? await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/coupons/" + code, null) : null)
            host.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(code switch { "ENDS" => "expired", "DELETED" => "unknown", _ => "inactive" }, await shop.TryAsync(code + "-2", null, code));
        Assert.Equal("redeemed", await shop.RedeemAsync(code, code + "-o"));
        Assert.Equal(1, await shop.ValueAsync<int>("select redeemed from coupon_count where code_key = $1", code));
    }

    [Fact]
    public async Task A_website_named_by_its_number_is_the_one_named_by_its_code()
    {
        await shop.RuleWithAsync("BY-NUMBER");
        await host.WebsiteAsync("man", """{ "number": 9 }""");
        await shop.TryAsync("by-number", null, "BY-NUMBER");
        var server = await shop.ServerAsync();
        Assert.Equal("redeemed", (string)(await server.PostJsonAsync("/v1/coupons/reservations/by-number/redeem", """{ "order": "by-number-o", "website": 9 }"""))["state"]!);
        foreach (var website in (string[])["man", "9", "MAN"])
        {
            await host.BackOffice.PostJsonAsync("/v1/events/back-office", $$"""
                [ { "_id": "by-number-{{website}}", "eventType": "commerce.backofficeOrderPlaced", "timestamp": "2026-06-15T11:00:00Z",
                    "commerce": { "promotionID": "BY-NUMBER", "order": { "purchaseID": "by-number-o" }, "commerceScope": { "websiteCode": "{{website}}" } } } ]
                """, HttpStatusCode.Accepted);
        }

        await shop.FollowAsync();
        Assert.Equal(1, await shop.TimesUsedAsync("BY-NUMBER"));
        await server.PostJsonAsync("/v1/coupons/reservations/by-number-o/release?website=9", "{}");
        Assert.Equal(0, await shop.TimesUsedAsync("BY-NUMBER"));
    }

    [Fact]
    public async Task Another_reservation_of_the_same_cart_replaces_the_first_and_a_refused_one_leaves_it()
    {
        await shop.RuleWithAsync("SWAP-A", "\"usageLimit\": 1");
        await shop.RuleWithAsync("SWAP-B", "\"usageLimit\": 1");
        await shop.TryAsync("swap", null, "SWAP-A");
        Assert.Equal("unknown", await shop.TryAsync("swap", null, "SWAP-C"));
        Assert.Equal(1, await shop.UsesAsync("SWAP-A"));
        Assert.Equal("reserved", await shop.TryAsync("swap", null, "swap-b"));
        Assert.Equal((0, 1), (await shop.UsesAsync("SWAP-A"), await shop.UsesAsync("SWAP-B")));
        Assert.Equal("reserved", await shop.TryAsync("swap", null));
        Assert.Equal((0, 0), (await shop.UsesAsync("SWAP-A"), await shop.UsesAsync("SWAP-B")));
    }

    [Fact]
    public async Task Only_secret_keys_that_may_decide_reserve_and_what_is_wrong_is_told_with_its_path()
    {
        using var browser = await host.Browser.PostTextAsync("/v1/coupons/reservations", """{ "cart": "c", "codes": ["X"] }""");
        Assert.Equal(HttpStatusCode.Forbidden, browser.StatusCode);
        using var backOffice = await host.BackOffice.PostTextAsync("/v1/coupons/reservations/c/release", "{}");
        Assert.Equal(HttpStatusCode.Forbidden, backOffice.StatusCode);
        var refused = await (await shop.ServerAsync()).PostJsonAsync(
            "/v1/coupons/reservations", """{ "cart": "c", "order": "o", "codes": ["A", "a", " ", null] }""", HttpStatusCode.BadRequest);
        Assert.Equal(
            ["$.cart reservation.reference", "$.codes[1] coupon.codeTwice", "$.codes[2] coupon.code", "$.codes[3] coupon.code"],
            refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}"));
        await shop.RuleWithAsync("NOORDER");
        await shop.TryAsync("noorder", null, "NOORDER");
        Assert.Equal("reservation.order", await shop.RedeemAsync("noorder"));
    }

    private async Task<System.Text.Json.Nodes.JsonNode> RuleOnlyAsync(string cart, string? customer, Guid rule)
    {
        var body = CouponShop.Reservation("cart", cart, customer);
        body["rules"] = new System.Text.Json.Nodes.JsonArray(rule.ToString());
        return await (await shop.ServerAsync()).PostJsonAsync("/v1/coupons/reservations", body.ToJsonString());
    }
}
