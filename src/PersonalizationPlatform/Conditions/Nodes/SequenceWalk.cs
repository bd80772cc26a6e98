using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>
/// One walk through the occurrences in time order that knows, for each step, whether some chain has reached it and until when the next
/// step may follow. Occurrences with the same time and key (an event and the order it made) are one point: neither is after the other.
/// </summary>
internal sealed class SequenceWalk
{
    private readonly Sequence _sequence;
    private readonly Scope _scope;
    private readonly bool[] _reached;
    private readonly DateTimeOffset[] _deadlines;
    private readonly Occurrences[] _occurrences;
    private readonly int[] _next;
    private readonly bool[] _fits;
    private DateTimeOffset? _whereChanges;
    private bool _holds;
    private DateTimeOffset? _holdsUntil;
    private DateTimeOffset? _holdsFrom;

    public SequenceWalk(Sequence sequence, in Scope scope)
    {
        _sequence = sequence;
        _scope = scope;
        var steps = sequence.Steps.Count;
        _reached = new bool[steps];
        _deadlines = new DateTimeOffset[steps];
        _occurrences = new Occurrences[steps + sequence.Without.Count];
        _next = new int[_occurrences.Length];
        _fits = new bool[_occurrences.Length];
        for (var i = 0; i < _occurrences.Length; i++)
            _occurrences[i] = Source(i).In(scope);
    }

    /// <summary>How many steps a chain got through at most.</summary>
    public int Reached { get; private set; }

    /// <summary>When a chain that counts was last completed.</summary>
    public DateTimeOffset? LastCompleted { get; private set; }

    public Verdict Run()
    {
        while (NextPoint() is { } at)
            Visit(at);
        var changesAt = _holds ? _holdsUntil : _holdsFrom;
        return new Verdict(_holds, Verdict.Earlier(changesAt, _whereChanges));
    }

    private EventSource Source(int index) =>
        index < _sequence.Steps.Count ? _sequence.Steps[index].Source : _sequence.Without[index - _sequence.Steps.Count];

    /// <summary>Moves to the next (time, key) and notes which sources have a fitting occurrence there.</summary>
    private DateTimeOffset? NextPoint()
    {
        var found = false;
        DateTimeOffset at = default;
        EventKey key = default;
        for (var i = 0; i < _occurrences.Length; i++)
        {
            if (_next[i] >= _occurrences[i].Count)
                continue;
            var t = _occurrences[i].At(_next[i]);
            var k = _occurrences[i].Key(_next[i]);
            if (found && (t > at || (t == at && k.CompareTo(key) >= 0)))
                continue;
            (found, at, key) = (true, t, k);
        }

        if (!found)
            return null;
        for (var i = 0; i < _occurrences.Length; i++)
        {
            _fits[i] = false;
            while (_next[i] < _occurrences[i].Count && _occurrences[i].At(_next[i]) == at && _occurrences[i].Key(_next[i]) == key)
            {
                var fits = Source(i).Fits(_scope, _occurrences[i], _next[i]++);
                _whereChanges = Verdict.Earlier(_whereChanges, fits.ChangesAt);
                _fits[i] |= fits.Matches;
            }
        }

        return at;
    }

    private void Visit(DateTimeOffset at)
    {
        var last = _reached.Length - 1;
        var breaks = false;
        for (var i = last + 1; i < _fits.Length; i++)
            breaks |= _fits[i];
        // From the last step down, so that one occurrence does not serve as two steps.
        if (!breaks)
        {
            for (var i = last; i > 0; i--)
                TryReach(i, at);
        }
        else
        {
            // What breaks chains may itself be the last step of one, unless it must be quiet since the first.
            if (last > 0 && _sequence.QuietFor is null)
                TryReach(last, at);
            Array.Clear(_reached);
            if (_sequence.QuietFor is not null)
                Forget();
        }

        if (_fits[0])
            Reach(0, at);
    }

    private void TryReach(int step, DateTimeOffset at)
    {
        if (_fits[step] && _reached[step - 1] && (_sequence.Steps[step].After is null || _deadlines[step - 1] > at))
            Reach(step, at);
    }

    private void Reach(int step, DateTimeOffset at)
    {
        Reached = Math.Max(Reached, step + 1);
        if (step == _reached.Length - 1)
        {
            Complete(at);
            return;
        }

        if (_sequence.Steps[step + 1].After is { } after)
        {
            var deadline = after.EndOf(at);
            _deadlines[step] = _reached[step] && _deadlines[step] > deadline ? _deadlines[step] : deadline;
        }

        _reached[step] = true;
    }

    /// <summary>A chain ended here: it counts from the quiet time's end until the window's.</summary>
    private void Complete(DateTimeOffset at)
    {
        LastCompleted = at;
        var now = _scope.Now;
        var from = _sequence.QuietFor?.EndOf(at) ?? at;
        var until = _sequence.Within?.EndOf(at);
        if (from > now)
        {
            _holdsFrom = Verdict.Earlier(_holdsFrom, from);
        }
        else if (until is null || until > now)
        {
            _holdsUntil = !_holds ? until : _holdsUntil is null || until is null ? null : until > _holdsUntil ? until : _holdsUntil;
            _holds = true;
        }
    }

    private void Forget()
    {
        _holds = false;
        _holdsUntil = null;
        _holdsFrom = null;
        LastCompleted = null;
    }
}
