using Microsoft.Extensions.Options;
using Npgsql;
using PersonalizationPlatform.Activation.Coupons.Orders;
using PersonalizationPlatform.Activation.Coupons.Uses;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>Section <c>Coupons</c>.</summary>
public sealed class CouponOptions
{
    /// <summary>Minutes that uses are held for a cart.</summary>
    public int ReservationMinutes { get; set; } = 60;

    /// <summary>Whether a purchase that only the storefront has told of redeems its coupon; anybody's browser can claim one.</summary>
    public bool TrustStorefrontOrders { get; set; } = true;
}

/// <summary>
/// Reserve → redeem → release. A limit holds exactly, however many ask at once on however many nodes; an expired reservation stands in
/// nobody's way, and repeating a request changes nothing.
/// </summary>
public sealed class Reservations
{
    private readonly NpgsqlDataSource database;
    private readonly TimeProvider time;
    private readonly IOptions<CouponOptions> options;
    private readonly WantedUses wanted;
    private readonly CouponRules known;
    private readonly OrderEvents events;

    public Reservations(NpgsqlDataSource database, CouponStore coupons, CouponRules rules, TimeProvider time, IOptions<CouponOptions> options)
    {
        (this.database, this.time, this.options, known) = (database, time, options, rules);
        wanted = new WantedUses(coupons, rules);
        events = new OrderEvents(coupons, options);
    }

    /// <summary>Holds all of the uses or none; whatever the cart or order held before and is not asked for again is given back.</summary>
    /// <param name="reference">The cart or order, whose own uses do not count against it.</param>
    /// <param name="order">The same, when it is an order.</param>
    /// <param name="customer">Null for guests, whom nothing per customer limits.</param>
    /// <param name="codes">As entered.</param>
    /// <param name="rules">Ids or keys.</param>
    /// <param name="cancellationToken">Ends the waiting for others who use the same codes.</param>
    public async Task<ReservationAnswer> ReserveAsync(
        CouponReference reference, CouponOrder? order, IdentityId? customer, IReadOnlyList<string> codes, IReadOnlyList<string> rules,
        CancellationToken cancellationToken)
    {
        var at = time.Now();
        var ids = await known.IdsOfAsync(rules, cancellationToken);
        IReadOnlyList<WantedUse> asked =
        [
            .. await wanted.FindAsync(codes, [.. ids.Values.Distinct()], at, cancellationToken), .. rules.Where(rule => !ids.ContainsKey(rule)).Select(WantedUse.UnknownRule),
        ];
        return await Overtaken.RepeatAsync(() => ReserveAsync(reference, order, customer?.Value, asked, at, cancellationToken));
    }

    /// <summary>
    /// Makes what a cart or order holds count for good, as uses of the order; of one that was cancelled they are noted and given back.
    /// Repeating it changes nothing.
    /// </summary>
    /// <exception cref="ProblemException">
    /// 404; 409 <c>reservation.released</c>, <c>reservation.otherOrder</c>, and <c>reservation.expired</c> when others have taken meanwhile what
    /// it held too long.
    /// </exception>
    public Task<UsesAnswer> RedeemAsync(CouponReference reference, CouponOrder order, CancellationToken cancellationToken) =>
        Overtaken.RepeatAsync(async () =>
        {
            await using var uses = await UseTransaction.BeginAsync(database, [reference, order.Reference], time.Now(), cancellationToken);
            await HearAsync(uses, order, [], null, cancellationToken);
            if (uses.Holder(reference).IsNew && (reference != order.Reference || uses.Holder(reference).Told == OrderTold.Nothing))
                throw NotFound();
            await DemandRoomAsync(uses, reference, order.Reference, cancellationToken);
            Move(uses, reference, order.Reference);
            uses.Confirm(order.Reference);
            var answer = uses.Holder(order.Reference).Told == OrderTold.Undone
                ? new UsesAnswer("released", Codes(uses.Of(order.Reference)))
                : new UsesAnswer("redeemed", Codes(uses.Of(order.Reference).Where(use => use.State == UseState.Redeemed)));
            await uses.CommitAsync(cancellationToken);
            return answer;
        });

    /// <summary>Gives back whatever a cart, the order it was placed as, or an order uses. Repeating it changes nothing. 404.</summary>
    /// <param name="reference">The cart or order.</param>
    /// <param name="order">The same, when it is an order.</param>
    /// <param name="cancellationToken">Ends the waiting for others who use the same codes.</param>
    public Task<UsesAnswer> ReleaseAsync(CouponReference reference, CouponOrder? order, CancellationToken cancellationToken) => Overtaken.RepeatAsync(async () =>
    {
        await using var uses = await BeginAsync(reference, time.Now(), cancellationToken);
        await HearAsync(uses, order, [], null, cancellationToken);
        if (uses.Holder(reference) is { IsNew: true, Told: OrderTold.Nothing })
            throw NotFound();
        List<CouponReference> all = uses.Holder(reference).Became is { } became ? [reference, became] : [reference];
        var codes = Codes(all.SelectMany(uses.Of));
        all.ForEach(uses.Release);
        await uses.CommitAsync(cancellationToken);
        return new UsesAnswer("released", codes);
    });

    private async Task<ReservationAnswer> ReserveAsync(
        CouponReference reference, CouponOrder? named, Guid? customer, IReadOnlyList<WantedUse> asked, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var uses = await BeginAsync(reference, at, cancellationToken);
        List<UseKey> keys = [.. asked.Select(use => use.CodeKey).OfType<UseKey>()];
        if (customer is not null)
            keys.AddRange(asked.Select(use => use.RuleKey).OfType<UseKey>().Distinct());
        await HearAsync(uses, named, keys, customer, cancellationToken);

        // A cart whose order still counts is being edited; one whose order was cancelled begins anew.
        var order = uses.Holder(reference).Became;
        var edited = order is { } placed && uses.Of(placed).Any(use => use.State == UseState.Redeemed);
        var target = edited ? order!.Value : reference;
        var reasons = asked.Select(use => use.Refusal(uses, target, customer)).ToList();
        var refused = reasons.Exists(reason => reason is not null);
        var expiresAt = at.AddMinutes(Math.Max(1, options.Value.ReservationMinutes));
        if (!refused)
        {
            if (!edited)
                uses.Hold(uses.Holder(reference) with { Became = null });
            Replace(uses, target, keys, customer, expiresAt);
            await uses.CommitAsync(cancellationToken);
        }

        ReservationVerdict Verdict(int i) => reasons[i] is null ? ReservationVerdict.Accepted : ReservationVerdict.Rejected;
        return new(
            !refused, refused ? null : expiresAt,
            [.. asked.Index().Where(use => use.Item.Code is not null).Select(use => new ReservedCode(use.Item.Code!, use.Item.Rule?.Id, Verdict(use.Index), reasons[use.Index]))],
            [.. asked.Index().Where(use => use.Item.Code is null).Select(use => new ReservedRule(use.Item.AskedRule, Verdict(use.Index), reasons[use.Index]))]);
    }

    private static void Replace(UseTransaction uses, CouponReference target, List<UseKey> keys, Guid? customer, DateTimeOffset expiresAt)
    {
        uses.BeginAnew(target);
        foreach (var use in uses.Of(target).Where(use => !keys.Contains(use.Key)))
        {
            // What an order has redeemed is given back when its edit is: until then the order stands as it was.
            uses.Put(use.State == UseState.Redeemed ? use with { Dropped = true, ExpiresAt = expiresAt } : use with { Asked = UseAsked.Released, Dropped = false });
        }

        foreach (var key in keys)
        {
            var known = uses.Find(target, key) ?? new CouponUse(target, key);
            uses.Put(known is { State: UseState.Redeemed, Asked: UseAsked.Redeemed }
                ? known with { Dropped = false, AskedBy = known.AskedBy ?? customer }
                : known with
                {
                    Asked = known.Asked is UseAsked.Released or UseAsked.ReservedAgain ? UseAsked.ReservedAgain : UseAsked.Reserved,
                    AskedBy = customer,
                    ExpiresAt = expiresAt,
                    Dropped = false,
                });
        }

        uses.Hold(uses.Holder(target) with { HeardBefore = uses.Holder(target).Heard });
    }

    /// <summary>Takes a cart's uses over to its order, where each is there once. What an order has reserved itself stays where it is.</summary>
    private static void Move(UseTransaction uses, CouponReference cart, CouponReference order)
    {
        var moving = cart == order ? [] : uses.Of(cart).Where(use => use.State is UseState.Reserved or UseState.Lapsed).ToList();
        if (moving.Count == 0)
        {
            if (cart != order && uses.Holder(cart).Became is { } other && other != order)
                throw new ProblemException(409, "reservation.otherOrder", "What this cart held was redeemed for another order; reserve again.");
            if (uses.Holder(cart).Released || uses.Holder(order).Released)
                throw new ProblemException(409, "reservation.released", "The reservation was released; reserve again.");
        }

        if (cart == order)
            return;
        uses.BeginAnew(order);
        foreach (var use in moving)
        {
            uses.Remove(use);
            var known = uses.Find(order, use.Key);
            uses.Put(use with { Reference = order, Asked = UseAsked.Redeemed, AskedBy = use.AskedBy ?? known?.AskedBy, Named = known?.Named ?? false });
        }

        uses.Hold(uses.Holder(cart) with { Became = order });
    }

    /// <summary>What was held too long is only to be had if it is still there; that it could not be had anew, its coupon having expired, is no matter.</summary>
    private async Task DemandRoomAsync(UseTransaction uses, CouponReference reference, CouponReference order, CancellationToken cancellationToken)
    {
        List<CouponUse> all = [.. uses.Of(reference), .. uses.Of(order)];
        var late = all.Where(use => use.State == UseState.Lapsed && !all.Exists(other => other.Key == use.Key && other.Counts)).DistinctBy(use => use.Key).ToList();
        if (late.Count == 0 || uses.Holder(order).Told == OrderTold.Undone)
            return;
        var again = await wanted.FindAgainAsync(late, uses, cancellationToken);
        var refused = again.Where((use, i) => use?.WithoutRoom(uses, order, late[i].Customer) is not null).ToList();
        if (refused.Count > 0)
        {
            throw new ProblemException(
                409, "reservation.expired", "The reservation has expired, and not everything it held can be had any more; decide the cart again.",
                [.. refused.Select(use => new ProblemError("$", "reservation.expired", use!.Code is { } code ? $"The code {code}." : "A limit of a rule per customer."))]);
        }
    }

    /// <summary>Locks what is to be counted, and takes in what events say of the order by now, where its number is known.</summary>
    private async Task HearAsync(UseTransaction uses, CouponOrder? order, IReadOnlyCollection<UseKey> wanted, Guid? customer, CancellationToken cancellationToken)
    {
        var said = order is null ? OrderSaid.Nothing : await events.ReadAsync(order, uses.Connection, cancellationToken);
        await uses.LockAsync(wanted.Concat(said.Keys), customer is { } asking ? said.Customers.Append(asking) : said.Customers, cancellationToken);
        if (order is null)
            return;
        uses.Hear(order.Reference, said);
        await uses.LookAgainAsync(order, cancellationToken);
    }

    /// <summary>Locks the cart or order, and the order a cart has become.</summary>
    private async Task<UseTransaction> BeginAsync(CouponReference reference, DateTimeOffset at, CancellationToken cancellationToken)
    {
        CouponReference? order = null;
        while (true)
        {
            var uses = await UseTransaction.BeginAsync(database, order is { } known ? [reference, known] : [reference], at, cancellationToken);
            if (uses.Holder(reference).Became is not { } became || became == order)
                return uses;
            // Both are locked together, in their order.
            await uses.DisposeAsync();
            order = became;
        }
    }

    private static List<string> Codes(IEnumerable<CouponUse> uses) =>
        [.. uses.Where(use => use.Key.IsCode).Select(use => use.Key.CodeKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static ProblemException NotFound() => ProblemException.NotFound("reservation of this cart or order");
}
