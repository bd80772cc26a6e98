using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>
/// Facts arranged for questions: events by kind, assertions by name, and the orders, cart and wish list of the instant asked last.
/// Folds hold for a stretch of time, so stepping through deadlines folds only when something happened in between.
/// Safe to share between threads: what is kept is immutable and swapped whole.
/// </summary>
internal sealed class FactsIndex
{
    private static readonly EventFact[] NoEvents = [];

    private readonly Facts _facts;
    private readonly Dictionary<string, EventFact[]> _kinds = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, KnownAttribute[]> _attributes = new(StringComparer.OrdinalIgnoreCase);
    private readonly DateTimeOffset[] _orderTimes;
    private Stretch<Order[]>? _orders;
    private Stretch<Cart>? _cart;
    private Stretch<IReadOnlyList<LineItem>>? _wishList;

    public FactsIndex(Facts facts)
    {
        _facts = facts;
        var kinds = new Dictionary<string, List<EventFact>>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < facts.Events.Count; i++)
            Add(kinds, facts.Events[i].Kind, facts.Events[i]);
        foreach (var (kind, events) in kinds)
            _kinds[kind] = [.. events];

        var attributes = new Dictionary<string, List<KnownAttribute>>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < facts.Attributes.Count; i++)
            Add(attributes, facts.Attributes[i].Name, new KnownAttribute(facts.Attributes[i]));
        foreach (var (name, known) in attributes)
            _attributes[name] = [.. known];

        _orderTimes = [.. facts.Orders.SelectMany(o => o.Parts).Select(p => p.CountsAt).Order()];
    }

    /// <summary>Every event of a kind, ascending; the caller cuts it at its instant.</summary>
    public EventFact[] Kind(string kind) => _kinds.GetValueOrDefault(kind, NoEvents);

    public KnownAttribute? Attribute(string name, DateTimeOffset at, bool untimedAsKnown)
    {
        if (!_attributes.TryGetValue(name, out var known))
            return null;
        for (var i = known.Length - 1; i >= 0; i--)
        {
            if (known[i].Fact.At <= at || (untimedAsKnown && !known[i].Fact.Timed))
                return known[i];
        }

        return null;
    }

    public Order[] OrdersAt(DateTimeOffset at)
    {
        var kept = _orders;
        if (kept is null || !kept.Holds(at))
        {
            var seen = Cut(_orderTimes, at);
            _orders = kept = new(
                seen == 0 ? DateTimeOffset.MinValue : _orderTimes[seen - 1],
                seen == _orderTimes.Length ? null : _orderTimes[seen],
                Fold(at));
        }

        return kept.Value;
    }

    public Cart CartAt(DateTimeOffset at)
    {
        var kept = _cart;
        if (kept is null || !kept.Holds(at))
        {
            var (events, from, until) = Merged(Cart.Kinds, at);
            _cart = kept = new(from, until, Cart.Fold(events));
        }

        return kept.Value;
    }

    public IReadOnlyList<LineItem> WishListAt(DateTimeOffset at)
    {
        var kept = _wishList;
        if (kept is null || !kept.Holds(at))
        {
            var (events, from, until) = Merged(WishList.Kinds, at);
            _wishList = kept = new(from, until, WishList.Fold(events));
        }

        return kept.Value;
    }

    /// <summary>How many of the ascending events count at the instant.</summary>
    public static int Cut(EventFact[] events, DateTimeOffset at)
    {
        int low = 0, high = events.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (events[middle].CountsAt <= at)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static int Cut(DateTimeOffset[] times, DateTimeOffset at)
    {
        int low = 0, high = times.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (times[middle] <= at)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private Order[] Fold(DateTimeOffset at)
    {
        var orders = new List<Order>(_facts.Orders.Count);
        foreach (var history in _facts.Orders)
        {
            if (OrderFolding.Fold(history.PurchaseId, history.Parts, at) is { } order)
                orders.Add(order);
        }

        orders.Sort((a, b) =>
        {
            var time = a.PlacedAt.CompareTo(b.PlacedAt);
            return time != 0 ? time : a.Key.CompareTo(b.Key) is var key and not 0 ? key : string.CompareOrdinal(a.PurchaseId, b.PurchaseId);
        });
        return [.. orders];
    }

    private (List<EventFact> Events, DateTimeOffset From, DateTimeOffset? Until) Merged(IReadOnlyList<string> kinds, DateTimeOffset at)
    {
        var events = new List<EventFact>();
        DateTimeOffset? until = null;
        foreach (var kind in kinds)
        {
            var all = Kind(kind);
            var seen = Cut(all, at);
            events.AddRange(all.AsSpan(0, seen));
            if (seen < all.Length)
                until = Verdict.Earlier(until, all[seen].CountsAt);
        }

        events.Sort((a, b) => a.CountsAt.CompareTo(b.CountsAt) is var time and not 0 ? time : a.Key.CompareTo(b.Key));
        return (events, events.Count == 0 ? DateTimeOffset.MinValue : events[^1].CountsAt, until);
    }

    private static void Add<T>(Dictionary<string, List<T>> groups, string name, T item)
    {
        if (!groups.TryGetValue(name, out var list))
            groups[name] = list = [];
        list.Add(item);
    }

    /// <summary>A fold and the stretch of time over which it stays the same.</summary>
    private sealed record Stretch<T>(DateTimeOffset From, DateTimeOffset? Until, T Value)
    {
        public bool Holds(DateTimeOffset at) => at >= From && (Until is not { } until || at < until);
    }
}

/// <summary>An assertion with its value read once.</summary>
internal sealed class KnownAttribute(AttributeFact fact)
{
    private IReadOnlyList<Address>? _addresses;

    public AttributeFact Fact { get; } = fact;

    /// <summary>The value, null when the assertion deleted it or when it is an object.</summary>
    public FieldValue? Value { get; } = FieldValues.Read(fact.Value);

    /// <summary>The value read as one address or a list of them.</summary>
    public IReadOnlyList<Address> Addresses => _addresses ??= AddressReading.Read(Fact.Value);
}
