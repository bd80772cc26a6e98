using System.Collections.Frozen;

namespace PersonalizationPlatform.Vocabulary;

/// <summary>One event the platform knows.</summary>
/// <param name="Name">The documented name, as conditions use it, e.g. <c>addToCart</c>.</param>
/// <param name="Type">The XDM event type as it is sent, e.g. <c>commerce.productListAdds</c>.</param>
/// <param name="Markers">Dotted paths of the members that mark the event when it comes without a type.</param>
/// <param name="Aliases">Everything else it is called: SDK and data-layer names, documented variants, legacy types, known typos, and Segment's e-commerce names.</param>
/// <param name="NeedsSecretKey">Whether only the shop's servers may send it (back office, account and profile kinds).</param>
public sealed record EventKind(string Name, string Type, string[] Markers, string[] Aliases, bool NeedsSecretKey = false);

/// <summary>
/// Every event of Adobe Commerce's storefront, back office and accounts, by each name it has ever gone by. Names compare
/// case-insensitively: clients and documentation disagree about casing.
/// </summary>
public static class EventKinds
{
    /// <summary>
    /// In a condition: the order fact folded from every event that names the order. As the type of an event on the wire it is
    /// the documentation's old name for <see cref="BackofficeOrderPlaced"/>.
    /// </summary>
    public const string OrderPlacedFact = "orderPlaced";

    public const string BackofficeOrderPlaced = "backofficeOrderPlaced";
    public const string CompleteCheckout = "completeCheckout";

    /// <summary>States how an order is now. Adobe has no such event, so it goes by the name of Segment's e-commerce specification.</summary>
    public const string OrderUpdated = "Order Updated";

    public const string OrderLineItemRefunded = "orderLineItemRefunded";
    public const string AccountCreated = "accountCreated";
    public const string AccountUpdated = "accountUpdated";
    public const string AccountDeleted = "accountDeleted";
    public const string ProfileRecord = "profileRecord";

    /// <summary>An event that names no type and carries no known marker.</summary>
    public const string Custom = "custom";

    /// <summary>All of them; where an event carries several markers, the first in this order names it.</summary>
    public static readonly IReadOnlyList<EventKind> All =
    [
        Commerce(CompleteCheckout, "purchases", "placeOrder", "place-order", "commerce.order", "Order Completed", "Completed Order"),
        Commerce("startCheckout", "checkouts", "initiateCheckout", "initiate-checkout", "Checkout Started", "Started Order"),
        Commerce("openCart", "productListOpens", "open-cart"),
        Commerce("addToCart", "productListAdds", "add-to-cart", "Product Added", "Added Product", "Wishlist Product Added to Cart"),
        Commerce("removeFromCart", "productListRemovals", "remove-from-cart", "Product Removed", "Removed Product"),
        Commerce("shoppingCartView", "productListViews", "viewCart", "shopping-cart-view", "Cart Viewed"),
        Commerce("productPageView", "productViews", "productView", "product-page-view", "Product Viewed", "Viewed Product"),
        Commerce("saveForLater", "saveForLaters", "save-for-later"),
        Commerce("addToWishlist", "wishlistAdds", "add-to-wishlist", "Product Added to Wishlist"),
        Commerce("removeFromWishlist", "wishlistRemovals", "remove-from-wishlist", "Product Removed from Wishlist"),
        Commerce("createRequisitionList", "requisitionListOpens", "create-requisition-list"),
        Commerce("addToRequisitionList", "requisitionListAdds", "add-to-requisition-list"),
        new("removeFromRequisitionList", "commerce.requisitionListRemovals",
            ["commerce.requisitionListRemovals", "commerce.requsitionListRemovals"],
            ["remove-from-requisition-list", "commerce.requsitionListRemovals"]),
        Commerce("deleteRequisitionList", "requisitionListDeletes", "delete-requisition-list"),
        new("signIn", "userAccount.login", ["userAccount.login"], ["sign-in", "Signed In"]),
        new("signOut", "userAccount.logout", ["userAccount.logout"], ["sign-out", "Signed Out"]),
        new("createAccount", "userAccount.createProfile", ["userAccount.createProfile"], ["create-account", "Signed Up", "Account Created"]),
        new("editAccount", "userAccount.updateProfile", ["userAccount.updateProfile"], ["edit-account"]),
        new("searchRequestSent", "searchRequest", ["searchRequest"], ["search-request-sent", "Products Searched"]),
        new("searchResponseReceived", "searchResponse", ["searchResponse"], ["search-response-received"]),
        BackOffice(BackofficeOrderPlaced, "backofficeOrderPlaced", "commerce.orderPlaced", OrderPlacedFact),
        BackOffice("orderInvoiced", "backofficeOrderInvoiced", "commerce.orderInvoiced"),
        BackOffice("orderItemsShipped", "backofficeOrderItemsShipped", "commerce.orderLineItemShipped", "orderLineItemShipped", "orderShipped"),
        BackOffice("orderShipmentCompleted", "backofficeOrderShipmentCompleted", "commerce.backofficeShipmentCompleted", "commerce.orderShipmentCompleted"),
        BackOffice("orderCancelled", "backofficeOrderCancelled", "commerce.orderCancelled", "orderCanceled", "Order Cancelled"),
        BackOffice(OrderLineItemRefunded, "backofficeCreditMemoIssued", "commerce.creditMemoIssued", "commerce.orderLineItemRefunded", "orderRefunded", "creditMemoIssued", "Order Refunded"),
        BackOffice("orderItemsReturnInitiated", "backofficeOrderItemsReturnInitiated", "orderItemReturnInitiated"),
        BackOffice("orderItemReturnCompleted", "backofficeOrderItemsReturnCompleted", "orderItemsReturnCompleted", "orderReturned"),
        new(AccountCreated, "userAccount.backofficeCreateProfile", ["userAccount.backofficeCreateProfile"], [], true),
        new(AccountUpdated, "userAccount.backofficeUpdateProfile", ["userAccount.backofficeUpdateProfile"], [], true),
        new(AccountDeleted, "userAccount.backofficeDeleteProfile", ["userAccount.backofficeDeleteProfile"], [], true),
        new(ProfileRecord, "profile.record", [], [], true),
        new(OrderUpdated, OrderUpdated, [], ["Updated Order"]),
        new("Checkout Step Viewed", "Checkout Step Viewed", [], ["Viewed Checkout Step"]),
        new("linkClick", "web.webinteraction.linkClicks", ["web.webInteraction.linkClicks", "web.webinteraction.linkClicks"], ["link-click"]),
        // Last, because the page's data rides along with many other events.
        new("pageView", "web.webpagedetails.pageViews", ["web.webPageDetails.pageViews"], ["page-view"]),
    ];

    private static readonly FrozenDictionary<string, EventKind> ByAnyName = All
        .SelectMany(kind => kind.Aliases.Append(kind.Name).Append(kind.Type).Distinct(StringComparer.OrdinalIgnoreCase).Select(name => (name, kind)))
        .ToFrozenDictionary(pair => pair.name, pair => pair.kind, StringComparer.OrdinalIgnoreCase);

    /// <summary>The event known by a name, type or alias as seen on the wire; null when it is none of ours (a custom event).</summary>
    public static EventKind? Find(string nameOrType) => ByAnyName.GetValueOrDefault(nameOrType.Trim());

    /// <summary>
    /// The documented name for a name or type on the wire; null when unknown. <c>orderPlaced</c> is
    /// <see cref="BackofficeOrderPlaced"/> here.
    /// </summary>
    public static string? Canonical(string nameOrType) => Find(nameOrType)?.Name;

    /// <summary>The name a condition means: <see cref="OrderPlacedFact"/> stays the order fact, unknown names are custom types as written.</summary>
    public static string InCondition(string nameOrType) =>
        string.Equals(nameOrType.Trim(), OrderPlacedFact, StringComparison.OrdinalIgnoreCase) ? OrderPlacedFact : Canonical(nameOrType) ?? nameOrType;

    private static EventKind Commerce(string name, string measure, params string[] aliases) =>
        new(name, "commerce." + measure, ["commerce." + measure], aliases);

    /// <summary>A legacy type of the <c>commerce.</c> family marks the event too, in the place where its type would.</summary>
    private static EventKind BackOffice(string name, string measure, params string[] aliases) =>
        new(name, "commerce." + measure, [.. aliases.Where(a => a.StartsWith("commerce.", StringComparison.Ordinal)).Prepend("commerce." + measure)], aliases, true);
}
