using Microsoft.Extensions.Options;
using Npgsql;
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

    public Reservations(NpgsqlDataSource database, CouponStore coupons, CouponRules rules, TimeProvider time, IOptions<CouponOptions> options)
    {
        (this.database, this.time, this.options, known) = (database, time, options, rules);
        wanted = new WantedUses(coupons, rules);
    }

    /// <summary>Holds all of the uses or none; whatever the cart or order held before and is not asked for again is given back.</summary>
    /// <param name="reference">The cart or order, whose own uses do not count against it.</param>
    /// <param name="customer">Null for guests, whom nothing per customer limits.</param>
    /// <param name="codes">As entered.</param>
    /// <param name="rules">Ids or keys.</param>
    public async Task<ReservationAnswer> ReserveAsync(
        CouponReference reference, IdentityId? customer, IReadOnlyList<string> codes, IReadOnlyList<string> rules, CancellationToken cancellationToken)
    {
        var at = time.Now();
        var ids = await known.IdsOfAsync(rules, cancellationToken);
        IReadOnlyList<WantedUse> asked =
        [
            .. await wanted.FindAsync(codes, [.. ids.Values.Distinct()], at, cancellationToken), .. rules.Where(rule => !ids.ContainsKey(rule)).Select(WantedUse.UnknownRule),
        ];
        return await Overtaken.RepeatAsync(() => ReserveAsync(reference, customer?.Value, asked, at, cancellationToken));
    }

    /// <summary>Makes what a cart or order holds count for good, as uses of the order. Repeating it changes nothing.</summary>
    /// <exception cref="ProblemException">
    /// 404; 409 <c>reservation.released</c>, <c>reservation.otherOrder</c>, and <c>reservation.expired</c> when others have taken meanwhile what
    /// it held too long.
    /// </exception>
    public Task<UsesAnswer> RedeemAsync(CouponReference reference, CouponReference order, CancellationToken cancellationToken) =>
        Overtaken.RepeatAsync(async () =>
        {
            await using var uses = await UseTransaction.BeginAsync(database, [reference, order], time.Now(), cancellationToken);
            await uses.LockAsync([], null, cancellationToken);
            if (uses.IsNew(reference))
                throw NotFound();
            var held = uses.Of(reference);
            List<CouponUse> all = [.. held, .. uses.Of(order)];
            var late = all.Where(use => use.State == UseState.Lapsed && !all.Exists(other => other.Key == use.Key && other.Counts)).DistinctBy(use => use.Key).ToList();
            await DemandRoomAsync(uses, late, order, cancellationToken);
            if (reference != order)
                Move(uses, reference, order);
            else if (held.Count > 0 && held.All(use => use.State == UseState.Released))
                throw Released();
            foreach (var use in uses.Of(order))
            {
                if (use.State is UseState.Reserved or UseState.Lapsed)
                    uses.Put(use with { State = UseState.Redeemed });
                else if (use.Dropped)
                    uses.Put(use with { State = UseState.Released, Dropped = false });
            }

            var redeemed = Codes(uses.Of(order).Where(use => use.State == UseState.Redeemed));
            await uses.CommitAsync(cancellationToken);
            return new UsesAnswer("redeemed", redeemed);
        });

    /// <summary>Gives back whatever a cart, the order it was placed as, or an order uses. Repeating it changes nothing. 404.</summary>
    public Task<UsesAnswer> ReleaseAsync(CouponReference reference, CancellationToken cancellationToken) => Overtaken.RepeatAsync(async () =>
    {
        await using var uses = await BeginAsync(reference, time.Now(), cancellationToken);
        await uses.LockAsync([], null, cancellationToken);
        if (uses.IsNew(reference))
            throw NotFound();
        var all = uses.Became(reference) is { } order ? uses.Of(reference).Concat(uses.Of(order)).ToList() : uses.Of(reference);
        foreach (var use in all)
            uses.Put(use with { State = UseState.Released, Dropped = false, ByEvents = false });
        await uses.CommitAsync(cancellationToken);
        return new UsesAnswer("released", Codes(all));
    });

    private async Task<ReservationAnswer> ReserveAsync(
        CouponReference reference, Guid? customer, IReadOnlyList<WantedUse> asked, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var uses = await BeginAsync(reference, at, cancellationToken);
        List<UseKey> keys = [.. asked.Select(use => use.CodeKey).OfType<UseKey>()];
        if (customer is not null)
            keys.AddRange(asked.Select(use => use.RuleKey).OfType<UseKey>().Distinct());
        await uses.LockAsync(keys, customer, cancellationToken);

        // A cart whose order still counts is being edited; one whose order was cancelled begins anew.
        var order = uses.Became(reference);
        var edited = order is { } placed && uses.Of(placed).Any(use => use.State == UseState.Redeemed);
        var target = edited ? order!.Value : reference;
        var reasons = asked.Select(use => use.Refusal(uses, target, customer)).ToList();
        var refused = reasons.Exists(reason => reason is not null);
        var expiresAt = at.AddMinutes(Math.Max(1, options.Value.ReservationMinutes));
        if (!refused)
        {
            if (order is not null && !edited)
                uses.Become(reference, null);
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
        foreach (var use in uses.Of(target).Where(use => !keys.Contains(use.Key)))
        {
            // What an order has redeemed is given back when its edit is: until then the order stands as it was.
            uses.Put(use.State == UseState.Redeemed ? use with { Dropped = true } : use with { State = UseState.Released });
        }

        foreach (var key in keys)
        {
            uses.Put(uses.Find(target, key) is { State: UseState.Redeemed } redeemed
                ? redeemed with { Dropped = false }
                : new CouponUse(target, key, customer, UseState.Reserved, expiresAt));
        }
    }

    /// <summary>Takes a cart's uses over to its order, where each is there once.</summary>
    private static void Move(UseTransaction uses, CouponReference cart, CouponReference order)
    {
        var moving = uses.Of(cart).Where(use => use.State is UseState.Reserved or UseState.Lapsed).ToList();
        if (moving.Count == 0)
        {
            if (uses.Became(cart) == order)
                return;
            if (uses.Became(cart) is not null)
                throw new ProblemException(409, "reservation.otherOrder", "What this cart held was redeemed for another order; reserve again.");
            if (uses.Of(cart).Count > 0)
                throw Released();
        }

        foreach (var use in moving)
        {
            uses.Remove(use);
            uses.Put(use with { Reference = order, State = UseState.Redeemed });
        }

        uses.Become(cart, order);
    }

    /// <summary>What was held too long is only to be had if it is still there.</summary>
    private async Task DemandRoomAsync(UseTransaction uses, List<CouponUse> late, CouponReference order, CancellationToken cancellationToken)
    {
        if (late.Count == 0)
            return;
        var again = await wanted.FindAgainAsync(late, uses, cancellationToken);
        var refused = again.Index().Where(use => use.Item.Refusal(uses, order, late[use.Index].Customer) is not null).Select(use => use.Item).ToList();
        if (refused.Count > 0)
        {
            throw new ProblemException(
                409, "reservation.expired", "The reservation has expired, and not everything it held can be had any more; decide the cart again.",
                [.. refused.Select(use => new ProblemError("$", "reservation.expired", use.Code is { } code ? $"The code {code}." : "A limit of a rule per customer."))]);
        }
    }

    /// <summary>Locks the cart or order, and the order a cart has become.</summary>
    private async Task<UseTransaction> BeginAsync(CouponReference reference, DateTimeOffset at, CancellationToken cancellationToken)
    {
        CouponReference? order = null;
        while (true)
        {
            var uses = await UseTransaction.BeginAsync(database, order is { } known ? [reference, known] : [reference], at, cancellationToken);
            if (uses.Became(reference) is not { } became || became == order)
                return uses;
            // Both are locked together, in their order.
            await uses.DisposeAsync();
            order = became;
        }
    }

    private static List<string> Codes(IEnumerable<CouponUse> uses) =>
        [.. uses.Where(use => use.Key.IsCode).Select(use => use.Key.CodeKey).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static ProblemException NotFound() => ProblemException.NotFound("reservation of this cart or order");

    private static ProblemException Released() => new(409, "reservation.released", "The reservation was released; reserve again.");
}
