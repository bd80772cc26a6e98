using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Demo;

/// <summary>What the demo storefront's server gives a browser, and what it keeps to itself.</summary>
public sealed class DemoVisitorTests(DemoHost host) : IClassFixture<DemoHost>
{
    private const string LookAround = "{}";

    [Fact]
    public async Task A_browser_is_the_same_visitor_again_and_another_is_somebody_else()
    {
        var (browser, session) = await ComeAsync();
        Assert.Equal((string)session["device"]!, (string)(await browser.GetJsonAsync("/demo/api/session"))["device"]!);
        Assert.NotEqual((string)session["device"]!, (string)(await ComeAsync()).Session["device"]!);
        Assert.NotEqual((string)session["device"]!, (string)(await browser.PostJsonAsync("/demo/api/session", "{}"))["device"]!);
    }

    [Fact]
    public async Task The_pages_key_is_public_and_may_only_collect_and_decide()
    {
        var (_, session) = await ComeAsync();
        var pages = host.Client((string)session["key"]!);
        Assert.Equal(1, (int)(await pages.PostJsonAsync("/v1/events/storefront", Viewed((string)session["device"]!, "BG-101"), HttpStatusCode.Accepted))["accepted"]!);
        await pages.GetJsonAsync("/v1/segments", HttpStatusCode.Forbidden);
        await pages.GetJsonAsync($"/v1/profiles/FPID/{session["device"]}", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_first_visit_does_not_stand_for_the_key_that_a_first_start_tells()
    {
        await ComeAsync();
        var keys = (await host.Admin.GetJsonAsync("/v1/keys"))["items"]!.AsArray();
        Assert.Single(keys, key => (string)key!["name"]! == "Demo storefront");
        Assert.Single(keys, key => (string)key!["name"]! == "First storefront");
    }

    [Fact]
    public async Task A_cookie_that_was_not_given_out_here_is_nobody()
    {
        var (browser, _) = await ComeAsync();
        await browser.PostJsonAsync("/demo/api/insight", LookAround);
        using var given = await host.Client(null).GetAsync("/demo/api/session", TestContext.Current.CancellationToken);
        var cookie = given.Headers.GetValues("Set-Cookie").Single(text => text.StartsWith("pp_demo=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        var value = cookie["pp_demo=".Length..cookie.IndexOf(';', StringComparison.Ordinal)];
        Assert.Equal(HttpStatusCode.OK, await LookWithAsync(value));
        foreach (var altered in new[] { "e30." + value.Split('.')[1], value[..^1] + (value[^1] == 'A' ? 'B' : 'A'), value.Split('.')[0] + ".", "x", "", new string('a', 9000) })
            Assert.Equal(HttpStatusCode.Unauthorized, await LookWithAsync(altered));
    }

    [Fact]
    public async Task A_visitor_sees_what_they_did_and_why_they_see_what_they_see_and_another_sees_none_of_it()
    {
        var (browser, session) = await ComeAsync();
        var (other, _) = await ComeAsync();
        await SendAsync(session, Added((string)session["device"]!, "BG-101"), Added((string)session["device"]!, "BG-104"));
        var seen = await browser.PostJsonAsync("/demo/api/insight", """{ "placements": ["content"], "product": "BG-101" }""");
        Assert.Equal(["addToCart", "addToCart"], seen["events"]!.AsArray().Select(e => (string)e!["kind"]!));
        Assert.All(seen["events"]!.AsArray(), e => Assert.Equal("Storefront", (string)e!["source"]!));
        Assert.Equal(2, (int)seen["profile"]!["cart"]!["quantity"]!);
        var verdict = seen["segments"]!.AsArray().Single(segment => (string)segment!["key"]! == "hot-bag-lovers")!;
        Assert.True((bool)verdict["matches"]!);
        Assert.NotNull(verdict["condition"]!["of"]);
        Assert.NotNull(seen["since"]!["hot-bag-lovers"]);
        var block = seen["decision"]!["blocks"]!["placements"]!["content"]![0]!;
        Assert.Equal("bags-are-waiting", (string)block["key"]!);
        Assert.Equal("hot-bag-lovers", (string)block["because"]![0]!["key"]!);
        Assert.NotEmpty(seen["decision"]!["relatedProducts"]!["lists"]!["related"]!["explanation"]!.AsArray());

        var nothing = await other.PostJsonAsync("/demo/api/insight", LookAround);
        Assert.Empty(nothing["events"]!.AsArray());
        Assert.Null(nothing["profile"]);
        Assert.DoesNotContain(nothing["segments"]!.AsArray(), segment => (string)segment!["key"]! == "hot-bag-lovers" && (bool)segment["matches"]!);
    }

    [Fact]
    public async Task What_was_shown_is_told_by_where_it_stood()
    {
        var (browser, session) = await ComeAsync();
        var device = (string)session["device"]!;
        await SendAsync(session, $$$"""
            { "_id": "{{{Guid.NewGuid()}}}", "eventType": "decisioning.propositionDisplay", {{{Identity(device)}}},
              "_experience": { "decisioning": { "propositions": [ { "id": "b", "scope": "header" } ], "propositionEventType": { "display": 1 } } },
              "web": { "webPageDetails": { "URL": "http://shop.test/demo" } } }
            """);
        var seen = Assert.Single((await browser.PostJsonAsync("/demo/api/insight", LookAround))["events"]!.AsArray())!;
        Assert.Equal("header", string.Join(' ', seen["about"]!.AsArray().Select(about => (string)about!)));
    }

    [Fact]
    public async Task Nobody_gets_to_see_another_by_signing_in_with_their_address()
    {
        var (mine, session) = await ComeAsync();
        await mine.PostJsonAsync("/demo/api/sign-in", """{ "email": "mine@example.org", "firstName": "Mine" }""");
        await SendAsync(session, Viewed((string)session["device"]!, "WJ-204"));
        var (thief, theirs) = await ComeAsync();
        var refused = await thief.PostJsonAsync("/demo/api/sign-in", """{ "email": "Mine@Example.org" }""", HttpStatusCode.Conflict);
        Assert.Equal("demo.emailTaken", (string)refused["code"]!);

        // Any browser may claim to be anybody to the door of events; that opens no panel.
        await SendAsync(theirs, SignedIn((string)theirs["device"]!, "mine@example.org"));
        var closed = await thief.PostJsonAsync("/demo/api/insight", LookAround);
        Assert.NotNull(closed["closed"]);
        Assert.Null(closed["profile"]);
        Assert.Empty(closed["events"]!.AsArray());
        Assert.Empty(closed["segments"]!.AsArray());
        Assert.Null(closed["decision"]);
    }

    [Fact]
    public async Task Nobody_gets_to_see_whom_the_back_office_knows()
    {
        await host.BackOffice.PostJsonAsync(
            "/v1/profiles", """{ "identityMap": { "CustomerId": [{ "id": "real-7", "primary": true }], "email": [{ "id": "real@example.org" }] }, "person": { "name": { "firstName": "Real" } } }""",
            HttpStatusCode.Accepted);
        var (thief, theirs) = await ComeAsync();
        await thief.PostJsonAsync("/demo/api/sign-in", """{ "email": "real@example.org" }""", HttpStatusCode.Conflict);
        await thief.PostJsonAsync("/demo/api/sign-in", """{ "customerId": "real-7" }""", HttpStatusCode.NotFound);
        await SendAsync(theirs, SignedIn((string)theirs["device"]!, "real@example.org"));
        var closed = await thief.PostJsonAsync("/demo/api/insight", LookAround);
        Assert.DoesNotContain("Real", closed.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(closed["closed"]);
    }

    [Fact]
    public async Task An_account_of_ones_own_is_a_new_customer_at_once()
    {
        var (browser, session) = await ComeAsync();
        var signedIn = await browser.PostJsonAsync("/demo/api/sign-in", """{ "email": "new.one@example.org", "firstName": "New" }""");
        await SendAsync(session, SignedIn((string)session["device"]!, "new.one@example.org", (string)signedIn["customerId"]!));
        var seen = await browser.PostJsonAsync("/demo/api/insight", LookAround);
        Assert.True((bool)seen["profile"]!["registered"]!);
        Assert.Equal("New", (string)seen["profile"]!["attributes"]!["firstName"]!["value"]!);
        Assert.Contains(seen["segments"]!.AsArray(), segment => (string)segment!["key"]! == "new-customers" && (bool)segment["matches"]!);
        await browser.PostJsonAsync("/demo/api/sign-out", "{}");
        Assert.Equal(signedIn["customerId"]!.ToString(), (await browser.PostJsonAsync("/demo/api/sign-in", """{ "email": "new.one@example.org" }"""))["customerId"]!.ToString());
    }

    [Fact]
    public async Task Who_plays_a_demo_customer_sees_their_past_and_not_what_others_do_as_them()
    {
        var customer = (string)(await host.Anonymous.GetJsonAsync("/demo/api/customers"))[0]!["customerId"]!;
        var (first, one) = await ComeAsync();
        var (second, two) = await ComeAsync();
        foreach (var (browser, session) in new[] { (first, one), (second, two) })
        {
            var signedIn = await browser.PostJsonAsync("/demo/api/sign-in", $$"""{ "customerId": "{{customer}}" }""");
            await SendAsync(session, SignedIn((string)session["device"]!, (string)signedIn["email"]!, customer));
        }

        await SendAsync(one, Viewed((string)one["device"]!, "CP-951"));
        var seen = await second.PostJsonAsync("/demo/api/insight", LookAround);
        Assert.Contains(seen["events"]!.AsArray(), e => (bool)e!["past"]!);
        Assert.DoesNotContain(seen["events"]!.AsArray(), e => e!["about"]!.AsArray().Any(about => (string)about! == "CP-951"));
        Assert.DoesNotContain((string)one["device"]!, seen.ToJsonString(), StringComparison.Ordinal);
        Assert.True((int)seen["profile"]!["otherDevices"]! >= 1);
        Assert.Contains((await first.PostJsonAsync("/demo/api/insight", LookAround))["events"]!.AsArray(), e => e!["about"]!.AsArray().Any(about => (string)about! == "CP-951"));
    }

    [Fact]
    public async Task An_order_costs_what_the_decision_said_and_a_repeat_is_the_same_order()
    {
        var (browser, session) = await ComeAsync();
        var decided = await host.Client((string)session["key"]!).PostJsonAsync(
            "/v1/decisions",
            $$"""
            { "shopper": { "identities": [ { "namespace": "FPID", "id": "{{session["device"]}}" } ], "website": "base" },
              "cart": { "id": "c-1", "currency": "EUR", "items": [ { "id": "YG-603", "sku": "YG-603", "quantity": 3 }, { "id": "BG-108", "sku": "BG-108", "quantity": 1 } ],
                        "shipping": { "method": "flatrate_flatrate", "amount": 4.90 } } }
            """);
        var totals = decided["cart"]!["totals"]!;
        Assert.Equal(24m, (decimal)totals["itemDiscount"]!);
        var order = OrderOf("c-1", totals["grandTotal"]!.ToString(), "guest.one@example.org");
        var placed = await browser.PostJsonAsync("/demo/api/orders", order);
        Assert.Equal((decimal)totals["grandTotal"]!, (decimal)placed["total"]!);
        Assert.Equal((decimal)totals["totalDiscount"]!, (decimal)placed["discount"]!);
        Assert.Equal((decimal)totals["subtotal"]!, placed["items"]!.AsArray().Sum(line => (decimal)line!["total"]!));
        Assert.Equal("Discount (3 for 2 on yoga)", (string)placed["label"]!);
        Assert.Equal((string)placed["number"]!, (string)(await browser.PostJsonAsync("/demo/api/orders", order))["number"]!);

        var known = (await host.Admin.GetJsonAsync("/v1/profiles/email/guest.one@example.org/orders"))["items"]!.AsArray();
        var fact = Assert.Single(known)!;
        Assert.Equal(((string)placed["number"]!, (decimal)placed["total"]!), ((string)fact["purchaseId"]!, (decimal)fact["total"]!));
        Assert.Single((await host.Admin.GetJsonAsync("/v1/profiles/email/guest.one@example.org/timeline"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_code_is_used_by_the_order_at_once_and_a_repeat_of_the_order_uses_it_no_second_time()
    {
        var (browser, _) = await ComeAsync();
        await browser.PostJsonAsync("/demo/api/sign-in", """{ "email": "coupon.once@example.org" }""");
        string Order(string cart, decimal total) =>
            $$"""{ "cart": { "id": "{{cart}}", "items": [ { "sku": "BG-101", "quantity": 1 } ], "coupons": ["HELLO10"] }, "total": {{total}} }""";
        var decided = await browser.PostJsonAsync("/demo/api/insight", """{ "cart": { "id": "once-1", "items": [ { "sku": "BG-101", "quantity": 1 } ], "coupons": ["HELLO10"] } }""");
        var total = (decimal)decided["decision"]!["cart"]!["totals"]!["grandTotal"]!;
        Assert.Equal("applied", (string)decided["decision"]!["cart"]!["coupons"]![0]!["verdict"]!);
        var placed = await browser.PostJsonAsync("/demo/api/orders", Order("once-1", total));
        Assert.Equal("HELLO10", (string)placed["coupon"]!);
        Assert.Equal((string)placed["number"]!, (string)(await browser.PostJsonAsync("/demo/api/orders", Order("once-1", total)))["number"]!);
        Assert.Equal(1, (int)(await host.Admin.GetJsonAsync("/v1/coupons/HELLO10"))["timesUsed"]!);
        Assert.Equal("demo.totalChanged", (string)(await browser.PostJsonAsync("/demo/api/orders", Order("once-2", total), HttpStatusCode.Conflict))["code"]!);
    }

    [Fact]
    public async Task Nobody_pays_another_sum_than_they_saw()
    {
        var (browser, _) = await ComeAsync();
        var refused = await browser.PostJsonAsync("/demo/api/orders", OrderOf("c-2", "1.00", "guest.two@example.org"), HttpStatusCode.Conflict);
        Assert.Equal("demo.totalChanged", (string)refused["code"]!);
        await host.Admin.GetJsonAsync("/v1/profiles/email/guest.two@example.org", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{ "cart": { "id": "c", "items": [ { "sku": "nothing-like-that", "quantity": 1 } ] }, "total": 1, "email": "a@example.org" }""", "demo.cart")]
    [InlineData("""{ "cart": { "id": "c", "items": [ { "sku": "BG-101", "quantity": 0 } ] }, "total": 1, "email": "a@example.org" }""", "demo.cart")]
    [InlineData("""{ "cart": { "id": "c", "items": [ { "sku": "BG-101", "quantity": 1 }, { "sku": "BG-101", "quantity": 1 } ] }, "total": 1, "email": "a@example.org" }""", "demo.cart")]
    [InlineData("""{ "cart": { "id": "", "items": [] }, "total": 1 }""", "demo.cart")]
    [InlineData("""{ "cart": { "id": "c", "items": [] }, "total": 0 }""", "demo.cart")]
    [InlineData("""{ "cart": { "id": "c", "items": [ { "sku": "BG-101", "quantity": 1 } ] }, "total": 73.90, "email": "no address" }""", "demo.email")]
    [InlineData("""{ "cart": { "id": "c", "items": [ { "sku": "BG-101", "quantity": 1 } ] }, "total": 73.90 }""", "demo.email")]
    [InlineData("""{ "cart": 7 }""", "request.invalid")]
    [InlineData("""[]""", "request.invalid")]
    public async Task An_order_that_cannot_be_is_refused_with_a_reason(string order, string code)
    {
        var (browser, _) = await ComeAsync();
        Assert.Equal(code, (string)(await browser.PostJsonAsync("/demo/api/orders", order, HttpStatusCode.BadRequest))["code"]!);
    }

    [Fact]
    public async Task What_other_sites_can_make_a_browser_send_is_refused()
    {
        var (browser, _) = await ComeAsync();
        using var plain = await browser.PostTextAsync("/demo/api/insight", "{}", "text/plain");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, plain.StatusCode);
        using var nobody = await host.Anonymous.PostTextAsync("/demo/api/orders", OrderOf("c", "1", "a@example.org"));
        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
    }

    [Fact]
    public async Task Events_that_are_no_use_to_look_at_do_not_break_the_look()
    {
        var (browser, session) = await ComeAsync();
        var device = (string)session["device"]!;
        var deep = string.Concat(Enumerable.Repeat("[", 20)) + string.Concat(Enumerable.Repeat("]", 20));
        await SendAsync(
            session, $$"""{ "_id": "deep", "eventType": "custom.deep", {{Identity(device)}}, "x": {{deep}} }""",
            $$"""{ "_id": "half", "eventType": "custom.half", {{Identity(device)}}, "siteSearch": { "query": "\ud800" } }""");
        var seen = await browser.PostJsonAsync("/demo/api/insight", LookAround);
        Assert.Equal(2, seen["events"]!.AsArray().Count);
    }

    [Fact]
    public async Task Pages_files_and_what_is_neither()
    {
        foreach (var (path, status) in new[] { ("/demo", 200), ("/demo/", 200), ("/demo/c/bags", 200), ("/demo/p/BG-101", 200), ("/demo/cart", 200), ("/demo/nowhere/at/all", 404) })
        {
            using var page = await host.Anonymous.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, status), (path, (int)page.StatusCode));
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
            Assert.StartsWith("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains("<html lang=\"en\">", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        using var script = await host.Anonymous.GetAsync("/demo/assets/shop.js", TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
        using var again = await host.Anonymous.SendTextAsync(HttpMethod.Get, "/demo/assets/shop.js", null, headers: ("If-None-Match", script.Headers.ETag!.Tag));
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        foreach (var path in new[] { "/demo/assets/appsettings.json", "/demo/assets/..%2fproducts.ndjson", "/demo/api/nothing" })
            await host.Anonymous.GetJsonAsync(path, HttpStatusCode.NotFound);
        using var root = await host.Anonymous.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal("/demo", root.Headers.Location!.ToString());
    }

    [Fact]
    public async Task The_shelf_has_todays_prices()
    {
        var products = (await host.Anonymous.GetJsonAsync("/demo/api/products")).AsArray();
        Assert.Equal(62, products.Count);
        var tote = products.Single(product => (string)product!["sku"]! == "BG-108")!;
        Assert.Equal((53.10m, 59m, "Lindgrove"), ((decimal)tote["price"]!, (decimal)tote["regular"]!, (string)tote["label"]!));
    }

    private async Task<(HttpClient Browser, JsonNode Session)> ComeAsync()
    {
        var browser = host.Client(null);
        return (browser, await browser.GetJsonAsync("/demo/api/session"));
    }

    private async Task SendAsync(JsonNode session, params string[] events)
    {
        // Every event a moment after the one before, as clicks are.
        foreach (var sent in events)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            var answer = await host.Client((string)session["key"]!).PostJsonAsync("/v1/events/storefront", sent, HttpStatusCode.Accepted);
            Assert.True((int)answer["accepted"]! == 1, answer.ToJsonString());
        }
    }

    private async Task<HttpStatusCode> LookWithAsync(string cookie)
    {
        using var answer = await host.Client(null).SendTextAsync(HttpMethod.Post, "/demo/api/insight", "{}", headers: ("Cookie", "pp_demo=" + cookie));
        return answer.StatusCode;
    }

    private static string OrderOf(string cart, string total, string email) =>
        $$"""{ "cart": { "id": "{{cart}}", "items": [ { "sku": "YG-603", "quantity": 3 }, { "sku": "BG-108", "quantity": 1 } ] }, "total": {{total}}, "email": "{{email}}" }""";

    private static string Identity(string device) => $$$""" "identityMap": { "FPID": [{ "id": "{{{device}}}", "primary": true }] } """;

    private static string Viewed(string device, string sku) =>
        $$"""{ "_id": "{{Guid.NewGuid()}}", "eventType": "commerce.productViews", {{Identity(device)}}, "commerce": { "productViews": { "value": 1 } }, "productListItems": [ { "SKU": "{{sku}}" } ] }""";

    private static string Added(string device, string sku) =>
        $$"""{ "_id": "{{Guid.NewGuid()}}", "eventType": "commerce.productListAdds", {{Identity(device)}}, "commerce": { "productListAdds": { "value": 1 } }, "productListItems": [ { "SKU": "{{sku}}", "quantity": 1, "priceTotal": 69, "currencyCode": "EUR" } ] }""";

    private static string SignedIn(string device, string email, string? customer = null) =>
        $$"""{ "_id": "{{Guid.NewGuid()}}", "eventType": "userAccount.login", {{Identity(device)}}, "userAccount": { "login": 1 }, "personalEmail": { "address": "{{email}}" }{{(customer is null ? "" : $$""", "person": { "accountID": "{{customer}}" }""")}} }""";
}

/// <summary>A service without the demo shop has no demo storefront either.</summary>
public sealed class NoDemoTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Nothing_of_the_demo_storefront_is_there()
    {
        foreach (var path in new[] { "/demo", "/demo/c/bags", "/demo/assets/shop.js", "/demo/api/session", "/demo/api/products", "/demo/api/customers" })
            Assert.Equal("demo.notLoaded", (string)(await host.Anonymous.GetJsonAsync(path, HttpStatusCode.NotFound))["code"]!);
        foreach (var path in new[] { "/demo/api/session", "/demo/api/sign-in", "/demo/api/sign-out", "/demo/api/orders", "/demo/api/insight" })
            await host.Anonymous.PostJsonAsync(path, "{}", HttpStatusCode.NotFound);
        await host.Anonymous.GetJsonAsync("/", HttpStatusCode.NotFound);
        Assert.DoesNotContain((await host.Admin.GetJsonAsync("/v1/keys"))["items"]!.AsArray(), key => (string)key!["name"]! == "Demo storefront");
    }
}
