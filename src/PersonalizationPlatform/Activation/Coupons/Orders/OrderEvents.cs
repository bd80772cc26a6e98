using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Uses;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons.Orders;

/// <summary>Reads what the events of an order say, and makes of it what matters to coupons.</summary>
internal sealed class OrderEvents(CouponStore coupons, IOptions<CouponOptions> options)
{
    /// <summary>An event counts up to a day from the time it was sent with.</summary>
    private const string EventOf = """
        e.identity_id = p.identity_id and e.key = p.key and e.counts_at = p.counts_at
            and e.occurred_at between p.counts_at - interval '25 hours' and p.counts_at + interval '25 hours'
        """;

    private const string Parts = $"""
        select p.counts_at, p.key, p.identity_id, p.has_identity, p.back_office, p.kind, p.website, p.store_view, p.content, p.items,
            (select e.received_at from event e where {EventOf} limit 1)
        from order_part p where p.order_id = any($1) and (p.back_office or $2)
        """;

    /// <summary>The back office knows best who the customer is.</summary>
    private const string CustomerOf = $"""
        select i.identity_id
        from order_part p
        join event e on {EventOf}
        join identity i on i.identity_id = any(e.identity_ids)
        where p.order_id = any($1) and (p.back_office or $2) and i.namespace = 'CustomerId'
        order by p.back_office desc, p.counts_at, p.key, i.identity_id limit 1
        """;

    /// <summary>Read it under the order's lock: of two who do so the later one knows at least as much.</summary>
    public async Task<OrderSaid> ReadAsync(CouponOrder order, NpgsqlConnection within, CancellationToken cancellationToken)
    {
        var parts = new List<(OrderPart Part, DateTimeOffset ReceivedAt)>();
        Guid? customer = null;
        await using (var batch = new NpgsqlBatch(within))
        {
            var trusted = options.Value.TrustStorefrontOrders;
            batch.BatchCommands.Add(UseStatements.Command(Parts, order.EventIds.ToArray(), trusted));
            batch.BatchCommands.Add(UseStatements.Command(CustomerOf, order.EventIds.ToArray(), trusted));
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                parts.Add((Part(reader), reader.GetFieldValue<DateTimeOffset>(reader.IsDBNull(10) ? 0 : 10)));
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
                customer = reader.GetGuid(0);
        }

        if (OrderFolding.Fold("", [.. parts.Select(told => told.Part)], DateTimeOffset.MaxValue) is not { } fact)
            return OrderSaid.Nothing;
        // Only the back office may say that an order is no more: a browser could free what it has used.
        var undone = OrderFolding.Fold("", [.. parts.Select(told => told.Part).Where(part => part.BackOffice)], DateTimeOffset.MaxValue) is { } backOffice
            && OrderStatus.NeverCameToBe(backOffice.Status);
        return new(
            undone ? OrderTold.Undone : OrderTold.Placed, fact.CouponCode,
            await coupons.FindAsync(OrderSaid.Codes(fact.CouponCode), cancellationToken, within), customer, [.. parts.Select(told => told.ReceivedAt).Order()]);
    }

    private static OrderPart Part(NpgsqlDataReader reader) => new(
        new(reader.GetGuid(1)), reader.GetFieldValue<DateTimeOffset>(0), new(reader.GetGuid(2)), reader.GetBoolean(3), reader.GetBoolean(4),
        reader.GetString(5), EventContentJson.ReadOrder(reader.GetString(8)), EventContentJson.ReadItems(reader.GetString(9)),
        reader.IsDBNull(6) ? null : reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetString(7));
}
