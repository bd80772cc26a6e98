using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>
/// The live segments judged for one shopper at any instant: each segment at each instant at most once, and only when asked. Pure.
/// A segment that refers to others judges those first; definitions refuse circles.
/// </summary>
internal sealed class Timeline
{
    /// <summary>How far back, in instants at which something happened, the beginning of a membership is looked for.</summary>
    private const int MaxLookBack = 2_000;

    private readonly Facts _facts;
    private readonly SegmentSet _set;
    private readonly bool _anybody;
    private readonly bool _untimedAsKnown;
    private readonly Dictionary<DateTimeOffset, Verdict?[]> _judged = [];
    private readonly Dictionary<SegmentId, int> _index;
    private readonly DateTimeOffset[]?[] _relevant;
    private DateTimeOffset[]? _instants;
    private Moment? _moment;

    /// <param name="facts">What is known of the shopper.</param>
    /// <param name="set">The live segments.</param>
    /// <param name="anybody">False for a profile that lost all its identities: it is in no segment.</param>
    /// <param name="untimedAsKnown">See <see cref="Moment"/>.</param>
    internal Timeline(Facts facts, SegmentSet set, bool anybody, bool untimedAsKnown)
    {
        _facts = facts;
        _set = set;
        _anybody = anybody;
        _untimedAsKnown = untimedAsKnown;
        _index = set.InOrder.Select((s, i) => (s.Id, i)).ToDictionary(s => s.Id, s => s.i);
        _relevant = new DateTimeOffset[]?[set.InOrder.Count];
    }

    /// <summary>All verdicts at an instant, in the order of <see cref="SegmentSet.InOrder"/>.</summary>
    internal Verdict[] At(DateTimeOffset at)
    {
        var verdicts = new Verdict[_set.InOrder.Count];
        for (var i = 0; i < verdicts.Length; i++)
            verdicts[i] = At(i, at);
        return verdicts;
    }

    /// <summary>The moment, as the segments of a website see it.</summary>
    internal Moment MomentAt(DateTimeOffset at, WebsiteSettings website)
    {
        if (_moment is { } last && last.At == at && last.Website == website)
            return last;
        Verdict Segment(SegmentId id) => _index.TryGetValue(id, out var i) ? At(i, at) : Verdict.False;
        return _moment = new Moment(_facts, at, Segment, website, _untimedAsKnown)
        {
            Audiences = id => _set.Audiences.TryGetValue(id, out var audience) && audience.Segment is { } published
                ? Segment(published)
                : _facts.Lists.Contains(id) && _set.Audiences.ContainsKey(id) ? Verdict.True : Verdict.False,
        };
    }

    /// <summary>Registered = the profile has a CustomerId; visitors = it has not.</summary>
    internal bool IsOfPopulation(LiveSegment segment) => segment.ApplyTo == ApplyTo.Both || (segment.ApplyTo == ApplyTo.Registered) == _facts.IsRegistered;

    /// <summary>The next instant after <paramref name="at"/> at which any verdict may change, by something learnt or by time alone.</summary>
    internal DateTimeOffset? Next(DateTimeOffset at)
    {
        DateTimeOffset? next = null;
        for (var i = 0; i < _set.InOrder.Count; i++)
            next = Verdict.Earlier(next, At(i, at).ChangesAt);
        _instants ??= Instants(_ => true, true, true);
        var after = FirstAfter(_instants, at);
        return after < _instants.Length ? Verdict.Earlier(next, _instants[after]) : next;
    }

    /// <summary>
    /// The instant from which the segment's state has been <paramref name="state"/> without interruption until <paramref name="upTo"/>,
    /// at which it is in that state.
    /// </summary>
    internal DateTimeOffset Since(int segment, bool state, DateTimeOffset upTo)
    {
        var instants = _relevant[segment] ??= Relevant(_set.InOrder[segment]);
        var end = FirstAfter(instants, upTo);
        var boundary = upTo;
        for (var i = end - 1; i >= Math.Max(0, end - MaxLookBack); i--)
        {
            if (LastFlip(segment, state, instants[i], boundary, i == end - 1) is { } flip)
                return flip;
            boundary = instants[i];
        }

        return boundary;
    }

    private Verdict At(int segment, DateTimeOffset at)
    {
        if (!_anybody)
            return Verdict.False;
        if (!_judged.TryGetValue(at, out var known))
            _judged[at] = known = new Verdict?[_set.InOrder.Count];
        if (known[segment] is { } judged)
            return judged;
        var live = _set.InOrder[segment];
        var verdict = !IsOfPopulation(live) ? Verdict.False : live.Condition?.Evaluate(MomentAt(at, live.Settings)) ?? Verdict.True;
        known[segment] = verdict;
        return verdict;
    }

    /// <summary>The last instant in [from, until) — or at <paramref name="until"/> — at which the state began; null when it held throughout.</summary>
    private DateTimeOffset? LastFlip(int segment, bool state, DateTimeOffset from, DateTimeOffset until, bool untilIncluded)
    {
        DateTimeOffset? began = null;
        var held = true;
        for (var at = from; ;)
        {
            var verdict = At(segment, at);
            if (verdict.Matches == state && !held)
                began = at;
            held = verdict.Matches == state;
            if (verdict.ChangesAt is not { } next || (untilIncluded ? next > until : next >= until))
                break;
            at = next;
        }

        return held ? began : until;
    }

    /// <summary>The instants at which something was learnt that the segment, or one it refers to, asks for; ascending.</summary>
    private DateTimeOffset[] Relevant(LiveSegment segment)
    {
        var kinds = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        bool orders = false, attributes = false;
        var seen = new HashSet<SegmentId>();
        void Add(LiveSegment one)
        {
            if (!seen.Add(one.Id))
                return;
            kinds.UnionWith(one.Needs.Kinds);
            orders |= one.Needs.Orders;
            attributes |= one.Needs.Attributes;
            var published = one.Needs.Audiences.Select(id => _set.Audiences.GetValueOrDefault(id)?.Segment).OfType<SegmentId>();
            foreach (var id in one.Needs.Segments.Concat(published))
                if (_set.Find(id) is { } other)
                    Add(other);
        }

        Add(segment);
        return Instants(kinds.Contains, orders, attributes);
    }

    private DateTimeOffset[] Instants(Func<string, bool> kind, bool orders, bool attributes)
    {
        var instants = new SortedSet<DateTimeOffset>();
        foreach (var e in _facts.Events)
            if (kind(e.Kind))
                instants.Add(e.CountsAt);
        if (attributes)
            foreach (var attribute in _facts.Attributes)
                instants.Add(attribute.At);
        if (orders)
            foreach (var order in _facts.Orders)
                foreach (var part in order.Parts)
                    instants.Add(part.CountsAt);
        if (_facts.FirstSeen is { } first)
            instants.Add(first);
        return [.. instants];
    }

    private static int FirstAfter(DateTimeOffset[] instants, DateTimeOffset at)
    {
        var found = Array.BinarySearch(instants, at);
        return found >= 0 ? found + 1 : ~found;
    }
}
