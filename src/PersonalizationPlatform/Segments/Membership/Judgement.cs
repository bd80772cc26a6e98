using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Why a shopper entered or left a segment.</summary>
internal static class Causes
{
    internal const string Event = "event";
    internal const string Profile = "profile";
    internal const string Time = "time";
    internal const string Definition = "definition";
    internal const string Link = "link";
    internal const string List = "list";
    internal const string LateEvent = "lateEvent";
    internal const string FirstFill = "firstFill";
    internal const string Erasure = "erasure";
}

/// <summary>One row for the membership log, before it has a position.</summary>
internal sealed record MembershipChange(Guid Segment, bool Entered, DateTimeOffset At, string Cause, int Version)
{
    internal EventKey? EventKey { get; init; }
    internal string? EventId { get; init; }
    internal Guid? OtherProfile { get; init; }
    internal DateTimeOffset? Since { get; init; }
    internal bool FirstFill { get; init; }
}

/// <summary>What a refresh found: present members, every deadline, and what changed since the last settle.</summary>
internal sealed record Judgement(
    DateTimeOffset At, long Epoch, IReadOnlyList<(Guid Segment, StoredMembership Membership)> Members,
    IReadOnlyList<(Guid Segment, DateTimeOffset At)> Deadlines, IReadOnlyList<MembershipChange> Changes)
{
    internal DateTimeOffset ValidUntil => Deadlines.Count == 0 ? DateTimeOffset.MaxValue : Deadlines.Min(d => d.At);
}

/// <summary>
/// Steps a profile from its last settled instant through every event and every ChangesAt up to now, and says what to log: each flip
/// at its exact instant. What a late event, a link or an edit changes about the past is logged once, as the state it leads to now.
/// </summary>
internal sealed class Judge(ProfileSnapshot snapshot, SegmentSet set, DateTimeOffset now)
{
    private const int MaxSteps = 20_000;
    private readonly Timeline _timeline = new(snapshot.Facts, set, snapshot.Spans.Count > 0, untimedAsKnown: false);
    private readonly List<MembershipChange> _changes = [];

    internal static Judgement Run(ProfileSnapshot snapshot, SegmentSet set, DateTimeOffset now) => new Judge(snapshot, set, now).Run();

    private Judgement Run()
    {
        var final = _timeline.At(now);
        var flips = snapshot.Stored is { } stored ? FlipsSince(stored.SettledAt < now ? stored.SettledAt : now) : null;
        var members = new List<(Guid, StoredMembership)>();
        var deadlines = new List<(Guid, DateTimeOffset)>();
        for (var i = 0; i < final.Length; i++)
        {
            var segment = set.InOrder[i];
            var id = segment.Id.Value;
            if (final[i].ChangesAt is { } changesAt)
                deadlines.Add((id, changesAt));
            var since = flips is null ? FirstSettle(i, segment, final[i].Matches) : LaterSettle(i, segment, final[i].Matches, flips[i]);
            if (final[i].Matches)
                members.Add((id, new StoredMembership(since, final[i].ChangesAt, segment.Version)));
        }

        foreach (var (id, membership) in snapshot.Members)
            if (!set.InOrder.Any(s => s.Id.Value == id))
                Log(new MembershipChange(id, false, now, Causes.Definition, membership.Version));
        return new Judgement(now, set.Epoch, members, deadlines, _changes);
    }

    /// <summary>The state at the beginning under present knowledge, then every flip since, per segment.</summary>
    private (bool Start, List<DateTimeOffset> At)[] FlipsSince(DateTimeOffset start)
    {
        var current = _timeline.At(start);
        var flips = current.Select(v => (v.Matches, new List<DateTimeOffset>())).ToArray();
        var steps = 0;
        for (var next = _timeline.Next(start); next is { } at && at <= now; next = _timeline.Next(at))
        {
            var then = _timeline.At(at);
            for (var i = 0; i < then.Length; i++)
                if (then[i].Matches != current[i].Matches)
                    flips[i].Item2.Add(at);
            current = then;
            if (++steps > MaxSteps)
                break;
        }

        return flips;
    }

    private DateTimeOffset FirstSettle(int index, LiveSegment segment, bool matches)
    {
        if (!matches)
            return default;
        var since = _timeline.Since(index, true, now);
        if (snapshot.Inherited.TryGetValue(segment.Id.Value, out var inherited))
            return LogCarriedOver(segment, Linked(since), inherited);
        if (ListedAt(segment) is { } listed && listed >= segment.LiveSince && listed >= since)
            return LogEntered(segment, listed, Causes.List);
        if (Linked(since) is var linked && linked > since && linked >= segment.LiveSince)
            return LogLinked(segment, matches, linked);
        if (since >= segment.LiveSince)
            Log(Caused(new MembershipChange(segment.Id.Value, true, since, Causes.Time, segment.Version)));
        else
            Log(new MembershipChange(segment.Id.Value, true, since, Causes.FirstFill, segment.Version) { FirstFill = true });
        return since;
    }

    private DateTimeOffset LaterSettle(int index, LiveSegment segment, bool matches, (bool Start, List<DateTimeOffset> At) flips)
    {
        var id = segment.Id.Value;
        var was = snapshot.Members.TryGetValue(id, out var stored);
        var since = was ? stored.Since : default;
        var edited = DependsOnChange(segment, snapshot.Stored!.Epoch);
        if (flips.Start == was && !edited)
        {
            // Nothing about the past changed: every flip is logged, in order, at its instant.
            var state = was;
            foreach (var at in flips.At)
            {
                state = !state;
                Log(Caused(new MembershipChange(id, state, at, Causes.Time, segment.Version)));
                since = at;
            }

            if (state != matches)
            {
                // Only past MaxSteps: the last flips are not told one by one, but where they led to is.
                since = _timeline.Since(index, matches, now);
                Log(Caused(new MembershipChange(id, matches, since, Causes.Time, segment.Version)));
            }

            return since;
        }

        if (matches == was)
            return since;
        if (edited && !was && segment.ChangedEpoch > snapshot.Stored.Epoch && segment.LiveSince >= snapshot.Stored.SettledAt)
            return FirstSettle(index, segment, matches);
        since = flips.At.Count > 0 ? flips.At[^1] : _timeline.Since(index, matches, now);
        if (edited)
            Log(new MembershipChange(id, matches, since, Causes.Definition, segment.Version));
        else if (!snapshot.Stored.SeenIds.AsSpan().SequenceEqual(snapshot.Ids))
            since = LogLinked(segment, matches, Linked(since));
        else if (References(segment).Any())
            since = LogListed(segment, matches, since);
        else
            Log(Caused(new MembershipChange(id, matches, since, Causes.LateEvent, segment.Version)) with { Cause = Causes.LateEvent });
        return since;
    }

    private DateTimeOffset LogLinked(LiveSegment segment, bool matches, DateTimeOffset at)
    {
        var id = segment.Id.Value;
        if (matches && snapshot.Inherited.TryGetValue(id, out var inherited))
            return LogCarriedOver(segment, at, inherited);
        var other = matches ? snapshot.GainedFrom : snapshot.LostTo;
        Log(new MembershipChange(id, matches, at, Causes.Link, segment.Version) { OtherProfile = other });
        return at;
    }

    /// <summary>A list that is left leaves no trace of when, so leaving counts from now.</summary>
    private DateTimeOffset LogListed(LiveSegment segment, bool matches, DateTimeOffset since)
    {
        if (matches)
            return LogEntered(segment, ListedAt(segment) is { } listed && listed > since ? listed : since, Causes.List);
        Log(new MembershipChange(segment.Id.Value, false, now, Causes.List, segment.Version));
        return now;
    }

    private DateTimeOffset LogEntered(LiveSegment segment, DateTimeOffset at, string cause)
    {
        Log(new MembershipChange(segment.Id.Value, true, at, cause, segment.Version));
        return at;
    }

    private DateTimeOffset LogCarriedOver(LiveSegment segment, DateTimeOffset at, (DateTimeOffset Since, Guid Profile) inherited)
    {
        var since = inherited.Since < at ? inherited.Since : at;
        Log(new MembershipChange(segment.Id.Value, true, at, Causes.Link, segment.Version) { OtherProfile = inherited.Profile, Since = since });
        return since;
    }

    /// <summary>Nothing that a link changes happened before the link.</summary>
    private DateTimeOffset Linked(DateTimeOffset since) => snapshot.LinkedAt is not { } linked ? since : linked > since || snapshot.Spans.Count == 0 ? linked : since;

    private DateTimeOffset? ListedAt(LiveSegment segment)
    {
        DateTimeOffset? latest = null;
        foreach (var audience in References(segment))
            if (snapshot.ListedAt.TryGetValue(audience, out var at) && at <= now && (latest is null || at > latest))
                latest = at;
        return latest;
    }

    /// <summary>The imported lists a segment asks for, itself or through segments it refers to.</summary>
    private IEnumerable<AudienceId> References(LiveSegment segment) =>
        segment.Needs.Audiences.Where(id => set.Audiences.TryGetValue(id, out var audience) && audience.Segment is null)
            .Concat(segment.Needs.Segments.Select(set.Find).OfType<LiveSegment>().SelectMany(References));

    private bool DependsOnChange(LiveSegment segment, long epoch) =>
        segment.ChangedEpoch > epoch || segment.Needs.Segments.Any(id => set.Find(id) is not { } other || DependsOnChange(other, epoch));

    /// <summary>Names the event or attribute that counts at the very instant of the flip; otherwise time did it.</summary>
    private MembershipChange Caused(MembershipChange change)
    {
        var at = change.At;
        foreach (var e in snapshot.Facts.Events)
            if (e.CountsAt == at)
                return change with { Cause = Causes.Event, EventKey = e.Key, EventId = e.Id };
        foreach (var order in snapshot.Facts.Orders)
            foreach (var part in order.Parts)
                if (part.CountsAt == at)
                    return change with { Cause = Causes.Event, EventKey = part.Key };
        return snapshot.Facts.Attributes.Any(a => a.At == at) ? change with { Cause = Causes.Profile } : change;
    }

    private void Log(MembershipChange change) => _changes.Add(
        snapshot.LastLogged.TryGetValue(change.Segment, out var last) && last > change.At ? change with { At = last } : change);
}
