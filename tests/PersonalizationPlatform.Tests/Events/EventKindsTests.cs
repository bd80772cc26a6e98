using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Events;

public sealed class EventKindsTests
{
    public static readonly TheoryData<string, string> Names = new()
    {
        { "pageView", "web.webpagedetails.pageViews web.webPageDetails.pageViews page-view" },
        { "productPageView", "commerce.productViews productView product-page-view" },
        { "addToCart", "commerce.productListAdds add-to-cart" },
        { "openCart", "commerce.productListOpens open-cart" },
        { "removeFromCart", "commerce.productListRemovals remove-from-cart" },
        { "shoppingCartView", "commerce.productListViews viewCart shopping-cart-view" },
        { "startCheckout", "commerce.checkouts initiateCheckout initiate-checkout" },
        { "completeCheckout", "commerce.purchases commerce.order placeOrder place-order" },
        { "signIn", "userAccount.login sign-in" },
        { "signOut", "userAccount.logout sign-out" },
        { "createAccount", "userAccount.createProfile create-account" },
        { "editAccount", "userAccount.updateProfile edit-account" },
        { "searchRequestSent", "searchRequest search-request-sent" },
        { "searchResponseReceived", "searchResponse search-response-received" },
        { "createRequisitionList", "commerce.requisitionListOpens" },
        { "addToRequisitionList", "commerce.requisitionListAdds" },
        { "removeFromRequisitionList", "commerce.requisitionListRemovals commerce.requsitionListRemovals" },
        { "deleteRequisitionList", "commerce.requisitionListDeletes" },
        { "backofficeOrderPlaced", "commerce.backofficeOrderPlaced commerce.orderPlaced orderPlaced" },
        { "orderInvoiced", "commerce.backofficeOrderInvoiced" },
        { "orderItemsShipped", "commerce.backofficeOrderItemsShipped commerce.orderLineItemShipped orderShipped" },
        { "orderShipmentCompleted", "commerce.backofficeOrderShipmentCompleted commerce.backofficeShipmentCompleted" },
        { "orderCancelled", "commerce.backofficeOrderCancelled commerce.orderCancelled" },
        { "orderLineItemRefunded", "commerce.backofficeCreditMemoIssued commerce.creditMemoIssued orderRefunded creditMemoIssued" },
        { "orderItemsReturnInitiated", "commerce.backofficeOrderItemsReturnInitiated orderItemReturnInitiated" },
        { "orderItemReturnCompleted", "commerce.backofficeOrderItemsReturnCompleted orderReturned" },
        { "accountCreated", "userAccount.backofficeCreateProfile" },
        { "accountUpdated", "userAccount.backofficeUpdateProfile" },
        { "accountDeleted", "userAccount.backofficeDeleteProfile" },
        { "saveForLater", "commerce.saveForLaters" },
        { "addToWishlist", "commerce.wishlistAdds" },
        { "removeFromWishlist", "commerce.wishlistRemovals" },
        { "linkClick", "web.webinteraction.linkClicks web.webInteraction.linkClicks" },
    };

    public static readonly TheoryData<string, string, string> Markers = new()
    {
        { "web.webPageDetails.pageViews", """{"value":1}""", "pageView" },
        { "commerce.productViews", """{"value":1}""", "productPageView" },
        { "commerce.productListAdds", """{"value":"1"}""", "addToCart" },
        { "commerce.productListOpens", "1", "openCart" },
        { "commerce.productListRemovals", """{"value":1.0}""", "removeFromCart" },
        { "commerce.productListViews", """{"id":"x"}""", "shoppingCartView" },
        { "commerce.checkouts", """{"value":1}""", "startCheckout" },
        { "commerce.purchases", """{"value":1}""", "completeCheckout" },
        { "commerce.saveForLaters", """{"value":1}""", "saveForLater" },
        { "commerce.requisitionListOpens", """{"value":1}""", "createRequisitionList" },
        { "commerce.requisitionListAdds", """{"value":1}""", "addToRequisitionList" },
        { "commerce.requsitionListRemovals", """{"value":1}""", "removeFromRequisitionList" },
        { "commerce.requisitionListDeletes", """{"value":1}""", "deleteRequisitionList" },
        { "userAccount.login", "1", "signIn" },
        { "userAccount.logout", "1", "signOut" },
        { "userAccount.createProfile", """{"value":1}""", "createAccount" },
        { "userAccount.updateProfile", "1", "editAccount" },
        { "searchRequest", """{"value":1,"id":"s"}""", "searchRequestSent" },
        { "searchResponse", """{"value":1,"id":"s"}""", "searchResponseReceived" },
        { "commerce.backofficeOrderPlaced", """{"value":1}""", "backofficeOrderPlaced" },
        { "commerce.backofficeShipmentCompleted", """{"value":1}""", "orderShipmentCompleted" },
        { "commerce.backofficeCreditMemoIssued", """{"value":1}""", "orderLineItemRefunded" },
        { "userAccount.backofficeCreateProfile", "1", "accountCreated" },
        { "commerce.productListAdds", """{"value":0}""", "custom" },
        { "commerce.order", """{"discountAmount":1}""", "custom" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_name_an_event_ever_had_means_the_documented_one(string kind, string names)
    {
        foreach (var name in names.Split(' ').Append(kind))
        {
            Assert.Equal(kind, EventKinds.Canonical(name));
            Assert.Equal(kind, EventKinds.Canonical(name.ToUpperInvariant()));
            Assert.Equal(kind, Understood.Event($$"""{"eventType":"{{name}}"}""").Kind);
        }
    }

    [Theory]
    [MemberData(nameof(Markers))]
    public void An_event_without_a_type_is_known_by_its_marker(string path, string mark, string kind)
    {
        var json = path.Split('.').Reverse().Aggregate(mark, (inner, name) => $$"""{"{{name}}":{{inner}}}""");
        Assert.Equal(kind, Understood.Event(json).Kind);
    }

    [Fact]
    public void The_type_wins_over_a_marker_that_says_otherwise() =>
        Assert.Equal("createAccount", Understood.Event("""{"eventType":"userAccount.createProfile","userAccount":{"updateProfile":1}}""").Kind);

    [Fact]
    public void An_unknown_type_stays_a_custom_event_of_that_name()
    {
        var ev = Understood.Event("""{"eventType":"acme.bookedFitting"}""");
        Assert.Equal("acme.bookedFitting", ev.Kind);
        Assert.Equal("acme.bookedFitting", ev.Content.EventType);
    }

    [Fact]
    public void The_order_fact_keeps_its_name_in_conditions()
    {
        Assert.Equal("orderPlaced", EventKinds.InCondition("OrderPlaced"));
        Assert.Equal("completeCheckout", EventKinds.InCondition("placeOrder"));
        Assert.Equal("acme.bookedFitting", EventKinds.InCondition("acme.bookedFitting"));
    }
}
