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
    /// <summary>
    /// Some browsers keep what a script has written for seven days only, whatever the cookie says, so that of a returning visitor is
    /// written anew each day.
    /// </summary>
    private static readonly TimeSpan RenewedAfter = TimeSpan.FromDays(1);

    private const int MaxLength = 4096;
    private const ulong Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;
    private const ulong EcidField = 1, WrittenField = 30;

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
        AddBytes(cookie, EcidField, Encoding.UTF8.GetBytes(Ecid));
        AddBytes(cookie, 10, [.. origin]);
        AddNumber(cookie, WrittenField, at);
        return Base64Url.EncodeToString([.. cookie]);
    }

    /// <summary>The ECID in a cookie, also in one that others have written or cut off behind it; null when there is none that could be read or used.</summary>
    public static string? ReadEcid(string value)
    {
        var message = Decoded(value);
        string? found = null;
        foreach (var (key, whole, content) in Fields(message))
            if (key == (EcidField << 3 | Bytes))
                found = Encoding.UTF8.GetString(message.AsSpan(content));
        return Edge.Ecid.IsValid(found) ? found : null;
    }

    /// <summary>The same cookie as if written now, whatever others have put into it; null while it is not yet old, and when it cannot be read to its end.</summary>
    public static string? Renewed(string value, DateTimeOffset now)
    {
        var message = Decoded(value);
        var fields = Fields(message);
        if (fields.Count == 0 || fields[^1].Whole.End.Value != message.Length)
            return null;
        var renewed = new List<byte>();
        foreach (var (key, whole, content) in fields)
        {
            if (key != (WrittenField << 3 | Varint))
            {
                renewed.AddRange(message.AsSpan(whole));
                continue;
            }

            ReadOnlySpan<byte> number = message.AsSpan(content);
            if (TryReadVarint(ref number, out var written) && now.ToUnixTimeMilliseconds() - (long)written <= RenewedAfter.TotalMilliseconds)
                return null;
        }

        AddNumber(renewed, WrittenField, (ulong)now.ToUnixTimeMilliseconds());
        return Base64Url.EncodeToString([.. renewed]);
    }

    /// <summary>Empty for what is no base64. Some writers pad, some take the alphabet that is not URL-safe, and some leave bits at the end that no byte needs.</summary>
    private static byte[] Decoded(string value)
    {
        if (value.Length > MaxLength)
            return [];
        var (message, bits, count) = (new List<byte>(value.Length), 0, 0);
        foreach (var letter in value.AsSpan().TrimEnd('='))
        {
            var six = letter switch
            {
                >= 'A' and <= 'Z' => letter - 'A',
                >= 'a' and <= 'z' => letter - 'a' + 26,
                >= '0' and <= '9' => letter - '0' + 52,
                '-' or '+' => 62,
                '_' or '/' => 63,
                _ => -1,
            };
            if (six < 0)
                return [];
            (bits, count) = (((bits << 6) | six) & 0xFFFF, count + 6);
            if (count < 8)
                continue;
            count -= 8;
            message.Add((byte)(bits >> count));
        }

        return [.. message];
    }

    /// <summary>Fields by key, with where each stands and where its content does, up to the first that cannot be read.</summary>
    private static List<(ulong Key, Range Whole, Range Content)> Fields(byte[] message)
    {
        var fields = new List<(ulong, Range, Range)>();
        ReadOnlySpan<byte> rest = message;
        while (rest.Length > 0)
        {
            var start = message.Length - rest.Length;
            if (!TryReadVarint(ref rest, out var key))
                break;
            var begin = message.Length - rest.Length;
            ulong length;
            switch (key & 7)
            {
                case Varint when TryReadVarint(ref rest, out _):
                    length = 0;
                    break;
                case Fixed64:
                    length = 8;
                    break;
                case Fixed32:
                    length = 4;
                    break;
                case Bytes when TryReadVarint(ref rest, out length):
                    begin = message.Length - rest.Length;
                    break;
                default:
                    return fields;
            }

            if (length > (ulong)rest.Length)
                break;
            rest = rest[(int)length..];
            var end = message.Length - rest.Length;
            fields.Add((key, start..end, begin..end));
        }

        return fields;
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
