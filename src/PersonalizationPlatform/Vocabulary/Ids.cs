using System.Security.Cryptography;
using System.Text;

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
    /// <summary>The key of an event that has an id.</summary>
    public static EventKey OfId(string id) => Of("id:"u8, Encoding.UTF8.GetBytes(id));

    /// <summary>The key of an event without an id: by what names it, or by its bytes.</summary>
    /// <param name="kind">Keeps keys of different kinds apart.</param>
    /// <param name="name">What is the same again on a retry.</param>
    public static EventKey Of(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        sha.AppendData(kind);
        sha.AppendData(name);
        Span<byte> hash = stackalloc byte[32];
        sha.GetHashAndReset(hash);
        return new EventKey(new Guid(hash[..16], bigEndian: true));
    }

    public int CompareTo(EventKey other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
