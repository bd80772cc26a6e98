using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.SegmentApi;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>What each call and each event of the e-commerce spec means here.</summary>
public sealed class TranslationTests
{
    private const string Jacket = """
        { "product_id": "1153", "sku": "WJ06", "category": "Women/Jackets", "name": "Juno Jacket", "brand": "Luma", "price": 62, "quantity": 2, "currency": "EUR" }
        """;

    private const string Line = """{ "sku": "WJ06", "name": "Juno Jacket", "quantity": 2, "total": 124, "currency": "EUR" }""";
    private const string Look = """{ "sku": "WJ06", "name": "Juno Jacket", "total": 62, "currency": "EUR" }""";

    /// <summary>Event, properties, then what becomes of it: kind, door with a public key, door with a secret key, and what is understood.</summary>
    public static readonly TheoryData<string, string, string, string, string, string> Events = new()
    {
        { "Products Searched", """{"query":"red pants"}""", "searchRequestSent", "storefront", "storefront", """{"search":{"query":"red pants"}}""" },
        { "Product List Viewed", $$"""{"list_id":"l","products":[{{Jacket}}]}""", "Product List Viewed", "storefront", "storefront", $$"""{"items":[{{Look}}]}""" },
        {
            "Product List Filtered", $$"""{"filters":[{"type":"color","value":"red"}],"products":[{{Jacket}}]}""", "Product List Filtered", "storefront", "storefront",
            $$"""{"search":{"filters":[{"attribute":"color","values":["red"],"isRange":false}]},"items":[{{Look}}]}"""
        },
        { "Product Viewed", Jacket, "productPageView", "storefront", "storefront", $$"""{"items":[{{Look}}]}""" },
        { "Viewed Product", """{"sku":"","product_id":"1153"}""", "productPageView", "storefront", "storefront", """{"items":[{"sku":"1153"}]}""" },
        { "Added Product", """{"products":[{"sku":"","product_id":"1153","quantity":1}]}""", "addToCart", "storefront", "storefront", """{"items":[{"sku":"1153","quantity":1}]}""" },
        { "Removed Product", """{"sku":"WJ06"}""", "removeFromCart", "storefront", "storefront", """{"items":[{"sku":"WJ06"}]}""" },
        { "Product Clicked", Jacket, "Product Clicked", "storefront", "storefront", $$"""{"items":[{{Look}}]}""" },
        { "Product Added", With(Jacket, """{"cart_id":"c1"}"""), "addToCart", "storefront", "storefront", $$"""{"cart":{"id":"c1","currency":"EUR"},"items":[{{Line}}]}""" },
        { "Product Removed", With(Jacket, """{"cart_id":"c1"}"""), "removeFromCart", "storefront", "storefront", $$"""{"cart":{"id":"c1","currency":"EUR"},"items":[{{Line}}]}""" },
        { "Wishlist Product Added to Cart", With(Jacket, """{"wishlist_id":"w"}"""), "addToCart", "storefront", "storefront", $$"""{"items":[{{Line}}]}""" },
        {
            "Cart Viewed", $$"""{"cart_id":"c1","currency":"EUR","products":[{{Jacket}}]}""", "shoppingCartView", "storefront", "storefront",
            $$"""{"cart":{"id":"c1","currency":"EUR"},"items":[{{Line}}]}"""
        },
        {
            "Checkout Started", $$"""{"order_id":"9","subtotal":124,"total":114,"discount":10,"coupon":"TEN","currency":"EUR","products":[{{Jacket}}]}""",
            "startCheckout", "storefront", "storefront",
            $$"""{"cart":{"subtotal":124,"grandTotal":114,"discount":10,"currency":"EUR","couponCode":"TEN"},"items":[{{Line}}]}"""
        },
        {
            "Started Order", $$"""{"value":109,"revenue":124,"shipping":5,"tax":10,"discount":15,"currency":"EUR","products":[{{Jacket}}]}""", "startCheckout", "storefront", "storefront",
            $$"""{"cart":{"grandTotal":109,"discount":15,"currency":"EUR"},"items":[{{Line}}]}"""
        },
        { "Checkout Step Viewed", """{"checkout_id":"k","step":2}""", "Checkout Step Viewed", "storefront", "storefront", "{}" },
        { "viewed checkout step", """{"checkout_id":"k","step":2}""", "Checkout Step Viewed", "storefront", "storefront", "{}" },
        { "Checkout Step Completed", """{"checkout_id":"k","step":2}""", "Checkout Step Completed", "storefront", "storefront", "{}" },
        { "Payment Info Entered", """{"checkout_id":"k","payment_method":"Visa"}""", "Payment Info Entered", "storefront", "storefront", "{}" },
        {
            "Order Completed",
            $$"""{"order_id":"9","total":128,"tax":10,"shipping":4,"shipping_method":"DHL","discount":10,"coupon":"TEN","currency":"EUR","payment_method":"Visa","products":[{{Jacket}}]}""",
            "completeCheckout", "storefront", "backOffice",
            $$"""
            {"orderId":"9","value":128,"currency":"EUR","order":{"tax":10,"discount":10,"shippingAmount":4,"shippingMethod":"DHL","couponCode":"TEN",
             "payments":[{"type":"Visa","amount":128,"currency":"EUR"}]},"items":[{{Line}}]}
            """
        },
        { "Order Completed", """{"order_id":9,"revenue":"100.50","tax":10,"shipping":4}""", "completeCheckout", "storefront", "backOffice", """{"orderId":"9","value":114.5,"order":{"tax":10,"shippingAmount":4}}""" },
        {
            "Completed Order", """{"order_id":"9","revenue":25,"subtotal":22.5,"shipping":3,"tax":2,"discount":2.5}""", "completeCheckout", "storefront", "backOffice",
            """{"orderId":"9","value":27.5,"order":{"tax":2,"shippingAmount":3,"discount":2.5}}"""
        },
        {
            "Order Completed", """{"order_id":"9","total":"","revenue":null,"subtotal":22.5,"shipping":3,"tax":2,"discount":2.5}""", "completeCheckout", "storefront", "backOffice",
            """{"orderId":"9","value":27.5,"order":{"tax":2,"shippingAmount":3,"discount":2.5}}"""
        },
        { "Order Completed", """{"order_id":"9","total":" ","revenue":40}""", "completeCheckout", "storefront", "backOffice", """{"orderId":"9","value":40}""" },
        { "Order Completed", """{"order_id":"9","value":40}""", "completeCheckout", "storefront", "backOffice", """{"orderId":"9","value":40}""" },
        { "Updated Order", """{"order_id":"9","status":"holded"}""", "Order Updated", "storefront", "backOffice", """{"orderId":"9","value":0,"order":{"status":"holded"}}""" },
        {
            "Order Updated", """{"order_id":"9","total":60,"currency":"EUR","status":"processing"}""", "Order Updated", "storefront", "backOffice",
            """{"orderId":"9","value":60,"currency":"EUR","order":{"status":"processing"}}"""
        },
        { "Order Refunded", """{"order_id":"9","total":30,"currency":"EUR"}""", "orderLineItemRefunded", "refused", "backOffice", """{"orderId":"9","value":0,"currency":"EUR","refunded":30}""" },
        { "Order Refunded", $$"""{"order_id":"9","products":[{{Jacket}}]}""", "orderLineItemRefunded", "refused", "backOffice", $$"""{"orderId":"9","value":0,"currency":"EUR","refunded":124,"items":[{{Line}}]}""" },
        { "Order Refunded", """{"order_id":"9","total":"","revenue":20,"currency":"EUR"}""", "orderLineItemRefunded", "refused", "backOffice", """{"orderId":"9","value":0,"currency":"EUR","refunded":20}""" },
        { "Order Refunded", """{"order_id":"9"}""", "orderLineItemRefunded", "refused", "backOffice", """{"orderId":"9","value":0,"order":{"status":"closed"}}""" },
        { "Order Cancelled", """{"order_id":"9","total":128,"currency":"EUR"}""", "orderCancelled", "refused", "backOffice", """{"orderId":"9","value":0,"currency":"EUR"}""" },
        { "Coupon Entered", """{"cart_id":"c1","coupon_id":"TEN"}""", "Coupon Entered", "storefront", "storefront", """{"cart":{"id":"c1"}}""" },
        { "Coupon Applied", """{"cart_id":"c1","coupon_id":"1","coupon_name":"TEN"}""", "Coupon Applied", "storefront", "storefront", """{"cart":{"id":"c1","couponCode":"TEN"}}""" },
        { "Coupon Denied", """{"coupon_id":"1","reason":"expired"}""", "Coupon Denied", "storefront", "storefront", "{}" },
        { "Coupon Removed", """{"coupon_id":"1"}""", "Coupon Removed", "storefront", "storefront", "{}" },
        { "Product Added to Wishlist", With(Jacket, """{"wishlist_id":"w"}"""), "addToWishlist", "storefront", "storefront", $$"""{"items":[{{Line}}]}""" },
        { "Product Removed from Wishlist", Jacket, "removeFromWishlist", "storefront", "storefront", $$"""{"items":[{{Line}}]}""" },
        { "Promotion Viewed", """{"promotion_id":"p","name":"Sale"}""", "Promotion Viewed", "storefront", "storefront", "{}" },
        { "Promotion Clicked", """{"promotion_id":"p","name":"Sale"}""", "Promotion Clicked", "storefront", "storefront", "{}" },
        { "Signed Up", """{"type":"organic"}""", "createAccount", "storefront", "backOffice", "{}" },
        { "Account Created", "{}", "createAccount", "storefront", "backOffice", "{}" },
        { "Signed In", """{"username":"jane"}""", "signIn", "storefront", "backOffice", "{}" },
        { "Signed Out", "{}", "signOut", "storefront", "backOffice", "{}" },
        { "Fitting Booked", With(Jacket, """{"room":"3"}"""), "Fitting Booked", "storefront", "storefront", $$"""{"items":[{{Line}}]}""" },
        { "commerce.backofficeOrderInvoiced", """{"order_id":"9"}""", "orderInvoiced", "refused", "backOffice", """{"orderId":"9","value":0}""" },
        { "userAccount.backofficeDeleteProfile", "{}", "accountDeleted", "refused", "refused", "{}" },
        { "profileRecord", "{}", "profileRecord", "refused", "refused", "{}" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_of_the_spec_means_this(string name, string properties, string kind, string publicDoor, string secretDoor, string understood)
    {
        var message = $$"""{ "type": "track", "event": "{{name}}", "messageId": "m", "userId": "42", "timestamp": "2026-11-22T15:00:00.000Z", "properties": {{properties}} }""";
        foreach (var (trusted, door) in new[] { (false, publicDoor), (true, secretDoor) })
        {
            if (door == "refused")
            {
                Assert.Equal(RefusalCodes.NeedsSecretKey, Refusal(message, trusted));
                continue;
            }

            var ev = Understand(message, trusted);
            Assert.Equal((kind, door, "m"), (ev.Kind, Name(ev.Door), ev.Id));
            Assert.Equal(message, Encoding.UTF8.GetString(ev.Body.Span));
            Assert.Empty(EventPicture.Differences(JsonNode.Parse(understood), Said(ev)));
        }
    }

    [Theory]
    [InlineData("page", """{"name":"Sale","category":"Category","properties":{"url":"https://s.test/sale","referrer":"https://g.test","title":"T"}}""",
        """{"url":"https://s.test/sale","referrer":"https://g.test","name":"Sale","siteSection":"Category"}""", "web")]
    [InlineData("page", """{"context":{"page":{"url":"https://s.test/","title":"Home"}}}""", """{"url":"https://s.test/","name":"Home"}""", "web")]
    [InlineData("screen", """{"name":"Cart","properties":{"category":"Checkout"},"context":{"device":{"type":"ios"}}}""", """{"name":"Cart","siteSection":"Checkout"}""", "mobile")]
    public void A_page_or_a_screen_is_a_page_view(string call, string more, string page, string channel)
    {
        var ev = Understand(With(more, $$"""{"type":"{{call}}","anonymousId":"a"}"""));
        Assert.Equal("pageView", ev.Kind);
        Assert.Equal(channel, ev.Content.Channel);
        Assert.Empty(EventPicture.Differences(JsonNode.Parse(page), EventPicture.Of(ev)["page"]));
    }

    [Theory]
    [InlineData("""{"type":"track","event":"X","anonymousId":"a","userId":"42"}""", "anonymousId:a CustomerId:42", "CustomerId:42 anonymousId:a")]
    [InlineData("""{"type":"track","event":"X","userId":42}""", "CustomerId:42", "CustomerId:42")]
    [InlineData("""{"type":"track","event":"Order Completed","anonymousId":"a","userId":"42"}""", "anonymousId:a CustomerId:42", "CustomerId:42 anonymousId:a", true)]
    [InlineData("""{"type":"track","event":"X","anonymousId":"a","userId":"Jane@Shop.test"}""", "anonymousId:a email:jane@shop.test", "email:jane@shop.test anonymousId:a")]
    [InlineData("""{"type":"identify","anonymousId":"a","userId":"42","traits":{"email":"j@s.test"}}""", "anonymousId:a CustomerId:42 email:j@s.test", "CustomerId:42 email:j@s.test anonymousId:a", true)]
    [InlineData("""{"type":"identify","anonymousId":"a","userId":"42","traits":{"email":"none of your business"}}""", "anonymousId:a CustomerId:42", "CustomerId:42 anonymousId:a", true)]
    [InlineData("""{"type":"page","anonymousId":"a","context":{"traits":{"email":"j@s.test"}}}""", "anonymousId:a email:j@s.test", "email:j@s.test anonymousId:a")]
    [InlineData("""{"type":"track","event":"Signed Up","anonymousId":"a","properties":{"email":"j@s.test"}}""", "anonymousId:a email:j@s.test", "email:j@s.test anonymousId:a", true)]
    [InlineData("""{"type":"track","event":"Friend Invited","anonymousId":"a","properties":{"email":"friend@s.test"}}""", "anonymousId:a", "anonymousId:a")]
    [InlineData("""{"type":"group","anonymousId":"a","userId":"42","groupId":"g","traits":{"email":"office@acme.test"}}""", "anonymousId:a CustomerId:42", "CustomerId:42 anonymousId:a", true)]
    [InlineData("""{"type":"alias","userId":"42","previousId":"anon-1"}""", "anonymousId:anon-1 CustomerId:42", "CustomerId:42 anonymousId:anon-1", true)]
    [InlineData("""{"type":"alias","anonymousId":"a","userId":"42","previousId":"j@s.test"}""", "anonymousId:a CustomerId:42 email:j@s.test", "CustomerId:42 email:j@s.test anonymousId:a", true)]
    [InlineData("""{"type":"alias","userId":"42","previousId":"42"}""", "CustomerId:42", "CustomerId:42", true)]
    [InlineData("""{"type":"track","event":"X","anonymousId":"","userId":null}""", "", "")]
    [InlineData("""{"type":"track","event":"X","anonymousId":"null","userId":"undefined"}""", "", "")]
    public void Whom_a_message_names(string message, string byBrowser, string byServer, bool trustedDoor = false)
    {
        Assert.Equal(byBrowser, string.Join(' ', Understand(message).Identities.Names()));
        // What shoppers do in the shop is about their device first, whoever tells it.
        Assert.Equal(trustedDoor || !message.Contains("anonymousId", StringComparison.Ordinal) ? byServer : byBrowser, string.Join(' ', Understand(message, trusted: true).Identities.Names()));
    }

    [Fact]
    public void An_address_by_digest_is_the_same_person_and_a_user_id_that_looks_like_one_is_a_customer()
    {
        var digest = new string('a', 64);
        Assert.Equal(["CustomerId:" + digest, "email:" + digest], Understand($$"""{"type":"identify","userId":"{{digest}}","traits":{"email":"{{digest}}" } }""").Identities.Names());
    }

    [Fact]
    public void A_trusted_identify_call_is_a_profile_record_with_every_trait()
    {
        var record = Understand("""
            { "type": "identify", "messageId": "m", "userId": "42", "timestamp": "2026-11-22T15:00:00Z",
              "traits": { "email": "jane@shop.test", "firstName": "Jane", "last_name": "Doe", "birthday": "1990-04-02", "gender": "female", "phone": "+49", "createdAt": "2025-01-10T00:00:00Z",
                "address": { "street": "Main 1", "city": "Berlin", "postalCode": "10115", "state": "BE", "country": "DE" },
                "plan": "gold", "shoeSize": 42, "customerId": "7", "id": "8", "company": { "id": "g", "name": "Acme" } },
              "context": { "traits": { "plan": "older", "newsletter": true } } }
            """, trusted: true);
        Assert.Equal((EventDoor.Profiles, EventKinds.ProfileRecord), (record.Door, record.Kind));
        Assert.Equal(["CustomerId:42", "email:jane@shop.test"], record.Identities.Names());
        Assert.Equal(
            """
            addresses [{"street":"Main 1","city":"Berlin","state":"BE","postalCode":"10115","country":"DE","roles":[],"other":{}}]
            attributes.company.id "g"
            attributes.company.name "Acme"
            attributes.customerId "7"
            attributes.id "8"
            attributes.plan "gold"
            attributes.shoeSize 42
            birthDate "1990-04-02"
            customerSince "2025-01-10T00:00:00+00:00"
            email "jane@shop.test"
            firstName "Jane"
            gender "female"
            lastName "Doe"
            newsletter true
            phone "\u002B49"
            """, Attributes(record), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_browser_asserts_no_attributes()
    {
        var ev = Understand("""{ "type": "identify", "anonymousId": "a", "userId": "42", "traits": { "firstName": "Mallory", "group": "wholesale" } }""");
        Assert.Equal((EventDoor.Storefront, "identify"), (ev.Door, ev.Kind));
        Assert.Empty(ev.Attributes);
    }

    [Fact]
    public void A_trusted_group_call_tells_the_company_of_a_person()
    {
        var record = Understand("""{ "type": "group", "userId": "42", "groupId": "company-9", "traits": { "name": "Acme", "employees": 12, "id": "no", "email": "office@acme.test" } }""", trusted: true);
        Assert.Equal(["CustomerId:42"], record.Identities.Names());
        Assert.Equal(
            "attributes.company.email \"office@acme.test\"\nattributes.company.employees 12\nattributes.company.id \"company-9\"\nattributes.company.name \"Acme\"", Attributes(record));
    }

    [Theory]
    [InlineData("""{"Analytics":true,"Advertising":false}""", "collect+ share-")]
    [InlineData("""{"analytics":true,"Performance":false}""", "collect-")]
    [InlineData("""{"C0001":true,"C0002":true,"C0003":false,"C0004":true}""", "collect+ personalize- share+")]
    [InlineData("""{"Functional":"yes","Unheard of":false}""", "")]
    public void Consent_by_category_is_consent_by_purpose(string preferences, string consents)
    {
        var message = $$"""{"type":"page","anonymousId":"a","context":{"consent":{"categoryPreferences":{{preferences}} } } }""";
        Assert.Equal(consents, string.Join(' ', Understand(message).Consents.Select(c => c.Purpose + (c.In ? "+" : "-"))));
        // Of a person nobody in the shop's pages can decide.
        Assert.Empty(Understand(message.Replace("anonymousId", "userId")).Consents);
    }

    [Theory]
    [InlineData(null, null, "2026-11-22T15:00:00Z")]
    [InlineData("2026-11-22T15:00:10Z", null, "2026-11-22T17:59:50Z")]
    [InlineData(null, "2026-11-22T15:00:10Z", "2026-11-22T17:59:50Z")]
    [InlineData("2026-11-22T20:00:00Z", "2026-11-22T15:00:10Z", "2026-11-22T13:00:00Z")]
    [InlineData("2026-11-21T17:59:59Z", null, "2026-11-22T15:00:00Z")]
    [InlineData("2026-11-22T17:59:55Z", null, "2026-11-22T15:00:00Z")]
    [InlineData("2026-11-22T17:59:54Z", null, "2026-11-22T15:00:06Z")]
    [InlineData("2026-11-22T18:00:05Z", null, "2026-11-22T15:00:00Z")]
    [InlineData("yesterday", null, "2026-11-22T15:00:00Z")]
    public void The_clock_of_the_client_is_put_right_by_when_it_sent_the_message(string? sentAt, string? batchSentAt, string counts)
    {
        var message = JsonNode.Parse("""{"type":"page","anonymousId":"a","timestamp":"2026-11-22T15:00:00Z"}""")!;
        message["sentAt"] = sentAt;
        var ev = Understand(message.ToJsonString(), sentAt: batchSentAt);
        Assert.Equal(DateTimeOffset.Parse("2026-11-22T15:00:00Z"), ev.OccurredAt);
        Assert.Equal(DateTimeOffset.Parse(counts), ev.CorrectedAt ?? ev.OccurredAt);
    }

    [Fact]
    public void A_message_sent_again_later_is_the_same_event_even_without_an_id()
    {
        const string message = """{"type":"track","event":"X","anonymousId":"a","timestamp":"2026-11-22T15:00:00Z","properties":{"n":1}}""";
        Assert.Equal(Understand(message).Key, Understand(message, sentAt: "2026-11-22T15:00:10Z").Key);
        Assert.NotEqual(Understand(message).Key, Understand(message.Replace("\"n\":1", "\"n\":2")).Key);
        const string named = """{"type":"identify","messageId":"m","userId":"42","sentAt":"2026-11-22T15:00:00Z","traits":{"a":1}}""";
        Assert.Equal(Understand(named, trusted: true).Key, Understand(named.Replace("15:00:00", "15:00:09"), trusted: true).Key);
    }

    [Theory]
    [InlineData("""{"type":"TRACK","event":"product viewed"}""", "productPageView")]
    [InlineData("""{"event":"Product Viewed"}""", "productPageView")]
    [InlineData("""{"type":"track"}""", "custom")]
    [InlineData("""{"type":"fitting"}""", "fitting")]
    [InlineData("""{"type":"track","event":"add-to-cart"}""", "addToCart")]
    public void A_message_is_known_by_its_type_and_name(string message, string kind) => Assert.Equal(kind, Understand(message).Kind);

    [Theory]
    [InlineData("7", "event.notAnObject")]
    [InlineData("""{"type":"track","event":"X","timestamp":1795362304192}""", "time.invalid")]
    [InlineData("""{"type":"track","event":"X","timestamp":"2026-11-24T15:00:00Z"}""", "time.inFuture")]
    [InlineData("""{"type":"track","event":"Product Added","properties":{"sku":"a","price":1e300}}""", "value.outOfRange")]
    [InlineData("""{"type":"track","event":"Product Added","properties":{"sku":"a","price":9999999999999,"quantity":9999999999999}}""", "value.outOfRange")]
    public void What_cannot_be_stored_is_refused(string message, string code) => Assert.Equal(code, Refusal(message, trusted: false));

    [Fact]
    public void Refunds_of_any_number_of_absurd_lines_are_refused_and_nothing_else()
    {
        var lines = string.Join(',', Enumerable.Repeat("""{"sku":"a","price":9999999999999,"quantity":9999999999999}""", 900));
        Assert.Equal("value.outOfRange", Refusal($$"""{"type":"track","event":"Order Refunded","properties":{"order_id":"1","products":[{{lines}}] } }""", trusted: true));
    }

    [Fact]
    public void Depth_and_halves_of_letters_harm_nobody()
    {
        Assert.Equal("event.tooDeep", Refusal($$"""{"type":"track","event":"X","properties":{{Nested(40)}}}""", trusted: false));
        var ev = Understand("""{"type":"track","event":"X\ud800","anonymousId":"a\u0000b","properties":{"\udc00":"\ud83d"}}""");
        Assert.Equal("X\uFFFD", ev.Kind);
        Assert.Equal(["anonymousId:a\uFFFDb"], ev.Identities.Names());

        static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_damaged_message_is_understood_or_refused(int seed)
    {
        var random = new Random(seed);
        var messages = Events.Select(row => Encoding.UTF8.GetBytes(With($$"""{"properties":{{row.Data.Item2}}}""",
            $$$"""{"type":"track","event":"{{{row.Data.Item1}}}","userId":"4","traits":{"email":"a@b.c"},"context":{"consent":{"categoryPreferences":{"Analytics":true} } } }"""))).ToArray();
        string[] scraps = ["null", "{}", "[]", "1e999", "\"\\ud800\"", "\"\\u0000\"", "[{\"a\":[]}]", "\"", "}", "-0", "\"NaN\"", "\xff"];
        var (understood, refused) = (0, 0);
        for (var round = 0; round < 4000; round++)
        {
            var damaged = messages[random.Next(messages.Length)].ToList();
            for (var times = random.Next(1, 3); times > 0; times--)
            {
                var at = random.Next(damaged.Count);
                damaged.RemoveRange(at, Math.Min(random.Next(6), damaged.Count - at));
                damaged.InsertRange(at, Encoding.Latin1.GetBytes(scraps[random.Next(scraps.Length)]));
            }

            var (door, arrival) = Translate([.. damaged], random.Next(2) == 0, null);
            if (XdmEventReader.TryRead(arrival, door, Understood.Limits(door), out _, out _))
                understood++;
            else
                refused++;
        }

        Assert.True(understood > 50 && refused > 50, $"{understood} understood, {refused} refused: the damage is too even.");
    }

    private static CustomerEvent Understand(string message, bool trusted = false, string? sentAt = null)
    {
        var (door, arrival) = Translate(Encoding.UTF8.GetBytes(message), trusted, sentAt);
        return XdmEventReader.TryRead(arrival, door, Understood.Limits(door), out var ev, out var refusal)
            ? ev : throw new InvalidOperationException($"Refused: {refusal.Code}: {refusal.Detail}");
    }

    private static string? Refusal(string message, bool trusted)
    {
        var (door, arrival) = Translate(Encoding.UTF8.GetBytes(message), trusted, null);
        return XdmEventReader.TryRead(arrival, door, Understood.Limits(door), out _, out var refusal) ? null : refusal.Code;
    }

    private static (EventDoor Door, Arrival Arrival) Translate(byte[] message, bool trusted, string? sentAt) =>
        SegmentTranslator.Translate(message, null, new SegmentRequest(trusted, null, sentAt, null, Understood.ReceivedAt), new SegmentOptions(), 32);

    private static string Name(EventDoor door) => door switch { EventDoor.Storefront => "storefront", EventDoor.BackOffice => "backOffice", _ => "profiles" };

    /// <summary>What an event says of commerce, without what every one of these has.</summary>
    private static JsonObject Said(CustomerEvent ev)
    {
        var picture = EventPicture.Of(ev);
        foreach (var common in (string[])["kind", "eventType", "id", "occurredAt", "identities", "skus", "categories", "environment"])
            picture.Remove(common);
        if (ev.Content.Order?.Refunds.Sum(refund => refund.Amount) is > 0 and var refunded)
            picture["refunded"] = refunded;
        if (ev.Content.Search is not null && picture["search"]!["filters"] is JsonArray { Count: 0 })
            picture["search"]!.AsObject().Remove("filters");
        picture["search"]?.AsObject().Remove("suggestions");
        foreach (var item in picture["items"]!.AsArray())
            item!.AsObject().Remove("attributes");
        if (picture["items"] is JsonArray { Count: 0 })
            picture.Remove("items");
        if (picture["order"] is JsonObject order)
        {
            foreach (var empty in order.Where(member => member.Value is JsonArray { Count: 0 }).Select(member => member.Key).ToList())
                order.Remove(empty);
            if (order.Count == 0)
                picture.Remove("order");
        }

        return picture;
    }

    private static string Attributes(CustomerEvent record) =>
        string.Join('\n', record.Attributes.Select(a => $"{a.Name} {a.Value.GetRawText()}").Order(StringComparer.Ordinal));

    private static string With(string json, string more)
    {
        var merged = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse(more)!.AsObject())
            merged[name] = value?.DeepClone();
        return merged.ToJsonString();
    }
}
