using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Uses;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Coupons.Orders;

/// <summary>
/// Follows the orders that events tell of. An order that names a coupon has used it, once, reserved or not and even beyond the limit, for
/// the order is there. It runs behind the events by moments, which is no harm where shops reserve and redeem: those calls count at once,
/// and hear the same events.
/// </summary>
public sealed class CouponOrders
{
    private const int MaxNews = 200;

    private readonly NpgsqlDataSource database;
    private readonly LiveWebsites websites;
    private readonly CouponReferences references;
    private readonly OrderEvents events;
    private readonly TimeProvider time;

    public CouponOrders(
        NpgsqlDataSource database, CouponStore coupons, LiveWebsites websites, CouponReferences references, TimeProvider time,
        IOptions<CouponOptions> options)
    {
        (this.database, this.websites, this.references, this.time) = (database, websites, references, time);
        events = new(coupons, options);
    }

    /// <summary>Looks at up to 200 orders about which something was stored; how many, 0 when there is nothing new.</summary>
    public async Task<int> FollowOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var news = new List<(long Id, Guid Order)>();
        await using (var take = new NpgsqlCommand(OrderNews.Take, connection, transaction) { Parameters = { new() { Value = MaxNews } } })
        {
            await using var reader = await take.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                news.Add((reader.GetInt64(0), reader.GetGuid(1)));
        }

        if (news.Count == 0)
            return 0;
        foreach (var order in await ConcernedAsync([.. news.Select(row => row.Order).Distinct()], cancellationToken))
            await Overtaken.RepeatAsync(() => FollowAsync(order, cancellationToken));

        // Only now: whatever died half-way is looked at again, which changes nothing that was done.
        await using var done = new NpgsqlCommand(OrderNews.Done, connection, transaction) { Parameters = { new() { Value = news.Select(row => row.Id).ToArray() } } };
        await done.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return news.Count;
    }

    /// <summary>The orders that name a coupon, and those that hold uses.</summary>
    private async Task<IReadOnlyList<CouponOrder>> ConcernedAsync(Guid[] orders, CancellationToken cancellationToken)
    {
        var known = await websites.CurrentAsync(cancellationToken);
        var named = new List<(CouponOrder Order, bool NamesCoupon)>();
        await using (var command = database.CreateCommand(OrderNews.Named))
        {
            command.Parameters.Add(new() { Value = orders });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                named.Add((references.OfOrder(known, reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(1)), reader.GetBoolean(3)));
        }

        var holding = new HashSet<Guid>();
        await using (var command = database.CreateCommand("select reference from coupon_reservation where reference = any($1)"))
        {
            command.Parameters.Add(new() { Value = named.Select(told => told.Order.Reference.Value).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                holding.Add(reader.GetGuid(0));
        }

        return [.. named.Where(told => told.NamesCoupon || holding.Contains(told.Order.Reference.Value)).Select(told => told.Order).DistinctBy(order => order.Reference)];
    }

    private async Task<bool> FollowAsync(CouponOrder order, CancellationToken cancellationToken)
    {
        await using var uses = await UseTransaction.BeginAsync(database, [order.Reference], time.Now(), cancellationToken);
        var said = await events.ReadAsync(order, uses.Connection, cancellationToken);
        if (said.Count == 0)
            return false;
        await uses.LockAsync(said.Keys, said.Customers, cancellationToken);
        uses.Hear(order.Reference, said);
        await uses.CommitAsync(cancellationToken);
        return true;
    }
}
