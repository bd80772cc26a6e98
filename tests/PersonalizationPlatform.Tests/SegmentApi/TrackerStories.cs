using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Erasure;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.Stories;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>What trackers send, as segments and profiles see it. Each story has a shop of its own.</summary>
public sealed class TrackerStories(PlatformServer server) : StoryTest(new TrackedHost(server))
{
    private int messages;

    [Fact]
    public async Task A_device_belongs_to_the_person_it_was_identified_as()
    {
        await Story.SegmentAsync("looked", """{ "type": "happened", "event": "productPageView", "atLeast": 2 }""");
        await Story.SegmentAsync("registered", """{ "type": "compare", "field": "profile.registered", "operator": "equals", "value": true }""");
        await TrackAsync("phone", null, "Product Viewed", """{ "sku": "WJ06" }""");
        Assert.Equal("", await Story.SegmentsAsync("anonymousId:phone"));
        await SendAsync("identify", $$"""{ "anonymousId": "{{Own("phone")}}", "userId": "{{Own("ann")}}", "traits": { "email": "ann@shop.test", "firstName": "Ann" } }""");
        await TrackAsync("phone", "ann", "Product Viewed", """{ "sku": "WJ07" }""");

        Assert.Equal("looked registered", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("looked registered", await Story.SegmentsAsync("anonymousId:phone"));
        var profile = await Story.ProfileAsync("CustomerId:ann");
        // Whoever opens a page can call identify: it says who is there, and nothing about her.
        Assert.Empty(profile["attributes"]!.AsObject());
    }

    [Fact]
    public async Task A_server_tells_what_is_known_of_a_person_and_her_company()
    {
        await Story.SegmentAsync("gold", """{ "type": "compare", "field": "profile.attributes.plan", "operator": "equals", "value": "gold" }""");
        await Story.SegmentAsync("acme", """{ "type": "compare", "field": "profile.attributes.company.name", "operator": "equals", "value": "Acme" }""");
        await Story.SegmentAsync("german", """{ "type": "compare", "field": "profile.address.country", "operator": "equals", "value": "DE" }""");
        var secret = await Host.NewKeyAsync("secret", "collect");
        await SendAsync("identify", $$$"""{ "userId": "{{{Own("ann")}}}", "traits": { "email": "ann@shop.test", "firstName": "Ann", "plan": "gold", "address": { "country": "DE" } } }""", secret);
        await SendAsync("group", $$"""{ "userId": "{{Own("ann")}}", "groupId": "g1", "traits": { "name": "Acme" } }""", secret);
        Assert.Equal("acme german gold", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("Ann", (string)(await Story.ProfileAsync("CustomerId:ann"))["attributes"]!["firstName"]!["value"]!);

        Story.Later("PT1M");
        await SendAsync("identify", $$"""{ "userId": "{{Own("ann")}}", "traits": { "plan": "silver" } }""", secret);
        Assert.Equal("acme german", await Story.SegmentsAsync("CustomerId:ann"));
    }

    [Fact]
    public async Task The_device_of_an_alias_is_the_customers()
    {
        await Story.SegmentAsync("looked", """{ "type": "happened", "event": "productPageView" }""");
        await TrackAsync("tablet", null, "Product Viewed", """{ "sku": "WJ06" }""");
        await SendAsync("alias", $$"""{ "userId": "{{Own("ann")}}", "previousId": "{{Own("tablet")}}" }""");
        Assert.Equal("looked", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal(await Story.ProfileIdAsync("CustomerId:ann"), await Story.ProfileIdAsync("anonymousId:tablet"));
    }

    [Fact]
    public async Task Two_customers_are_not_made_one_by_an_alias()
    {
        await Story.RecordAsync(Story.Record("CustomerId:ann", "{}"), Story.Record("CustomerId:bob", "{}"));
        await SendAsync("alias", $$"""{ "userId": "{{Own("ann")}}", "previousId": "{{Own("bob")}}" }""", await Host.NewKeyAsync("secret", "collect"));
        Assert.NotEqual(await Story.ProfileIdAsync("CustomerId:ann"), await Story.ProfileIdAsync("CustomerId:bob"));
    }

    [Fact]
    public async Task A_cart_seen_without_its_products_keeps_them_and_one_seen_empty_is_empty()
    {
        await Story.SegmentAsync("full", """{ "type": "itemsTotal", "over": "cart.items", "measure": "quantity", "operator": "equals", "value": 2 }""");
        await Story.SegmentAsync("worth-100", """{ "type": "compare", "field": "cart.grandTotal", "operator": "equals", "value": 100 }""");
        await TrackAsync("phone", null, "Product Added", """{ "cart_id": "c1", "sku": "WJ06", "price": 62, "quantity": 2, "currency": "USD" }""");
        await TrackAsync("phone", null, "Cart Viewed", """{ "cart_id": "c1" }""");
        Assert.Equal("full", await Story.SegmentsAsync("anonymousId:phone"));
        await TrackAsync("phone", null, "Checkout Started", """{ "cart_id": "c1", "value": 100, "products": "" }""");
        Assert.Equal("full worth-100", await Story.SegmentsAsync("anonymousId:phone"));
        await TrackAsync("phone", null, "Cart Viewed", """{ "cart_id": "c1", "products": [] }""");
        Assert.Equal("", await Story.SegmentsAsync("anonymousId:phone"));
    }

    [Fact]
    public async Task An_order_told_by_the_page_and_by_the_server_is_one_and_only_the_server_can_refund_or_cancel_it()
    {
        var secret = await Host.NewKeyAsync("secret", "collect");
        await TrackAsync("phone", "ann", "Product Added", """{ "sku": "WJ06", "price": 62, "quantity": 2, "currency": "USD" }""");
        await Story.SegmentAsync("cart", """{ "type": "itemsTotal", "over": "cart.items", "measure": "quantity", "operator": "atLeast", "value": 2 }""");
        Assert.Equal("cart", await Story.SegmentsAsync("CustomerId:ann"));
        await TrackAsync("phone", "ann", "Order Completed", $$"""{ "order_id": "{{Own("o1")}}", "total": 124, "currency": "USD" }""");
        Assert.Equal("", await Story.SegmentsAsync("CustomerId:ann"));
        Assert.Equal("o1 pending 124", await Story.OrdersAsync("CustomerId:ann"));

        await TrackAsync("phone", "ann", "Order Cancelled", $$"""{ "order_id": "{{Own("o1")}}" }""");
        await TrackAsync("phone", "ann", "Order Updated", $$"""{ "order_id": "{{Own("o1")}}", "total": 1, "status": "complete" }""");
        Assert.Equal("o1 pending 124", await Story.OrdersAsync("CustomerId:ann"));

        await TrackAsync(null, "ann", "Order Completed", $$"""{ "order_id": "{{Own("o1")}}", "total": 120, "currency": "USD" }""", secret);
        Assert.Equal("o1 pending 120", await Story.OrdersAsync("CustomerId:ann"));
        Story.Later("PT1M");
        await TrackAsync(null, "ann", "Order Updated", $$"""{ "order_id": "{{Own("o1")}}", "status": "processing", "currency": "USD" }""", secret);
        Assert.Equal("o1 processing 120", await Story.OrdersAsync("CustomerId:ann"));
        Story.Later("PT1M");
        await TrackAsync(null, "ann", "Order Refunded", $$"""{ "order_id": "{{Own("o1")}}", "total": 120, "currency": "USD" }""", secret);
        Assert.Equal("o1 closed 120", await Story.OrdersAsync("CustomerId:ann"));
        Story.Later("PT1M");
        await TrackAsync(null, "ann", "Order Completed", $$"""{ "order_id": "{{Own("o2")}}", "total": 5, "currency": "USD" }""", secret);
        await TrackAsync(null, "ann", "Order Cancelled", $$"""{ "order_id": "{{Own("o2")}}" }""", secret);
        Assert.Equal("o1 closed 120, o2 canceled 5", string.Join(", ", (await Story.OrdersAsync("CustomerId:ann")).Split(", ").Order()));
    }

    [Fact]
    public async Task Conditions_may_ask_by_segments_names_and_for_any_property()
    {
        await Story.SegmentAsync("by-spec", """{ "type": "happened", "event": "Product Viewed" }""");
        await Story.SegmentAsync("custom", """{ "type": "happened", "event": "Fitting Booked", "where": { "type": "compare", "field": "event.data.properties.room", "operator": "equals", "value": "3" } }""");
        await Story.SegmentAsync("campaign", """{ "type": "happened", "event": "pageView", "where": { "type": "compare", "field": "event.data.context.campaign.name", "operator": "equals", "value": "spring" } }""");
        await Story.SegmentAsync("category", """{ "type": "happened", "event": "Product List Viewed", "where": { "type": "anyItem", "of": { "type": "compare", "field": "item.categories", "operator": "contains", "value": "Jackets" } } }""");
        await TrackAsync("phone", null, "Product Viewed", """{ "sku": "WJ06" }""");
        await TrackAsync("phone", null, "Fitting Booked", """{ "room": "3" }""");
        await TrackAsync("phone", null, "Product List Viewed", """{ "products": [ { "product_id": "1", "category": "Women/Jackets" } ] }""");
        await SendAsync("page", $$$"""{ "anonymousId": "{{{Own("phone")}}}", "context": { "campaign": { "name": "spring" }, "library": { "name": "analytics.js" }, "locale": "de-DE", "timezone": "Europe/Berlin" } }""");
        Assert.Equal("by-spec campaign category custom", await Story.SegmentsAsync("anonymousId:phone"));
    }

    [Fact]
    public async Task Who_refuses_analytics_is_not_collected_about_until_she_agrees()
    {
        await SendAsync("page", Consenting("phone", analytics: false, "refused"));
        await TrackAsync("phone", null, "Product Viewed", """{ "sku": "WJ06" }""");
        Assert.Equal(0, await Host.CountAsync("event"));
        // A server that tells what she does in the shop is no way around it.
        await TrackAsync("phone", null, "Product Viewed", """{ "sku": "WJ06" }""", await Host.NewKeyAsync("secret", "collect"));
        Assert.Equal(0, await Host.CountAsync("event"));
        Story.Later("PT1M");
        await SendAsync("page", Consenting("phone", analytics: true, "agreed"));
        await TrackAsync("phone", null, "Product Viewed", """{ "sku": "WJ06" }""");
        Assert.Equal(2, await Host.CountAsync("event"));
    }

    [Fact]
    public async Task Global_privacy_control_leaves_collection_alone()
    {
        using var answer = await Host.SendAsync("/v1/p", """{ "messageId": "gpc", "anonymousId": "gpc" }""", TrackedHost.WriteKey, ("Sec-GPC", "1"));
        await answer.JsonAsync(HttpStatusCode.OK);
        Assert.NotNull(await Host.EventAsync("gpc"));
    }

    [Fact]
    public async Task Who_is_erased_is_erased_from_what_trackers_sent()
    {
        var secret = await Host.NewKeyAsync("secret", "collect");
        await SendAsync("identify", $$"""{ "anonymousId": "{{Own("phone")}}", "userId": "{{Own("ann")}}", "traits": { "email": "ann.erased@shop.test" } }""");
        await TrackAsync("phone", "ann", "Signed Up", """{ "email": "ann.erased@shop.test" }""");
        await TrackAsync("phone", "ann", "Order Cancelled", """{ "order_id": "1", "email": "ann.erased@shop.test" }""");
        await SendAsync("identify", $$"""{ "userId": "{{Own("ann")}}", "traits": { "email": "ann.erased@shop.test", "nick": "Annie" } }""", secret);
        Assert.NotEmpty(await DatabaseSearch.FindAsync(Host.Database, "ann.erased@shop.test"));
        Story.Later("PT1M");
        await Story.EraseAsync("CustomerId:ann");
        Assert.Empty(await DatabaseSearch.FindAsync(Host.Database, "ann.erased@shop.test", Own("ann"), "Annie"));
    }

    private string Own(string name) => Story.Own(name);

    private Task TrackAsync(string? device, string? user, string name, string properties, string key = TrackedHost.WriteKey)
    {
        var message = new JsonObject { ["event"] = name, ["properties"] = JsonNode.Parse(properties) };
        if (device is not null)
            message["anonymousId"] = Own(device);
        if (user is not null)
            message["userId"] = Own(user);
        return SendAsync("track", message.ToJsonString(), key);
    }

    /// <summary>Sends a call as it happens, a second after the one before, under an id of its own.</summary>
    private Task SendAsync(string call, string message, string key = TrackedHost.WriteKey)
    {
        Story.Later("PT1S");
        var sent = JsonNode.Parse(message)!;
        sent["messageId"] = "story-" + ++messages;
        sent["timestamp"] = Story.Text(Story.Now);
        sent["sentAt"] = Story.Text(Story.Now);
        return Host.SucceedAsync("/v1/" + call, sent.ToJsonString(), key);
    }

    private string Consenting(string device, bool analytics, string name) => new JsonObject
    {
        ["anonymousId"] = Own(device),
        ["name"] = name,
        ["context"] = new JsonObject { ["consent"] = new JsonObject { ["categoryPreferences"] = new JsonObject { ["Analytics"] = analytics } } },
    }.ToJsonString();
}
