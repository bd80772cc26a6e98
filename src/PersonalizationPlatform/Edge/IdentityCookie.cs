using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace PersonalizationPlatform.Edge;

/// <summary>
/// The value of a <c>kndctr_…_identity</c> cookie: a protocol buffer in unpadded URL-safe base64. Clients read field 1 themselves, so the
/// encoding matters to the byte.
/// </summary>
/// <param name="Ecid">Field 1.</param>
/// <param name="CreatedAt">When the identity was made, field 10.1, and when the cookie was written, field 30.</param>
/// <param name="IsNew">Whether it was made with this cookie, field 10.2; false where it was known before.</param>
/// <param name="Region">Where it was made, field 10.5.</param>
public sealed record IdentityCookie(string Ecid, DateTimeOffset CreatedAt, bool IsNew, string Region)
{
    private const int MaxLength = 4096;
    private const ulong Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    public string Write()
    {
        var at = (ulong)CreatedAt.ToUnixTimeMilliseconds();
        var origin = new List<byte>();
        AddNumber(origin, 1, at);
        if (IsNew)
            AddNumber(origin, 2, 1);
        AddNumber(origin, 3, 1);
        AddBytes(origin, 5, Encoding.UTF8.GetBytes(Region));
        var cookie = new List<byte>();
        AddBytes(cookie, 1, Encoding.UTF8.GetBytes(Ecid));
        AddBytes(cookie, 10, [.. origin]);
        AddNumber(cookie, 30, at);
        return Base64Url.EncodeToString([.. cookie]);
    }

    /// <summary>The ECID in a cookie, also in one that others have written; null when there is none that could be read or used.</summary>
    public static string? ReadEcid(string value)
    {
        if (value.Length is 0 or > MaxLength)
            return null;
        // Some writers pad, and some take the alphabet that is not URL-safe.
        var text = value.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        var bytes = new byte[text.Length];
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var length) != OperationStatus.Done)
            return null;
        return Field1(bytes.AsSpan(0, length)) is { } ecid && Edge.Ecid.IsValid(ecid) ? ecid : null;
    }

    private static string? Field1(ReadOnlySpan<byte> message)
    {
        string? found = null;
        while (message.Length > 0)
        {
            if (!TryReadVarint(ref message, out var key))
                return null;
            ulong length;
            switch (key & 7)
            {
                case Varint:
                    if (!TryReadVarint(ref message, out _))
                        return null;
                    continue;
                case Fixed64:
                    length = 8;
                    break;
                case Fixed32:
                    length = 4;
                    break;
                case Bytes:
                    if (!TryReadVarint(ref message, out length))
                        return null;
                    break;
                default:
                    return null;
            }

            if (length > (ulong)message.Length)
                return null;
            if (key == (1 << 3 | Bytes))
                found = Encoding.UTF8.GetString(message[..(int)length]);
            message = message[(int)length..];
        }

        return found;
    }

    private static bool TryReadVarint(ref ReadOnlySpan<byte> message, out ulong value)
    {
        value = 0;
        for (var i = 0; i < message.Length && i < 10; i++)
        {
            value |= (ulong)(message[i] & 0x7F) << (7 * i);
            if (message[i] >= 0x80)
                continue;
            message = message[(i + 1)..];
            return true;
        }

        return false;
    }

    private static void AddNumber(List<byte> message, ulong field, ulong value)
    {
        AddVarint(message, field << 3 | Varint);
        AddVarint(message, value);
    }

    private static void AddBytes(List<byte> message, ulong field, byte[] value)
    {
        AddVarint(message, field << 3 | Bytes);
        AddVarint(message, (ulong)value.Length);
        message.AddRange(value);
    }

    private static void AddVarint(List<byte> message, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            message.Add((byte)(value | 0x80));
        message.Add((byte)value);
    }
}
