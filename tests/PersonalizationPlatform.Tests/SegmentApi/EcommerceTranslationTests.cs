using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Tests.Events;
using static PersonalizationPlatform.Tests.SegmentApi.SegmentMessages;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>What each event of the e-commerce spec means here.</summary>
public sealed class EcommerceTranslationTests
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
}
