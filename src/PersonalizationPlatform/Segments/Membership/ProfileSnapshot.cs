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

    /// <summary>Whether it is the latest to have the identity; else its mark is the one that a successor's doings do not raise.</summary>
    internal required bool[] Latest { get; init; }
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

    /// <summary>Recorded choices by purpose, of the identities it has now.</summary>
    internal IReadOnlyDictionary<string, bool> Consents { get; init; } = new Dictionary<string, bool>();
    internal bool Truncated { get; init; }

    /// <summary>Whether nothing has been learnt since the last settle (time and definitions are judged apart).</summary>
    internal bool SameMarks => Stored is { Erased: false } stored && stored.SeenIds.AsSpan().SequenceEqual(Ids)
        && stored.SeenMarks.AsSpan().SequenceEqual(Marks) && stored.SeenLatest.AsSpan().SequenceEqual(Latest);

    internal bool IsFresh(long epoch, DateTimeOffset now) => SameMarks && Stored!.Epoch == epoch && now < Stored.ValidUntil;
}

/// <summary>The profile row.</summary>
/// <param name="SeenLatest">Which mark each identity was seen with: a number of the one says nothing about the other.</param>
internal sealed record StoredProfile(
    long SettleNo, long Epoch, DateTimeOffset SettledAt, DateTimeOffset ValidUntil, Guid[] SeenIds, long[] SeenMarks, bool[] SeenLatest,
    Guid[] DeadlineIds, DateTimeOffset[] DeadlineAt, bool Erased);

internal readonly record struct StoredMembership(DateTimeOffset Since, DateTimeOffset? Until, int Version);
