using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>
/// What a page remembers of a rotator: bounded, and recognised as ours by a checksum. It is not secret and not signed: whoever makes one
/// up chooses only what they see themselves.
/// </summary>
internal sealed record RotationToken
{
    /// <summary>Blocks remembered as shown; a rotator with more of them may show one again after so many others.</summary>
    public const int MaxShown = 200;

    private const byte Form = 1;
    private const int TagLength = 6;
    private const int Head = 2 + TagLength;
    private const int Checksum = 4;
    private const int MaxLength = Head + 8 + TagLength + (MaxShown * TagLength) + Checksum;

    public required RotationMode Mode { get; init; }

    /// <summary>Of the rotator it belongs to.</summary>
    public required ulong Owner { get; init; }

    /// <summary>The block shown last.</summary>
    public required ulong Last { get; init; }

    /// <summary>Of a series: where the block shown last stands.</summary>
    public int Place { get; init; }

    /// <summary>Of a shuffle: where chance stands.</summary>
    public ulong State { get; init; }

    /// <summary>Of a shuffle: the blocks shown in this round, oldest first.</summary>
    public IReadOnlyList<ulong> Shown { get; init; } = [];

    /// <summary>48 bits that stand for an id.</summary>
    public static ulong Tag(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return ReadTag(bytes[^TagLength..]);
    }

    public static RotationToken Series(LiveRotator rotator, int place, Guid last) =>
        new() { Mode = RotationMode.OneSeries, Owner = Tag(rotator.Id), Last = Tag(last), Place = place };

    public static RotationToken Shuffle(LiveRotator rotator, ulong state, Guid last, IReadOnlyList<ulong> shown) => new()
    {
        Mode = RotationMode.OneShuffle,
        Owner = Tag(rotator.Id),
        Last = Tag(last),
        State = state,
        Shown = [.. shown.Append(Tag(last)).TakeLast(MaxShown)],
    };

    public string Write()
    {
        var bytes = new byte[MaxLength];
        bytes[0] = Form;
        bytes[1] = (byte)Mode;
        WriteTag(bytes.AsSpan(2), Owner);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(Head), Mode == RotationMode.OneSeries ? (ulong)Place : State);
        WriteTag(bytes.AsSpan(Head + 8), Last);
        var length = Head + 8 + TagLength;
        foreach (var tag in Shown)
        {
            WriteTag(bytes.AsSpan(length), tag);
            length += TagLength;
        }

        Sum(bytes.AsSpan(0, length)).CopyTo(bytes.AsSpan(length));
        return Base64Url.EncodeToString(bytes.AsSpan(0, length + Checksum));
    }

    /// <summary>Null when it is not a token of this rotator as it rotates now.</summary>
    public static RotationToken? Read(string? token, LiveRotator rotator)
    {
        if (token is null || token.Length > Base64Url.GetEncodedLength(MaxLength) || !Base64Url.IsValid(token, out var length))
            return null;
        var bytes = Base64Url.DecodeFromChars(token).AsSpan();
        var end = length - Checksum;
        if (end < Head + 8 + TagLength || (end - Head - 8) % TagLength != 0 || bytes[0] != Form || bytes[1] != (byte)rotator.Rotation
            || ReadTag(bytes[2..]) != Tag(rotator.Id) || !Sum(bytes[..end]).AsSpan().SequenceEqual(bytes[end..]))
        {
            return null;
        }

        var number = BinaryPrimitives.ReadUInt64BigEndian(bytes[Head..]);
        var shown = new List<ulong>();
        for (var at = Head + 8 + TagLength; at < end; at += TagLength)
            shown.Add(ReadTag(bytes[at..]));
        return new()
        {
            Mode = rotator.Rotation,
            Owner = Tag(rotator.Id),
            Last = ReadTag(bytes[(Head + 8)..]),
            Place = (int)Math.Min(number, int.MaxValue),
            State = number,
            Shown = shown,
        };
    }

    private static byte[] Sum(ReadOnlySpan<byte> bytes) => SHA256.HashData(bytes)[..Checksum];

    private static ulong ReadTag(ReadOnlySpan<byte> bytes) => ((ulong)BinaryPrimitives.ReadUInt16BigEndian(bytes) << 32) | BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);

    private static void WriteTag(Span<byte> bytes, ulong tag)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)(tag >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(bytes[2..], (uint)tag);
    }
}
