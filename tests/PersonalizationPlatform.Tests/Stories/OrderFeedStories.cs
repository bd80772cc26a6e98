using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Stories.Rules;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>What a shop's order feed means beside everything else that is known. What each record becomes is in <c>tests/contracts/order-feed</c>.</summary>
public sealed class OrderFeedStories(PlatformServer server) : StoryTest(new PlatformHost(server))
{
    [Fact]
    public async Task An_order_told_by_the_page_and_by_the_feed_is_one_and_the_feed_wins()
    {
        await Story.SegmentAsync("ordered", Ordered);
        await Story.BrowseAsync(Story.Order(Purchase, "ECID:phone email:ann", "1", 90));
        Assert.Equal("1 pending 90", await Story.OrdersAsync("email:ann"));
        Assert.Equal("2/0 ", await PushAsync(Record("1", "processing", customer: "ann", updated: 30)));
        Assert.Equal("1 processing 100", await Story.OrdersAsync("email:ann"));
        Assert.Equal("1 processing 100", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal("ordered", await Story.SegmentsAsync("CustomerId:ann"));
    }

    [Fact]
    public async Task Conditions_reach_what_the_shop_says_in_adobes_names_and_in_its_own()
    {
        await Story.SegmentAsync("gift", Data("backofficeOrderPlaced", "commerce.order.giftMessage", "Enjoy"));
        await Story.SegmentAsync("note", Data("backofficeOrderPlaced", "order.customerNote", "Ring twice"));
        await Story.SegmentAsync("tracked", Data("orderItemsShipped", "shipment.trackingInfo.shippingCarrier", "dhl"));
        await Story.SegmentAsync("engraved", """{ "type": "anyOrder", "of": { "type": "anyItem", "of": { "type": "compare", "field": "item.attributes.engraving", "operator": "equals", "value": "A" } } }""");
        var record = Record("1", "complete", "ann");
        record["customerNote"] = "Ring twice";
        record["additionalInformation"] = JsonNode.Parse("""[{ "name": "giftMessage", "value": "Enjoy" }]""");
        record["items"]![0]!["additionalInformation"] = JsonNode.Parse("""[{ "name": "engraving", "value": "A" }]""");
        record["shipments"] = JsonNode.Parse("""[{ "shipmentId": { "id": "s1" }, "createdAt": "2026-06-15T11:30:00Z", "trackingInfo": { "shippingCarrier": "dhl", "trackingNumber": "JD1" }, "items": [{ "orderItemId": { "id": "i1" }, "qtyShipped": 1 }] }]""");
        await PushAsync(record);
        Assert.Equal("engraved gift note tracked", await Story.SegmentsAsync("CustomerId:ann"));
    }

    [Fact]
    public async Task The_same_record_pushed_many_times_at_once_is_stored_once()
    {
        var record = Record("1", "processing", "ann");
        record["invoices"] = JsonNode.Parse("""[{ "entityId": "1", "grandTotal": 100, "createdAt": "2026-06-15T11:10:00Z" }]""");
        var accepted = new int[20];
        await Traffic.AtOnceAsync(20, async n => accepted[n] = (int)(await PostAsync(record))["accepted"]!);
        Assert.Equal(3, accepted.Sum());
        Assert.Equal(3, await Host.ValueAsync<long>("select count(*) from event"));
    }

    [Fact]
    public async Task Two_versions_of_an_order_in_one_request_are_one_order_even_if_its_customer_changed_between_them()
    {
        var guest = Record("1", "pending", customer: null);
        var customer = Record("1", "processing", "ann", updated: 10);
        Assert.Equal("3/1 ", await PushAsync(guest, customer));
        Assert.Equal("1 processing 100", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal(1, await Host.ValueAsync<long>("select count(*) from event where kind = 'backofficeOrderPlaced'"));
        Assert.Equal("0/4 ", await PushAsync(customer, guest));
    }

    [Fact]
    public async Task Who_was_erased_does_not_come_back_with_what_the_feed_tells_again()
    {
        var record = Record("1", "processing", "ann");
        await PushAsync(record);
        Story.Later("PT1M");
        await Story.EraseAsync("CustomerId:ann");
        Assert.Equal("0/2 ", await PushAsync(record));
        Assert.Empty((await Story.ProfileAsync("CustomerId:ann"))["identities"]!.AsArray());
        Assert.Equal("", await Story.OrdersAsync("CustomerId:ann"));
        Assert.Equal(0, await Host.ValueAsync<long>("select count(*) from event"));
    }

    [Fact]
    public async Task What_is_refused_is_kept_with_the_record_found_by_erasure_and_refused_again_when_it_is_tried_again()
    {
        var record = Record("1", "processing", "ann");
        record.Remove("createdAt");
        var nameless = Record("1", "processing", "ann");
        nameless.Remove("commerceOrderNumber");
        Assert.Equal("0/0 0:time.invalid 1:order.noNumber", await PushAsync(record, nameless));
        var kept = (await Host.Admin.GetJsonAsync("/v1/refused-events"))["items"]!.AsArray();
        Assert.Equal(["order.noNumber", "time.invalid"], kept.Select(item => (string)item!["code"]!));
        foreach (var item in kept)
        {
            Assert.Equal(Story.Own("ann"), (string)item!["body"]!["order"]!["customerId"]!);
            var retried = await Host.Admin.PostJsonAsync($"/v1/refused-events/{item["id"]}/retry", "");
            Assert.Equal(0, (int)retried["accepted"]!);
        }

        Assert.Equal(0, await Host.ValueAsync<long>("select count(*) from event"));
        await PushAsync(Record("2", "processing", "ann"));
        await Story.EraseAsync("CustomerId:ann");
        Assert.Empty((await Host.Admin.GetJsonAsync("/v1/refused-events"))["items"]!.AsArray());
    }

    [Fact]
    public async Task An_order_that_names_no_website_is_of_the_keys()
    {
        await Host.WebsiteAsync("fr");
        var key = (string)(await Host.Admin.PostJsonAsync("/v1/keys", """{ "name": "fr", "kind": "secret", "scopes": ["collect"], "website": "fr" }""", HttpStatusCode.Created))["key"]!;
        var record = Record("1", "processing", "ann");
        record.Remove("websiteCode");
        var client = Host.Client(key);
        for (var accepted = 2; accepted >= 0; accepted -= 2)
            Assert.Equal(accepted, (int)(await client.PostJsonAsync("/v1/events/orders", record.ToJsonString(), HttpStatusCode.Accepted))["accepted"]!);
        Assert.Equal("fr", (string)(await Story.GetAsync("profiles", "CustomerId:ann", "/orders"))["items"]![0]!["website"]!);
        Assert.Equal($"orderV2:fr:{Story.Own("1")}:backofficeOrderPlaced", await Host.ValueAsync<string>("select id from event where kind = 'backofficeOrderPlaced'"));
    }

    [Fact]
    public async Task Only_the_shops_servers_may_push_and_the_body_may_be_zipped_and_sent_under_a_key()
    {
        var body = Record("1", "processing", "ann").ToJsonString();
        using (var refused = await Host.Browser.PostTextAsync("/v1/events/orders", body))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var refused = await Host.Anonymous.PostTextAsync("/v1/events/orders", body))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);

        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(body), TestContext.Current.CancellationToken);
        foreach (var path in new[] { "orders", "orders", "back-office" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events/" + path) { Content = new ByteArrayContent(zipped.ToArray()) };
            request.Content.Headers.ContentEncoding.Add("gzip");
            request.Headers.Add("Idempotency-Key", "once");
            using var answer = await Host.BackOffice.SendAsync(request, TestContext.Current.CancellationToken);
            // The same bytes at another door are another request.
            Assert.Equal(path == "orders" ? HttpStatusCode.Accepted : HttpStatusCode.UnprocessableEntity, answer.StatusCode);
            if (path == "orders")
                Assert.Equal(2, (int)(await answer.JsonAsync(HttpStatusCode.Accepted))["accepted"]!);
        }
    }

    [Fact]
    public async Task A_request_that_tells_of_more_than_a_batch_is_taken_in_parts()
    {
        var records = Enumerable.Range(1, 9).Select(n =>
        {
            var record = Record(n.ToString(System.Globalization.CultureInfo.InvariantCulture), "processing", "ann");
            record["invoices"] = new JsonArray([.. Enumerable.Range(1, 250).Select(i => JsonNode.Parse($$"""{ "entityId": "{{n}}-{{i}}", "grandTotal": 1, "createdAt": "2026-06-15T11:10:00Z" }"""))]);
            return record;
        }).ToArray();
        Assert.Equal($"{9 * 252}/0 ", await PushAsync(records));
        Assert.Equal($"0/{9 * 252} ", await PushAsync(records));
        using var many = await Host.BackOffice.PostTextAsync("/v1/events/orders", new JsonArray([.. Enumerable.Repeat(0, 1001).Select(_ => new JsonObject())]).ToJsonString());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, many.StatusCode);
    }

    /// <summary>An order of 100 placed an hour ago.</summary>
    private JsonObject Record(string number, string status, string? customer, int updated = 0)
    {
        var record = JsonNode.Parse($$"""
            { "createdAt": "2026-06-15T11:00:00+00:00", "updatedAt": "2026-06-15T11:{{updated:00}}:00+00:00", "status": "{{status}}", "grandTotal": 100, "currency": "USD",
              "websiteCode": "base", "payment": { "paymentMethodCode": "checkmo" },
              "items": [ { "itemId": { "id": "i1" }, "entityId": "1", "sku": "a", "qtyOrdered": 1, "unitPrice": 100, "itemPrice": 100 } ] }
            """)!.AsObject();
        record["commerceOrderNumber"] = Story.Own(number);
        record["customerEmail"] = Story.Identity("email:ann").Id;
        if (customer is not null)
            record["customerId"] = Story.Own(customer);
        return record;
    }

    private static string Data(string kind, string path, string value) =>
        $$"""{ "type": "happened", "event": "{{kind}}", "where": { "type": "compare", "field": "event.data.{{path}}", "operator": "equals", "value": "{{value}}" } }""";

    /// <summary>Accepted, duplicates, and the positions and codes of what was refused.</summary>
    private async Task<string> PushAsync(params JsonObject[] records)
    {
        var answer = await PostAsync(new JsonArray([.. records.Select(record => record.DeepClone())]));
        return $"{answer["accepted"]}/{answer["duplicates"]} " + string.Join(' ', answer["refused"]!.AsArray().Select(r => $"{r!["index"]}:{r["code"]}"));
    }

    private Task<JsonNode> PostAsync(JsonNode body) => Host.BackOffice.PostJsonAsync("/v1/events/orders", body.ToJsonString(), HttpStatusCode.Accepted);
}
