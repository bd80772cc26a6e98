using Npgsql;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons.Orders;


/// <summary>Reads orders about which something was stored.</summary>
internal static class OrderNews
{
    /// <summary>Whoever appends never waits for these rows, and another node takes others.</summary>
    public const string Take = "select id, order_id from order_news order by id limit $1 for update skip locked";

    public const string Done = "delete from order_news where id = any($1)";

    /// <summary>The number and website of each order, and whether anything names a coupon.</summary>
    public const string Named = """
        select order_id, min(content ->> 'purchaseId'), min(website), bool_or(content ->> 'couponCode' is not null)
        from order_part where order_id = any($1) and content ->> 'purchaseId' is not null group by order_id
        """;

    private const string Parts = """
        select counts_at, key, identity_id, has_identity, back_office, kind, website, store_view, content, items
        from order_part where order_id = $1
        """;

    /// <summary>The back office knows best who the customer is. An event counts up to a day before the time it was sent with.</summary>
    private const string CustomerOf = """
        select i.identity_id
        from order_part p
        join event e on e.identity_id = p.identity_id and e.key = p.key and e.counts_at = p.counts_at
            and e.occurred_at between p.counts_at and p.counts_at + interval '25 hours'
        join identity i on i.identity_id = any(e.identity_ids)
        where p.order_id = $1 and i.namespace = 'CustomerId'
        order by p.back_office desc, p.counts_at, p.key, i.identity_id limit 1
        """;

    public static async Task<IReadOnlyList<OrderPart>> PartsAsync(NpgsqlConnection within, Guid order, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Parts, within);
        command.Parameters.Add(new() { Value = order });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var parts = new List<OrderPart>();
        while (await reader.ReadAsync(cancellationToken))
        {
            parts.Add(new OrderPart(
                new(reader.GetGuid(1)), reader.GetFieldValue<DateTimeOffset>(0), new(reader.GetGuid(2)), reader.GetBoolean(3), reader.GetBoolean(4),
                reader.GetString(5), EventContentJson.ReadOrder(reader.GetString(8)), EventContentJson.ReadItems(reader.GetString(9)),
                reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7)));
        }

        return parts;
    }

    public static async Task<Guid?> CustomerAsync(NpgsqlConnection within, Guid order, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CustomerOf, within);
        command.Parameters.Add(new() { Value = order });
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }
}
