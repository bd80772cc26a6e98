using System.Text;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Events;

public sealed class XdmEventReaderTests
{
    [Theory]
    [InlineData("2026-11-22T10:00:00Z", 0)]
    [InlineData("2026-11-22T12:00:00.123456789+02:00", 1234560)]
    [InlineData("2026-11-22T10:00:00.1z", 1000000)]
    [InlineData("2026-11-22t05:00:00,999999999-0500", 9999990)]
    [InlineData("2026-11-22 10:00+00", 0)]
    public void Times_are_read_in_every_iso_form_and_cut_to_the_microsecond(string sent, long ticks)
    {
        var at = Understood.Event($$"""{"timestamp":"{{sent}}"}""").OccurredAt;
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(ticks), at);
        Assert.Equal(TimeSpan.Zero, at!.Value.Offset);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"timestamp":null}""")]
    [InlineData("""{"timestamp":""}""")]
    [InlineData("""{"timestamp":"  "}""")]
    public void An_event_without_a_time_has_none(string json) => Assert.Null(Understood.Event(json).OccurredAt);

    [Fact]
    public void The_key_is_made_from_the_id_else_from_the_bytes()
    {
        Assert.Equal(Understood.Event("""{"_id":"a"}""").Key, Understood.Event("""{ "_id": "a", "more": 1 }""").Key);
        Assert.NotEqual(Understood.Event("""{"_id":"a"}""").Key, Understood.Event("""{"_id":"b"}""").Key);
        Assert.Equal(Understood.Event("""{"x":1}""").Key, Understood.Event("""{"x":1}""").Key);
        Assert.NotEqual(Understood.Event("""{"x":1}""").Key, Understood.Event("""{ "x":1}""").Key);
    }

    [Theory]
    [InlineData("""{"identityMap":{"email":[{"id":"A@x.de"}],"ECID":[{"id":"7","primary":true}]}}""", "ECID:7 email:a@x.de")]
    [InlineData("""{"identityMap":{"ECID":[{"id":"7"}],"Email":[{"id":"a@x.de"}],"CustomerId":[{"id":42}]}}""", "CustomerId:42 email:a@x.de ECID:7")]
    [InlineData("""{"identityMap":{"ECID":{"id":"7"},"loyalty":["L1"]}}""", "ECID:7 loyalty:L1")]
    [InlineData("""{"personID":"7","personalEmail":{"address":"a@x.de"},"person":{"accountID":"42"}}""", "ECID:7 CustomerId:42 email:a@x.de")]
    [InlineData("""{"personalEmail":{"address":" A@X.de "},"person":{"personalEmailID":"a@x.de"}}""", "email:a@x.de")]
    [InlineData("""{"identityMap":{"ECID":[{"id":"000000000000000000000000000000000000","primary":true}]},"personID":"000000000000000000000000000000000000"}""", "")]
    [InlineData("""{"identityMap":{"CORE":[{"id":"1","primary":true}],"ECID":[{"id":"undefined"},{"id":null},{"id":"7"}]}}""", "ECID:7")]
    [InlineData("""{"person":{},"personalEmail":{}}""", "")]
    public void Its_own_identity_comes_first(string json, string identities) =>
        Assert.Equal(identities.Split(' ', StringSplitOptions.RemoveEmptyEntries), Understood.Event(json).Identities.Names());

    [Fact]
    public void An_e_mail_and_its_digest_are_one_identity()
    {
        const string digest = "5ff860bf1190596c7188ab851db691f0f3169c453936e9e1eba2f9a47f7a0018";
        Assert.Single(Understood.Event($$$"""{"identityMap":{"Email_LC_SHA256":[{"id":"{{{digest}}}"}],"email":[{"id":"{{{digest.ToUpperInvariant()}}}"}]}}""").Identities);
    }

    [Fact]
    public void At_most_fifty_identities_are_taken()
    {
        var many = string.Join(',', Enumerable.Range(1, 80).Select(i => "{\"id\":\"d" + i + "\"}"));
        Assert.Equal(50, Understood.Event($$$"""{"identityMap":{"ECID":[{{{many}}}]}}""").Identities.Count);
    }

    [Fact]
    public void Amounts_may_be_numbers_or_text_and_prices_null()
    {
        var items = Understood.Event("""{"productListItems":[{"SKU":"a","quantity":"2","priceTotal":"19.90","discountAmount":null},{"SKU":"b","priceTotal":1.50000000000000000000000000000009},null,7]}""").Content.Items;
        Assert.Equal(2, items.Count);
        Assert.Equal((2m, 19.90m, null), (items[0].Quantity, items[0].Total, items[0].Discount));
        Assert.Equal("1.5", items[1].Total!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Lines_keep_options_and_every_other_scalar()
    {
        var line = Understood.Event("""
            {"productListItems":{"id":"l1","SKU":"a","selectedOptions":[{"attribute":"Color","value":"Green"}],"productCategory":"Jackets","_acme":{"gift":true},
             "categories":[{"id":"15","name":"Pants","path":"Men/Pants/Summer"}],"productCategories":[{"categoryID":"16"}],
             "returnItem":{"returnReason":"size","eturnQuantityReceived":1}}}
            """).Content.Items.Single();
        Assert.Equal("l1", line.Id);
        Assert.Equal(["16", "15", "Pants", "Men", "Summer"], line.Categories);
        Assert.Equal("Green", line.Attributes["Color"]);
        Assert.Equal("Jackets", line.Attributes["productCategory"]);
        Assert.Equal("true", line.Attributes["_acme.gift"]);
        Assert.Equal("size", line.Attributes["returnItem.returnReason"]);
        Assert.Equal("1", line.Attributes["returnItem.returnQuantityReceived"]);
    }

    [Fact]
    public void A_back_office_order_is_read_in_the_documented_shape()
    {
        var content = Understood.Event("""
            {"eventType":"commerce.backofficeOrderPlaced","commerce":{"commerceScope":{"environmentID":"e","websiteCode":"base","storeCode":"s","storeViewCode":"v"},
             "order":{"purchaseID":"0001","payments":[{"paymentTransactionID":"t1","paymentAmount":"100.5","paymentType":"paypal","currencyCode":"EUR"}],
                      "taxAmount":1.5,"discountAmount":2,"createdDate":"2022-10-15T20:20:39+00:00"},
             "shipping":{"shippingMethod":"flat","shippingAmount":5,"trackingNumber":123,"address":{"street1":"A 1","street2":"b","city":"Berlin","postalCode":"10115","country":"DE","firstname":"Ann"}},
             "billing":{"address":{"street":["C 2"],"city":"Wien","region":{"region_code":"W"},"country_id":"AT"}}}}
            """).Content;
        var order = content.Order!;
        Assert.Equal(("0001", "EUR", 1.5m, 2m, 5m, "123"), (order.PurchaseId, order.Currency, order.Tax, order.Discount, order.ShippingAmount, order.TrackingNumber));
        Assert.Equal(new Payment("paypal", 100.5m, "EUR", "t1"), order.Payments.Single());
        Assert.Equal(new DateTimeOffset(2022, 10, 15, 20, 20, 39, TimeSpan.Zero), order.CreatedAt);
        Assert.Equal(("A 1, b", "Berlin", "10115", "DE", null), (order.ShippingAddress!.Street, order.ShippingAddress.City, order.ShippingAddress.PostalCode, order.ShippingAddress.Country, order.ShippingAddress.FirstName));
        Assert.Equal(("C 2", "W", "AT"), (order.BillingAddress!.Street, order.BillingAddress.State, order.BillingAddress.Country));
        Assert.Equal(("e", "base", "s", "v"), (content.Environment, content.Website, content.Store, content.StoreView));
    }

    [Theory]
    [InlineData("""{"commerce":{"refunds":[{"transactionID":"r","refundAmount":"9.5","currencyCode":"EUR"}],"order":{"purchaseID":"1"}}}""")]
    [InlineData("""{"commerce":{"order":{"purchaseID":"1","refunds":{"transactionID":"r","refundAmount":9.5,"currencyCode":"EUR"}}}}""")]
    public void Refunds_are_found_on_both_paths(string json) =>
        Assert.Equal(new Refund(9.5m, "EUR", null, "r", null), Understood.Event(json).Content.Order!.Refunds.Single());

    [Theory]
    [InlineData("""{"returnID":"R1","returnStatus":"pending"}""")]
    [InlineData("""[{"returnID":"R1","returnStatus":"pending"}]""")]
    public void Returns_may_be_an_object_or_a_list(string returns)
    {
        var order = Understood.Event($$$$"""{"eventType":"orderItemsReturnInitiated","commerce":{"order":{"purchaseID":"1","returns":{{{{returns}}}}}}}""").Content.Order!;
        Assert.Equal(("R1", "pending"), (order.ReturnId, order.ReturnStatus));
    }

    [Fact]
    public void The_order_member_of_a_cart_event_is_the_carts_discount()
    {
        var content = Understood.Event("""
            {"eventType":"commerce.checkouts","commerce":{"cart":{"cartID":"c","subtotal":"80","grandTotal":75.5,"couponCode":"H20"},"order":{"discountAmount":4.5}},
             "productListItems":[{"SKU":"a","currencyCode":"EUR"}]}
            """).Content;
        Assert.Null(content.Order);
        Assert.Equal(new CartContent { Id = "c", Subtotal = 80, GrandTotal = 75.5m, Discount = 4.5m, Currency = "EUR", CouponCode = "H20" }, content.Cart);
    }

    [Theory]
    [InlineData("""{}""", false)]
    [InlineData("""{"productListItems":null}""", false)]
    [InlineData("""{"productListItems":[]}""", true)]
    [InlineData("""{"productListItems":[{"SKU":"a"}]}""", false)]
    [InlineData("""{"productListItems":{"SKU":"a"}}""", false)]
    public void No_list_of_lines_is_something_else_than_an_empty_one(string json, bool empty) =>
        Assert.Equal(empty, Understood.Event(json).Content.ItemsEmpty);

    [Theory]
    [InlineData("", """[{"SKU":"a","refundAmount":"60"},{"SKU":"b"},{"SKU":"c","refundAmount":40}]""", 100)]
    [InlineData("", """[{"SKU":"a","quantity":1}]""", null)]
    [InlineData(""","refundTotal":70""", """[{"SKU":"a","refundAmount":60}]""", 70)]
    [InlineData(""","refunds":[{"refundAmount":50}]""", """[{"SKU":"a","refundAmount":60}]""", 50)]
    public void What_the_lines_of_a_credit_memo_pay_back_counts_where_nothing_says_the_whole(string order, string lines, int? refunded)
    {
        var json = $$$"""{"eventType":"TYPE","commerce":{"order":{"purchaseID":"1","currencyCode":"EUR"{{{order}}}}},"productListItems":{{{lines}}}}""";
        var memo = Understood.Event(json.Replace("TYPE", "commerce.backofficeCreditMemoIssued")).Content.Order!;
        Assert.Equal(refunded, memo.Refunds.SingleOrDefault()?.Amount);
        Assert.All(memo.Refunds, refund => Assert.True(refund.Currency is "EUR" || order.Contains("refunds")));
        if (order.Length == 0)
            Assert.Empty(Understood.Event(json.Replace("TYPE", "commerce.backofficeOrderItemsReturnCompleted")).Content.Order!.Refunds);
    }

    [Fact]
    public void Search_filters_are_read_from_both_names_and_lost_attributes_stay_unknown()
    {
        var search = Understood.Event("""
            {"searchRequest":{"value":1,"id":"s1"},"siteSearch":{"query":"red","refinements":[{"value":[],"isRange":false}],"filter":[{"attribute":"color","value":["Red"],"isRange":false}]}}
            """).Content.Search!;
        Assert.Equal(("s1", "red"), (search.Id, search.Query));
        Assert.Equal([null, "color"], search.Filters.Select(f => f.Attribute));
        Assert.Equal("Red", search.Filters[1].Values.Single());
    }

    [Fact]
    public void Text_no_database_can_hold_is_replaced_and_the_body_kept()
    {
        const string json = """{"eventType":"a\u0000b","web":{"webPageDetails":{"name":"x\ud800y \ud83d\ude00 \\u0000"}},"\udc00":1}""";
        var ev = Understood.Event(json);
        Assert.Equal("a\uFFFDb", ev.Kind);
        Assert.Equal("x\uFFFDy \U0001F600 \\u0000", ev.Content.Page!.Name);
        Assert.Equal(json, Encoding.UTF8.GetString(ev.Body.Span));
    }

    [Fact]
    public void Only_a_device_consents_for_itself_at_the_public_door()
    {
        const string consents = """ "consents":{"collect":{"val":"n"},"share":{"val":"p"},"personalize":{"content":{"val":"y"}},"marketing":{"preferred":"email","email":{"val":"out"}},"metadata":{"time":"x"}} """;
        var ofDevice = $$"""{"personID":"7",{{consents}}}""";
        var ofPerson = $$"""{"personalEmail":{"address":"a@x.de"},{{consents}}}""";
        ConsentAssertion[] choices = [new("collect", false), new("personalize", true), new("marketing.email", false)];
        Assert.Equal(choices, Understood.Event(ofDevice, EventDoor.Storefront).Consents);
        Assert.Empty(Understood.Event(ofPerson, EventDoor.Storefront).Consents);
        Assert.Equal(choices, Understood.Event(ofPerson, EventDoor.BackOffice).Consents);
        Assert.Equal(choices, Understood.Record(ofPerson).Consents);
    }
}
