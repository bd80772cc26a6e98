using Npgsql;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>A shopper as decisions see them at one instant.</summary>
/// <param name="Profile">Null for somebody never seen; reading such a shopper writes nothing.</param>
/// <param name="At">The instant the memberships hold at.</param>
/// <param name="Epoch">The definitions they were judged under.</param>
/// <param name="Publication">The publication that stood at that instant: decisions use the definitions of this one, so that none sees half of a change.</param>
/// <param name="Members">Present memberships.</param>
/// <param name="Deadlines">When time alone may change a verdict, of every live segment that has such an instant, member or not.</param>
/// <param name="Lists">Imported lists the shopper is on.</param>
/// <param name="Consents">Recorded choices by purpose; no entry = no record.</param>
public sealed record ShopperView(
    ProfileId? Profile, DateTimeOffset At, long Epoch, long Publication, IReadOnlyDictionary<SegmentId, ShopperMembership> Members,
    IReadOnlyDictionary<SegmentId, DateTimeOffset> Deadlines, IReadOnlySet<AudienceId> Lists, IReadOnlyDictionary<string, bool> Consents);

/// <summary>One present membership: since when, and when time alone may end it.</summary>
public sealed record ShopperMembership(SegmentId Segment, DateTimeOffset Since, DateTimeOffset? Until);

/// <summary>
/// Answers who is in which segment, exact at the instant of asking: from what the last settle stored while that still stands, else
/// by judging from one snapshot, and offering the result to the next reader. No loop, and no fsync on a read.
/// </summary>
public sealed class ShopperReader(
    NpgsqlDataSource database, SegmentDefinitions definitions, SnapshotReader snapshots, SettleWriter settles, IdentityHash hash, TimeProvider time)
{
    private const int MaxAttempts = 5;

    /// <summary>The shopper now. The first person identity wins, else the first device.</summary>
    public async Task<ShopperView> ReadAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken) =>
        (await ReadViewAsync(identities, cancellationToken)).View;

    /// <summary>The shopper at another instant, under the current definitions: what counts up to then, of all that is known now. Nothing is stored.</summary>
    public async Task<ShopperView> ReadAsync(IReadOnlyList<Identity> identities, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var (freshness, read, known) = await ReadOnceAsync(identities, null, cancellationToken);
        var (set, snapshot) = (read!, known ?? Nobody());
        var timeline = TimelineOf(freshness, set, snapshot);
        var verdicts = timeline.At(at);
        var members = new Dictionary<SegmentId, ShopperMembership>();
        var deadlines = new Dictionary<SegmentId, DateTimeOffset>();
        for (var i = 0; i < verdicts.Length; i++)
        {
            var (id, verdict) = (set.InOrder[i].Id, verdicts[i]);
            if (verdict.Matches)
                members[id] = new(id, timeline.Since(i, true, at), verdict.ChangesAt);
            if (verdict.ChangesAt is { } deadline)
                deadlines[id] = deadline;
        }

        return new(
            freshness.Profile is { } profile ? new ProfileId(profile) : null, at, set.Epoch, freshness.Publication, members, deadlines,
            snapshot.Facts.Lists, snapshot.Consents);
    }

    private async Task<(ShopperView View, bool Stored)> ReadViewAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (freshness, set, snapshot) = await ReadOnceAsync(identities, now, cancellationToken);
        if (set is null)
        {
            var settled = freshness.Settled!;
            return (new ShopperView(
                new ProfileId(freshness.Profile!.Value), now, freshness.Epoch, freshness.Publication, settled.Members, settled.Deadlines, settled.Lists, settled.Consents), true);
        }

        if (snapshot is null)
        {
            var nobody = Nobody();
            return (View(null, nobody, Judge.Run(nobody, set, now), freshness.Publication), true);
        }

        var judgement = Judge.Run(snapshot, set, Later(now, snapshot));
        if (snapshot.Stored?.Erased != true && snapshot.Ids.Length > 0)
            settles.Offer(snapshot, judgement);
        return (View(snapshot.Profile, snapshot, judgement, freshness.Publication), false);
    }

    /// <summary>
    /// What is stored, and unless that is fresh (asked with an instant), the definitions and, of somebody known, a snapshot. Who the
    /// shopper is and what is known are read one after the other; if the identity went to somebody else in between, both are read again.
    /// </summary>
    private async Task<(Freshness Freshness, SegmentSet? Set, ProfileSnapshot? Snapshot)> ReadOnceAsync(
        IReadOnlyList<Identity> identities, DateTimeOffset? freshAt, CancellationToken cancellationToken)
    {
        var ids = Ids(identities);
        for (var attempt = 1; ; attempt++)
        {
            var freshness = await FreshnessReader.ReadAsync(database, ids, cancellationToken);
            if (freshAt is { } now && freshness.IsFresh(now))
                return (freshness, null, null);
            var set = await definitions.AtAsync(freshness.Epoch, cancellationToken);
            if (freshness.Profile is not { } profile)
                return (freshness, set, null);
            var snapshot = (await snapshots.ReadAsync([profile], set.Needs, cancellationToken))[0];
            if (snapshot.Spans.Any(s => s.UntilAt is null && ids.Contains(s.Identity)) || attempt == MaxAttempts)
                return (freshness, set, snapshot);
        }
    }

    /// <summary>The shopper now, with the log brought up to now: for those who are about to read it.</summary>
    public async Task<ShopperView> ReadSettledAsync(IReadOnlyList<Identity> identities, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // What was offered before is written first: a finding that follows an older settle would be overtaken by it.
            await settles.DrainAsync(cancellationToken);
            var (view, stored) = await ReadViewAsync(identities, cancellationToken);
            if (stored || attempt == MaxAttempts)
                return view;
        }
    }

    /// <summary>All live segments judged for the shopper at an instant, under the current definitions; the tree for explanations.</summary>
    internal async Task<(Guid? Profile, SegmentSet Set, Timeline Timeline, DateTimeOffset At, ProfileSnapshot Snapshot)> JudgeAsync(
        IReadOnlyList<Identity> identities, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (freshness, read, known) = await ReadOnceAsync(identities, null, cancellationToken);
        var (set, snapshot) = (read!, known ?? Nobody());
        return (freshness.Profile, set, TimelineOf(freshness, set, snapshot), at ?? Later(now, snapshot), snapshot);
    }

    private static Timeline TimelineOf(Freshness freshness, SegmentSet set, ProfileSnapshot snapshot) =>
        new(snapshot.Facts, set, snapshot.Spans.Count > 0 || freshness.Profile is null, untimedAsKnown: true);

    /// <summary>Another node's clock may be ahead of ours: an event already accepted is never cut off.</summary>
    internal static DateTimeOffset Later(DateTimeOffset now, ProfileSnapshot snapshot) =>
        snapshot.Facts.Events.Count > 0 && snapshot.Facts.Events[^1].CountsAt > now ? snapshot.Facts.Events[^1].CountsAt : now;

    /// <summary>Somebody nothing is known about: whatever matches a shopper without any history.</summary>
    private static ProfileSnapshot Nobody() => new()
    {
        Profile = Guid.Empty,
        Spans = [new Profiles.IdentitySpan(Guid.Empty, false, null, null, null, null)],
        Ids = [],
        Marks = [],
        Latest = [],
        Facts = new Facts(),
    };

    private static ShopperView View(Guid? profile, ProfileSnapshot snapshot, Judgement judgement, long publication) => new(
        profile is { } id ? new ProfileId(id) : null, judgement.At, judgement.Epoch, publication,
        judgement.Members.ToDictionary(m => new SegmentId(m.Segment), m => new ShopperMembership(new SegmentId(m.Segment), m.Membership.Since, m.Membership.Until)),
        judgement.Deadlines.ToDictionary(d => new SegmentId(d.Segment), d => d.At), snapshot.Facts.Lists, snapshot.Consents);

    private Guid[] Ids(IReadOnlyList<Identity> identities) => [.. identities.Select(i => hash.Of(i).Value)];
}
