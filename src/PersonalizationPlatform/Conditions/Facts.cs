using System.Text.Json;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions;

/// <summary>
/// Everything known about one shopper that conditions may ask for, over all time. Evaluation cuts it at an instant
/// (<see cref="Moment"/>); nothing in here depends on the order in which things arrived.
/// </summary>
public sealed class Facts
{
    /// <summary>Events, ascending by (<see cref="EventFact.CountsAt"/>, <see cref="EventFact.Key"/>), no duplicates.</summary>
    public IReadOnlyList<EventFact> Events { get; init; } = [];

    /// <summary>The parts of each order that belongs to this shopper, ascending by (CountsAt, Key); folded per instant.</summary>
    public IReadOnlyList<OrderHistory> Orders { get; init; } = [];

    /// <summary>Every assertion of an attribute, ascending by (<see cref="AttributeFact.At"/>, <see cref="AttributeFact.Key"/>).</summary>
    public IReadOnlyList<AttributeFact> Attributes { get; init; } = [];

    /// <summary>Imported lists the shopper is on.</summary>
    public IReadOnlySet<AudienceId> Lists { get; init; } = new HashSet<AudienceId>();

    /// <summary>Whether the profile has a CustomerId.</summary>
    public bool IsRegistered { get; init; }

    public DateTimeOffset? FirstSeen { get; init; }

    /// <summary>Unbounded first time and count per event kind; only needed where <see cref="TruncatedBefore"/> is set.</summary>
    public IReadOnlyDictionary<string, KindSummary> Kinds { get; init; } = new Dictionary<string, KindSummary>();

    /// <summary>When set, events counting before this instant exist that were not read (the profile is past the bound).</summary>
    public DateTimeOffset? TruncatedBefore { get; init; }

    /// <summary>Catalogue attributes by SKU (exact case), only for SKUs on lines and only when a condition needs them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, FieldValue>> Products { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, FieldValue>>();

    private FactsIndex? _index;

    /// <summary>Built once; two threads that race build two equal ones.</summary>
    internal FactsIndex Index => _index ??= new FactsIndex(this);

    /// <summary>Facts from what arrived in any order and perhaps more than once: sorts by (time, key) and drops repeats.</summary>
    public static Facts Of(IEnumerable<EventFact>? events = null, IEnumerable<OrderHistory>? orders = null, IEnumerable<AttributeFact>? attributes = null) => new()
    {
        Events = Sorted(events, e => (e.CountsAt, e.Key), e => (e.CountsAt, e.Key)),
        Orders = orders is null
            ? []
            : [.. orders.GroupBy(o => o.PurchaseId, StringComparer.Ordinal)
                .Select(g => new OrderHistory(g.Key, Sorted(g.SelectMany(o => o.Parts), p => (p.CountsAt, p.Key), p => (p.CountsAt, p.Key))))
                .OrderBy(o => o.PurchaseId, StringComparer.Ordinal)],
        Attributes = Sorted(attributes, a => (a.At, a.Key), a => (a.At, a.Key, a.Name)),
    };

    private static T[] Sorted<T, TIdentity>(IEnumerable<T>? items, Func<T, (DateTimeOffset, EventKey)> order, Func<T, TIdentity> identity) =>
        items is null ? [] : [.. items.DistinctBy(identity).OrderBy(order)];
}

/// <summary>One event as conditions see it.</summary>
/// <param name="Kind">The documented name (<c>addToCart</c>) or the custom type.</param>
/// <param name="CountsAt">The instant windows and intervals use.</param>
/// <param name="Body">The raw body; only loaded when a condition asks for <c>event.data.*</c>.</param>
public sealed record EventFact(EventKey Key, string? Id, string Kind, DateTimeOffset CountsAt, EventContent Content, JsonElement? Body);

/// <summary>The parts of one order.</summary>
public sealed record OrderHistory(string PurchaseId, IReadOnlyList<OrderPart> Parts);

/// <summary>One assertion of one attribute.</summary>
/// <param name="Name">The field's name without <c>profile.</c>, e.g. <c>firstName</c>, <c>attributes.shoeSize</c>, <c>addresses</c>, <c>billingAddress</c>.</param>
/// <param name="Timed">Whether the source gave the time; otherwise <paramref name="At"/> is when it was received, and questions about the past use it as known now.</param>
public sealed record AttributeFact(string Name, JsonElement Value, DateTimeOffset At, EventKey Key, bool Timed, string Source);

/// <summary>How often and since when a kind of event happened, over everything ever received.</summary>
public sealed record KindSummary(DateTimeOffset FirstAt, long Count);
