using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>Which happenings a condition is about: a kind of event or <c>orderPlaced</c> (order facts), and what must hold for each.</summary>
public sealed record EventSource(string Event, Condition? Where)
{
    /// <summary>The name of order facts; the raw events are <c>completeCheckout</c> and <c>backofficeOrderPlaced</c>.</summary>
    public const string OrderPlaced = "orderPlaced";

    public bool IsOrders { get; } = string.Equals(Event, OrderPlaced, StringComparison.OrdinalIgnoreCase);

    /// <summary>Those that count at the scope's instant, ascending.</summary>
    internal Occurrences In(in Scope scope) =>
        IsOrders ? new Occurrences(scope.Moment.Orders) : new Occurrences(scope.Moment.Facts.Index.Kind(Event), scope.Now);

    internal Verdict Fits(in Scope scope, in Occurrences occurrences, int index) =>
        Where is null ? Verdict.True : Where.Evaluate(occurrences.Enter(scope, index));

    internal void Require(Needs needs)
    {
        if (IsOrders)
            needs.Orders = true;
        else
            needs.Kinds.Add(Event);
        Where?.Require(needs);
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteString("event", Event);
        if (Where is null)
            return;
        json.WritePropertyName("where");
        Where.Write(json);
    }

    internal string Describe() => Where is null ? Event : $"{Event} where {Where.Describe()}";

    internal static EventSource? Parse(NodeReader node)
    {
        var name = node.RequiredText("event");
        var where = node.Condition("where", FieldScope.Event | FieldScope.Order);
        if (name is null)
            return null;
        var kind = string.Equals(name, OrderPlaced, StringComparison.OrdinalIgnoreCase) ? OrderPlaced : node.Context.Kind(name);
        return new EventSource(kind, where);
    }

    /// <summary>Why windows may not be complete: older events exist that were not read.</summary>
    internal DateTimeOffset? TruncatedBefore(in Scope scope, Period period) =>
        !IsOrders && scope.Moment.Facts.TruncatedBefore is { } cut && period.ScanFrom(scope.Now) < cut ? cut : null;

    /// <summary>First time and count over everything ever received, as of the scope's instant; null when all events were read.</summary>
    internal KindSummary? Unread(in Scope scope)
    {
        var facts = scope.Moment.Facts;
        if (IsOrders || Where is not null || facts.TruncatedBefore is not { } cut || scope.Now < cut || !facts.Kinds.TryGetValue(Event, out var summary))
            return null;
        var read = facts.Index.Kind(Event);
        return summary with { Count = summary.Count - (read.Length - FactsIndex.Cut(read, scope.Now)) };
    }
}

/// <summary>The occurrences of one source up to an instant, ascending by (time, key). Nothing is copied.</summary>
internal readonly struct Occurrences
{
    private readonly EventFact[]? _events;
    private readonly Order[]? _orders;

    public Occurrences(EventFact[] events, DateTimeOffset at)
    {
        _events = events;
        Count = FactsIndex.Cut(events, at);
    }

    public Occurrences(Order[] orders)
    {
        _orders = orders;
        Count = orders.Length;
    }

    public int Count { get; }

    public DateTimeOffset At(int index) => _events is not null ? _events[index].CountsAt : _orders![index].PlacedAt;

    public EventKey Key(int index) => _events is not null ? _events[index].Key : _orders![index].Key;

    /// <summary>The scope of one occurrence.</summary>
    public Scope Enter(in Scope scope, int index) =>
        _events is not null ? scope with { Event = _events[index], Order = null } : scope with { Order = _orders![index], Event = null };

    /// <summary>What explanations name the occurrence by.</summary>
    public IReadOnlyDictionary<string, object?> Evidence(int index) => _events is not null
        ? new Dictionary<string, object?> { ["event"] = _events[index].Id ?? _events[index].Key.ToString(), ["at"] = _events[index].CountsAt }
        : new Dictionary<string, object?> { ["order"] = _orders![index].PurchaseId, ["at"] = _orders[index].PlacedAt };
}
