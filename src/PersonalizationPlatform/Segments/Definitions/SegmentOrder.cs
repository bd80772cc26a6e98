using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Definitions;

/// <summary>In which order segments that refer to one another are judged.</summary>
internal static class SegmentOrder
{
    /// <summary>The segments a condition refers to, itself or through an audience that publishes one.</summary>
    public static IEnumerable<SegmentId> References(Needs needs, IReadOnlyDictionary<AudienceId, AudienceEntry> audiences)
    {
        foreach (var segment in needs.Segments)
            yield return segment;
        foreach (var audience in needs.Audiences)
        {
            if (audiences.GetValueOrDefault(audience)?.Segment is { } segment)
                yield return segment;
        }
    }

    /// <summary>Each after those it refers to, otherwise in the order given; what stands in or behind a circle is left out.</summary>
    public static List<T> Sort<T>(IReadOnlyList<T> items, Func<T, SegmentId> id, Func<T, IEnumerable<SegmentId>> references)
    {
        var present = items.Select(id).ToHashSet();
        var waitsFor = items.ToDictionary(id, item => references(item).Where(present.Contains).ToHashSet());
        var followers = new Dictionary<SegmentId, List<T>>();
        foreach (var item in items)
        {
            foreach (var reference in waitsFor[id(item)])
            {
                if (!followers.TryGetValue(reference, out var list))
                    followers[reference] = list = [];
                list.Add(item);
            }
        }

        var sorted = items.Where(item => waitsFor[id(item)].Count == 0).ToList();
        for (var i = 0; i < sorted.Count; i++)
        {
            foreach (var follower in followers.GetValueOrDefault(id(sorted[i]), []))
            {
                var open = waitsFor[id(follower)];
                open.Remove(id(sorted[i]));
                if (open.Count == 0)
                    sorted.Add(follower);
            }
        }

        return sorted;
    }

    /// <summary>The way from a segment's references back to itself, as ids from it to it; null when there is none.</summary>
    public static IReadOnlyList<SegmentId>? FindCircle(
        SegmentId start, IEnumerable<SegmentId> startReferences, Func<SegmentId, IEnumerable<SegmentId>> references)
    {
        var cameFrom = new Dictionary<SegmentId, SegmentId>();
        var open = new Queue<SegmentId>();
        Visit(start, startReferences);
        while (open.TryDequeue(out var next))
        {
            if (next == start)
            {
                var way = new List<SegmentId> { start };
                do
                    way.Insert(0, cameFrom[way[0]]);
                while (way[0] != start);
                return way;
            }

            Visit(next, references(next));
        }

        return null;

        void Visit(SegmentId from, IEnumerable<SegmentId> to)
        {
            foreach (var reference in to)
            {
                if (cameFrom.TryAdd(reference, from))
                    open.Enqueue(reference);
            }
        }
    }
}
