using PersonalizationPlatform.Activation.Coupons.Orders;

namespace PersonalizationPlatform.Activation.Coupons.Uses;

/// <summary>
/// Where the uses of a cart or order stand: a pure function of everything that calls and events have said about it, whoever said it last.
/// Calls and events only note what they say; nothing else decides what counts.
/// </summary>
internal static class UseStanding
{
    /// <summary>The uses as they stand, and those of rules that follow from their codes.</summary>
    public static IReadOnlyList<CouponUse> Of(CouponHolder holder, IReadOnlyCollection<CouponUse> said, DateTimeOffset at)
    {
        var codes = said.Where(use => use.Key.IsCode).Select(use => Stand(holder, use, at)).ToList();
        // Who uses a code uses its rule; calls say so themselves when they know who it is.
        var used = codes.Where(use => use.State == UseState.Redeemed && use.Customer is not null)
            .GroupBy(use => UseKey.OfRule(use.Key.Rule)).ToDictionary(uses => uses.Key, uses => uses.Min(use => use.Customer));
        var rules = said.Where(use => !use.Key.IsCode).ToDictionary(use => use.Key);
        foreach (var key in used.Keys)
            rules.TryAdd(key, new(holder.Reference, key) { ExpiresAt = at });
        return
        [
            .. codes,
            .. rules.Values.Select(use => used.TryGetValue(use.Key, out var customer)
                ? Stand(holder, use with { Named = true }, at) with { Customer = use.AskedBy ?? customer }
                : Stand(holder, use with { Named = false }, at)),
        ];
    }

    /// <summary>What is reserved is redeemed, and what an edit left out is given back.</summary>
    /// <param name="at">When; what was held only until then has lapsed and is left as it is.</param>
    public static IEnumerable<CouponUse> Confirm(IEnumerable<CouponUse> said, DateTimeOffset at) => said.Where(use => use.ExpiresAt > at).Select(use =>
        use.Dropped ? use with { Asked = UseAsked.Released, Dropped = false }
        : use.IsReserved ? use with { Asked = UseAsked.Redeemed }
        : use);

    /// <summary>Takes in all that the events of an order say by now. Nothing, where there are none (any more): what was heard before stands.</summary>
    public static (CouponHolder Holder, IReadOnlyList<CouponUse> Said) Hear(CouponHolder holder, IReadOnlyCollection<CouponUse> said, OrderSaid events)
    {
        if (events.Count == 0)
            return (holder, [.. said]);
        var uses = said.ToDictionary(use => use.Key);
        // Fewer than before: the others were erased. What they have redeemed still counts.
        if (events.Count < holder.Heard)
        {
            foreach (var use in said.Where(use => use.State == UseState.Redeemed))
                uses[use.Key] = use with { Asked = UseAsked.Redeemed, AskedBy = use.Customer };
        }

        if (events.ArrivedAfter(holder.HeardBefore) is { } arrived)
        {
            foreach (var use in Confirm([.. uses.Values], arrived))
                uses[use.Key] = use;
        }

        var named = events.Named([.. uses.Keys]).ToHashSet();
        foreach (var key in named)
            uses.TryAdd(key, new(holder.Reference, key) { ExpiresAt = DateTimeOffset.UnixEpoch });
        return (
            holder with { Told = events.Told, Customer = events.Customer ?? holder.Customer, Heard = events.Count },
            [.. uses.Values.Select(use => use with { Named = named.Contains(use.Key) })]);
    }

    private static CouponUse Stand(CouponHolder holder, CouponUse use, DateTimeOffset at) =>
        use with { State = State(holder, use, at), Customer = use.AskedBy ?? holder.Customer };

    private static UseState State(CouponHolder holder, CouponUse use, DateTimeOffset at)
    {
        // A rule's use follows its codes, and these know what was given back.
        if (holder.Released || (use.Asked == UseAsked.Released && !(use.Named && !use.Key.IsCode)))
            return UseState.Released;
        if (holder.Told != OrderTold.Undone && (use.Asked == UseAsked.Redeemed || (use.Named && use.Asked != UseAsked.ReservedAgain)))
            return UseState.Redeemed;
        if (use.IsReserved)
            return use.ExpiresAt > at ? UseState.Reserved : UseState.Lapsed;
        return UseState.Released;
    }
}
