using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Segments.Membership;

/// <summary>Everything one refresh needs to know about a profile, from one database snapshot.</summary>
internal sealed record ProfileSnapshot
{
    internal required Guid Profile { get; init; }

    /// <summary>What the last settle stored; null when it was never settled.</summary>
    internal StoredProfile? Stored { get; init; }
    internal required IReadOnlyList<IdentitySpan> Spans { get; init; }

    /// <summary>The (identity, mark) pairs it has now, by identity.</summary>
    internal required Guid[] Ids { get; init; }
    internal required long[] Marks { get; init; }
    internal required Facts Facts { get; init; }
    internal IReadOnlyDictionary<Guid, StoredMembership> Members { get; init; } = new Dictionary<Guid, StoredMembership>();

    /// <summary>The instant of the last log row of each segment: nothing is logged before it.</summary>
    internal IReadOnlyDictionary<Guid, DateTimeOffset> LastLogged { get; init; } = new Dictionary<Guid, DateTimeOffset>();

    /// <summary>Memberships that a profile which lost an identity to this one had: segment → (since, that profile).</summary>
    internal IReadOnlyDictionary<Guid, (DateTimeOffset Since, Guid Profile)> Inherited { get; init; } = new Dictionary<Guid, (DateTimeOffset, Guid)>();

    /// <summary>A profile that lost an identity to this one.</summary>
    internal Guid? GainedFrom { get; init; }

    /// <summary>Who now owns what this profile had seen and lost.</summary>
    internal Guid? LostTo { get; init; }

    /// <summary>When what it gained or lost was named together with a person, the latest of these; null when nothing moved.</summary>
    internal DateTimeOffset? LinkedAt { get; init; }

    /// <summary>The imported lists it is on, and since when.</summary>
    internal IReadOnlyDictionary<AudienceId, DateTimeOffset> ListedAt { get; init; } = new Dictionary<AudienceId, DateTimeOffset>();
    internal bool Truncated { get; init; }

    /// <summary>Whether nothing has been learnt since the last settle (time and definitions are judged apart).</summary>
    internal bool SameMarks => Stored is { } stored && stored.SeenIds.AsSpan().SequenceEqual(Ids) && stored.SeenMarks.AsSpan().SequenceEqual(Marks);
}

/// <summary>The profile row.</summary>
internal sealed record StoredProfile(
    long SettleNo, long Epoch, DateTimeOffset SettledAt, DateTimeOffset ValidUntil, Guid[] SeenIds, long[] SeenMarks,
    Guid[] DeadlineIds, DateTimeOffset[] DeadlineAt, bool Erased)
{
    internal bool IsFresh(Guid[] ids, long[] marks, long epoch, DateTimeOffset now) =>
        !Erased && Epoch == epoch && now < ValidUntil && SeenIds.AsSpan().SequenceEqual(ids) && SeenMarks.AsSpan().SequenceEqual(marks);
}

internal readonly record struct StoredMembership(DateTimeOffset Since, DateTimeOffset? Until, int Version);
