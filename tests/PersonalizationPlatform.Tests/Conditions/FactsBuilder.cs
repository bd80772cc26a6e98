using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>Collects what happened, in any order and as often as one likes, into facts.</summary>
public sealed class FactsBuilder
{
    private readonly List<EventFact> _events = [];
    private readonly List<OrderHistory> _orders = [];
    private readonly List<AttributeFact> _attributes = [];
    private int _made;

    public HashSet<AudienceId> Lists { get; } = [];
    public bool IsRegistered { get; set; }
    public DateTimeOffset? FirstSeen { get; set; }
    public Dictionary<string, IReadOnlyDictionary<string, FieldValue>> Products { get; } = [];

    /// <summary>The key of an id, so that the same id is the same event.</summary>
    public static EventKey Key(string id) => new(new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(id)).AsSpan(0, 16), bigEndian: true));

    public FactsBuilder Event(string kind, DateTimeOffset at, EventContent? content = null, string? id = null, JsonElement? body = null)
    {
        id ??= $"event-{++_made}";
        _events.Add(new EventFact(Key(id), id, kind, at, content ?? new EventContent(), body));
        return this;
    }

    public FactsBuilder Add(EventFact fact)
    {
        _events.Add(fact);
        return this;
    }

    public FactsBuilder Part(string order, string kind, DateTimeOffset at, OrderContent content, IReadOnlyList<LineItem>? items = null, string? id = null)
    {
        id ??= $"part-{++_made}";
        var backOffice = kind != "completeCheckout";
        _orders.Add(new OrderHistory(order, [new OrderPart(Key(id), at, default, true, backOffice, kind, content, items ?? [], "base", "default")]));
        return this;
    }

    public FactsBuilder Attribute(string name, object? value, DateTimeOffset at, bool timed = true, string? id = null)
    {
        _attributes.Add(new AttributeFact(name, JsonSerializer.SerializeToElement(value), at, Key(id ?? $"attribute-{++_made}"), timed, "test"));
        return this;
    }

    public Facts Build(Random? shuffle = null)
    {
        var events = Shuffled(_events, shuffle);
        var orders = Shuffled(_orders, shuffle);
        var sorted = Facts.Of(events, orders, Shuffled(_attributes, shuffle));
        return new Facts
        {
            Events = sorted.Events,
            Orders = sorted.Orders,
            Attributes = sorted.Attributes,
            Lists = Lists,
            IsRegistered = IsRegistered,
            FirstSeen = FirstSeen,
            Products = Products,
        };
    }

    /// <summary>Another order of arrival, with some things arriving twice.</summary>
    private static List<T> Shuffled<T>(List<T> items, Random? random)
    {
        if (random is null)
            return items;
        var all = items.Concat(items.Where(_ => random.Next(3) == 0)).ToArray();
        random.Shuffle(all);
        return [.. all];
    }
}
