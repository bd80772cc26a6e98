using PersonalizationPlatform.Events.Understanding;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>A line of an order that a part of it speaks of.</summary>
/// <param name="Item">The order's item; nothing when the order has none of that id.</param>
/// <param name="Id">What the part calls it.</param>
/// <param name="Quantity">Units the part is about; null = it does not say.</param>
/// <param name="Refunded">What was paid back for it.</param>
internal sealed record OrderPartLine(XdmNode Item, string Id, decimal? Quantity, decimal? Refunded);

/// <summary>
/// The items of an order. What a configurable product or a bundle is made of has items of its own, which name their parent; as a line
/// counts the parent, which has the price.
/// </summary>
internal sealed class OrderItems
{
    private readonly List<XdmNode> items = [];
    private readonly Dictionary<string, int> byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> byEntity = new(StringComparer.Ordinal);

    public OrderItems(XdmNode list)
    {
        foreach (var item in list.Each())
        {
            if (!item.IsObject)
                continue;
            if (IdOf(item) is { } id)
                byId.TryAdd(id, items.Count);
            if (item.Text("entityId") is { } entity)
                byEntity.TryAdd(entity, items.Count);
            items.Add(item);
        }
    }

    public IEnumerable<XdmNode> All => items;

    /// <summary>Those that are nobody's part.</summary>
    public IEnumerable<XdmNode> Lines => Enumerable.Range(0, items.Count).Where(i => ParentOf(i) is null).Select(i => items[i]);

    /// <summary>What was taken off the lines.</summary>
    public decimal Discount => Lines.Sum(line => line.Amount("discountAmount") ?? 0);

    public static string? IdOf(XdmNode item) => item["itemId"].Text("id") ?? item.Text("itemId", "entityId");

    /// <summary>The lines that a part of the order speaks of, each once; a child of a line only where its parent is not among them.</summary>
    public IReadOnlyList<OrderPartLine> Of(XdmNode part, OrderPartKind kind)
    {
        var lines = new List<(int? Index, OrderPartLine Line)>();
        var places = new Dictionary<(int? Index, string? Id), int>();
        foreach (var named in part[kind.Items].Each())
        {
            if ((named["orderItemId"].Text("id") ?? named.Text("orderItemId")) is not { } id)
                continue;
            var index = byId.TryGetValue(id, out var known) || byEntity.TryGetValue(id, out known) ? known : default(int?);
            var line = new OrderPartLine(index is { } i ? items[i] : default, id, named.Amount(kind.Quantity), named.Amount("baseRowTotal"));
            var place = (index, index is null ? id : null);
            if (places.TryAdd(place, lines.Count))
                lines.Add((index, line));
            else
                lines[places[place]] = (index, Sum(lines[places[place]].Line, line));
        }

        var present = lines.Select(line => line.Index).OfType<int>().ToHashSet();
        return [.. lines.Where(line => line.Line.Quantity != 0 && !(line.Index is { } i && ParentOf(i) is { } parent && present.Contains(parent))).Select(line => line.Line)];
    }

    private int? ParentOf(int index) =>
        items[index].Text("parentEntityId") is { } parent && byEntity.TryGetValue(parent, out var at) && at != index ? at : null;

    private static OrderPartLine Sum(OrderPartLine a, OrderPartLine b) =>
        a with { Quantity = Sum(a.Quantity, b.Quantity), Refunded = Sum(a.Refunded, b.Refunded) };

    private static decimal? Sum(decimal? a, decimal? b) => a is null ? b : a + (b ?? 0);
}
