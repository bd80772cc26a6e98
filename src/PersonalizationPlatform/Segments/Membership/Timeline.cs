using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>
/// All live segments judged for one shopper at any instant, each instant once. Pure. Segments that refer to segments are judged in
/// dependency order, so one pass is enough.
/// </summary>
internal sealed class Timeline
{
    /// <summary>How far back, in instants at which something happened, the beginning of a membership is looked for.</summary>
    private const int MaxLookBack = 2_000;

    private readonly Facts _facts;
    private readonly SegmentSet _set;
    private readonly bool _anybody;
    private readonly bool _untimedAsKnown;
    private readonly Dictionary<DateTimeOffset, Verdict[]> _judged = [];
    private readonly Dictionary<SegmentId, int> _index;
    private DateTimeOffset[]? _instants;

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
    }

    /// <summary>Every instant at which something was learnt, ascending.</summary>
    internal DateTimeOffset[] Instants => _instants ??= FindInstants();

    /// <summary>Verdicts in the order of <see cref="SegmentSet.InOrder"/>.</summary>
    internal Verdict[] At(DateTimeOffset at)
    {
        if (_judged.TryGetValue(at, out var known))
            return known;
        var verdicts = new Verdict[_set.InOrder.Count];
        if (_anybody)
        {
            var moment = MomentAt(at, verdicts, WebsiteSettings.Base);
            for (var i = 0; i < verdicts.Length; i++)
            {
                var segment = _set.InOrder[i];
                if (segment.Settings != moment.Website)
                    moment = MomentAt(at, verdicts, segment.Settings);
                verdicts[i] = Judge(segment, moment);
            }
        }

        return _judged[at] = verdicts;
    }

    /// <summary>The moment, for explanations; <paramref name="verdicts"/> are those of <see cref="At"/>.</summary>
    internal Moment MomentAt(DateTimeOffset at, Verdict[] verdicts, WebsiteSettings website)
    {
        Verdict Segment(SegmentId id) => _index.TryGetValue(id, out var i) ? verdicts[i] : Verdict.False;
        return new Moment(_facts, at, Segment, website, _untimedAsKnown)
        {
            Audiences = id => _set.Audiences.TryGetValue(id, out var audience) && audience.Segment is { } published
                ? Segment(published)
                : _facts.Lists.Contains(id) && _set.Audiences.ContainsKey(id) ? Verdict.True : Verdict.False,
        };
    }

    /// <summary>The next instant after <paramref name="at"/> at which any verdict may change, by an event or by time alone.</summary>
    internal DateTimeOffset? Next(DateTimeOffset at)
    {
        DateTimeOffset? next = null;
        foreach (var verdict in At(at))
            next = Verdict.Earlier(next, verdict.ChangesAt);
        var i = FirstAfter(at);
        return i < Instants.Length ? Verdict.Earlier(next, Instants[i]) : next;
    }

    /// <summary>
    /// The instant from which the segment's state has been <paramref name="state"/> without interruption until <paramref name="upTo"/>,
    /// at which it is in that state.
    /// </summary>
    internal DateTimeOffset Since(int segment, bool state, DateTimeOffset upTo)
    {
        var end = FirstAfter(upTo);
        var boundary = upTo;
        for (var i = end - 1; i >= Math.Max(0, end - MaxLookBack); i--)
        {
            if (LastFlip(segment, state, Instants[i], boundary, i == end - 1) is { } flip)
                return flip;
            boundary = Instants[i];
        }

        return boundary;
    }

    /// <summary>The last instant in [from, until) — or at <paramref name="until"/> — at which the state began; null when it held throughout.</summary>
    private DateTimeOffset? LastFlip(int segment, bool state, DateTimeOffset from, DateTimeOffset until, bool untilIncluded)
    {
        DateTimeOffset? began = null;
        var held = true;
        for (var at = from; ;)
        {
            var verdict = At(at)[segment];
            if (verdict.Matches == state && !held)
                began = at;
            held = verdict.Matches == state;
            if (verdict.ChangesAt is not { } next || (untilIncluded ? next > until : next >= until))
                break;
            at = next;
        }

        return held ? began : until;
    }

    /// <summary>Registered = the profile has a CustomerId; visitors = it has not.</summary>
    internal bool IsOfPopulation(LiveSegment segment) => segment.ApplyTo == ApplyTo.Both || (segment.ApplyTo == ApplyTo.Registered) == _facts.IsRegistered;

    private Verdict Judge(LiveSegment segment, Moment moment)
    {
        if (!IsOfPopulation(segment))
            return Verdict.False;
        return segment.Condition?.Evaluate(moment) ?? Verdict.True;
    }

    private int FirstAfter(DateTimeOffset at)
    {
        var found = Array.BinarySearch(Instants, at);
        return found >= 0 ? found + 1 : ~found;
    }

    private DateTimeOffset[] FindInstants()
    {
        var instants = new SortedSet<DateTimeOffset>();
        foreach (var e in _facts.Events)
            instants.Add(e.CountsAt);
        foreach (var attribute in _facts.Attributes)
            instants.Add(attribute.At);
        foreach (var order in _facts.Orders)
            foreach (var part in order.Parts)
                instants.Add(part.CountsAt);
        if (_facts.FirstSeen is { } first)
            instants.Add(first);
        return [.. instants];
    }
}
