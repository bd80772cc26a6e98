using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Vocabulary;
using static PersonalizationPlatform.Tests.SegmentApi.SegmentMessages;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>What each call means here, whom it names, and when it happened.</summary>
public sealed class TranslationTests
{
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
        var messages = EcommerceTranslationTests.Events.Select(row => Encoding.UTF8.GetBytes(With($$"""{"properties":{{row.Data.Item2}}}""",
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

    private static string Attributes(CustomerEvent record) =>
        string.Join('\n', record.Attributes.Select(a => $"{a.Name} {a.Value.GetRawText()}").Order(StringComparer.Ordinal));
}
