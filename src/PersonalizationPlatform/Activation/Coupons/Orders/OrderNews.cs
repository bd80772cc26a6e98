namespace PersonalizationPlatform.Activation.Coupons.Orders;

/// <summary>The orders about which something was stored.</summary>
internal static class OrderNews
{
    /// <summary>Whoever appends never waits for these rows, and another node takes others.</summary>
    public const string Take = "select id, order_id from order_news order by id limit $1 for update skip locked";

    public const string Done = "delete from order_news where id = any($1)";

    /// <summary>Has orders looked at again.</summary>
    public const string Put = "insert into order_news (order_id) select unnest($1::uuid[])";

    /// <summary>The number and website of each order, and whether anything names a coupon.</summary>
    public const string Named = """
        select order_id, min(content ->> 'purchaseId'), min(website), bool_or(content ->> 'couponCode' is not null)
        from order_part where order_id = any($1) and content ->> 'purchaseId' is not null group by order_id
        """;
}
