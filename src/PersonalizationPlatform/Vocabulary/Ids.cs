namespace PersonalizationPlatform.Vocabulary;

/// <summary>The keyed hash of (namespace, normalised value): see <see cref="Identity"/>. It is all that remains of an identity after erasure.</summary>
public readonly record struct IdentityId(Guid Value) : IComparable<IdentityId>
{
    public int CompareTo(IdentityId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>The person or visitor that a set of identities points to: the id of its first person identity, a visitor's that of its device.</summary>
public readonly record struct ProfileId(Guid Value) : IComparable<ProfileId>
{
    public int CompareTo(ProfileId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>A segment definition.</summary>
public readonly record struct SegmentId(Guid Value)
{
    public static SegmentId New() => new(Guid.CreateVersion7());

    public override string ToString() => Value.ToString();
}

/// <summary>An audience: the published membership of a segment, or an imported list.</summary>
public readonly record struct AudienceId(Guid Value)
{
    public static AudienceId New() => new(Guid.CreateVersion7());

    public override string ToString() => Value.ToString();
}

/// <summary>128 bits of SHA-256 over the event's own id (or its bytes): what a retry is recognised by, together with identity and time as sent.</summary>
public readonly record struct EventKey(Guid Value) : IComparable<EventKey>
{
    public int CompareTo(EventKey other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
