using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Uses;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons.Orders;

/// <summary>
/// Follows the orders that events tell of. An order that names a coupon has used it, once, reserved or not and even beyond the limit, for
/// the order is there; when the back office says that it was cancelled or failed, the use is given back, once. What holds is a function
/// of everything said about the order, so repeats and the order of arrival change nothing. It runs behind the events by moments, which is
/// no harm where shops reserve and redeem: those calls count at once, and the events find the same use.
/// </summary>
public sealed class CouponOrders(
    NpgsqlDataSource database, CouponStore coupons, CouponReferences references, TimeProvider time, IOptions<CouponOptions> options)
{
    private const int MaxNews = 200;

    /// <summary>What the back office calls an order that never came to be. A refund leaves the coupon used.</summary>
    private static readonly HashSet<string> Undone = new(StringComparer.OrdinalIgnoreCase) { "canceled", "cancelled", "failed", "payment_failed" };

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
        foreach (var (order, reference) in await ConcernedAsync([.. news.Select(row => row.Order).Distinct()], cancellationToken))
            await Overtaken.RepeatAsync(() => FollowAsync(order, reference, cancellationToken));

        // Only now: whatever died half-way is looked at again, which changes nothing that was done.
        await using var done = new NpgsqlCommand(OrderNews.Done, connection, transaction) { Parameters = { new() { Value = news.Select(row => row.Id).ToArray() } } };
        await done.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return news.Count;
    }

    /// <summary>The orders that name a coupon, and those that hold uses.</summary>
    private async Task<IReadOnlyList<(Guid Order, CouponReference Reference)>> ConcernedAsync(Guid[] orders, CancellationToken cancellationToken)
    {
        var named = new List<(Guid Order, CouponReference Reference, bool NamesCoupon)>();
        await using (var command = database.CreateCommand(OrderNews.Named))
        {
            command.Parameters.Add(new() { Value = orders });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                named.Add((reader.GetGuid(0), references.OfOrder(reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetString(1)), reader.GetBoolean(3)));
        }

        var holding = new HashSet<Guid>();
        await using (var command = database.CreateCommand("select reference from coupon_reservation where reference = any($1)"))
        {
            command.Parameters.Add(new() { Value = named.Select(order => order.Reference.Value).ToArray() });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                holding.Add(reader.GetGuid(0));
        }

        return [.. named.Where(order => order.NamesCoupon || holding.Contains(order.Reference.Value)).Select(order => (order.Order, order.Reference))];
    }

    private async Task<bool> FollowAsync(Guid order, CouponReference reference, CancellationToken cancellationToken)
    {
        await using var uses = await UseTransaction.BeginAsync(database, [reference], time.Now(), cancellationToken);
        // Read under the order's lock, so that of two who follow it the later one knows at least as much.
        var parts = await OrderNews.PartsAsync(uses.Connection, order, cancellationToken);
        if (!options.Value.TrustStorefrontOrders)
            parts = [.. parts.Where(part => part.BackOffice)];
        if (OrderFolding.Fold("", parts, DateTimeOffset.MaxValue) is not { } told)
            return false;
        var backOffice = OrderFolding.Fold("", [.. parts.Where(part => part.BackOffice)], DateTimeOffset.MaxValue);
        if (backOffice is not null && Undone.Contains(backOffice.Status))
        {
            await uses.LockAsync([], null, cancellationToken);
            foreach (var use in uses.Of(reference).Where(use => use.Counts))
                uses.Put(use with { State = UseState.Released, Dropped = false, ByEvents = true });
        }
        else
        {
            var named = await NamedAsync(told.CouponCode, uses.Connection, cancellationToken);
            var customer = named.Count == 0 ? null : await OrderNews.CustomerAsync(uses.Connection, order, cancellationToken);
            List<UseKey> keys = [.. named, .. customer is null ? [] : named.Select(key => UseKey.OfRule(key.Rule)).Distinct()];
            await uses.LockAsync(keys, customer, cancellationToken);
            Redeem(uses, reference, keys, customer);
        }

        await uses.CommitAsync(cancellationToken);
        return true;
    }

    private static void Redeem(UseTransaction uses, CouponReference order, List<UseKey> named, Guid? customer)
    {
        // What the shop itself has released stays released, whatever events say about the order being placed.
        foreach (var use in uses.Of(order).Where(use => use.State is UseState.Reserved || (use.State == UseState.Released && use.ByEvents)))
            uses.Put(use with { State = UseState.Redeemed, ByEvents = false });
        foreach (var key in named)
        {
            var known = uses.Find(order, key);
            if (known is { State: UseState.Lapsed })
                uses.Put(known with { State = UseState.Redeemed });
            else if (known is null && !(key.IsCode && uses.Of(order).Any(use => use.Key.CodeKey == key.CodeKey)))
                uses.Put(new CouponUse(order, key, customer, UseState.Redeemed, uses.At));
        }
    }

    /// <summary>The coupons an order names: one code, or several with commas between. Codes that are nobody's are not ours to count.</summary>
    private async Task<IReadOnlyList<UseKey>> NamedAsync(string? text, NpgsqlConnection within, CancellationToken cancellationToken)
    {
        List<string> codes = [.. (text is null ? [] : text.Split(',').Prepend(text)).Where(CouponCode.IsValid).Take(100)];
        var known = await coupons.FindAsync(codes, cancellationToken, within);
        if (text is not null && CouponCode.IsValid(text) && known.TryGetValue(CouponCode.Key(text), out var whole))
            return [new(whole.Rule, whole.CodeKey)];
        return [.. known.Values.Select(coupon => new UseKey(coupon.Rule, coupon.CodeKey))];
    }
}
