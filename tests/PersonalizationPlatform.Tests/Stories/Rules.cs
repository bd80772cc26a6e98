namespace PersonalizationPlatform.Tests.Stories;

/// <summary>Conditions that stories use.</summary>
internal static class Rules
{
    internal const string AddedToCart = """{ "type": "happened", "event": "addToCart" }""";
    internal const string AddedTwice = """{ "type": "happened", "event": "addToCart", "atLeast": 2 }""";
    internal const string AddedThisHour = """{ "type": "happened", "event": "addToCart", "within": "PT1H" }""";
    internal const string Viewed = """{ "type": "happened", "event": "productPageView" }""";
    internal const string Ordered = """{ "type": "happened", "event": "orderPlaced" }""";
    internal const string Cancelled =
        """{ "type": "anyOrder", "of": { "type": "compare", "field": "order.status", "operator": "equals", "value": "canceled" } }""";
    internal const string Vip = """{ "type": "compare", "field": "profile.group", "operator": "equals", "value": "vip" }""";

    internal const string Add = "commerce.productListAdds";
    internal const string View = "commerce.productViews";
    internal const string Login = "userAccount.login";
    internal const string Logout = "userAccount.logout";
    internal const string Purchase = "commerce.purchases";
    internal const string Placed = "commerce.backofficeOrderPlaced";
    internal const string OrderCancelled = "commerce.backofficeOrderCancelled";
}
