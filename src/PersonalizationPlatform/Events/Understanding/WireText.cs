using System.Buffers;
using System.Text.Unicode;

namespace PersonalizationPlatform.Events.Understanding;

/// <summary>
/// JSON may escape what no database text can hold: NUL and halves of surrogate pairs. What is read out of an event is read from
/// a copy in which each of them is U+FFFD; the event's own bytes stay as they came.
/// </summary>
public static class WireText
{
    /// <summary>Whether the bytes are UTF-8 at all.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> json) => Utf8.IsValid(json);

    /// <summary>The same JSON without such escapes; the very same memory when there are none, as nearly always.</summary>
    public static ReadOnlyMemory<byte> Clean(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\\u"u8) < 0)
            return json;
        byte[]? copy = null;
        var source = json.Span;
        for (var at = source.IndexOf((byte)'\\'); at >= 0 && at + 1 < source.Length; at = Next(source, at))
        {
            if (source[at + 1] != 'u')
            {
                at += 2;
                continue;
            }

            var unit = CodeUnit(source, at);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(CodeUnit(source, at + 6)))
            {
                at += 12;
                continue;
            }

            if (unit == '\0' || char.IsSurrogate(unit))
            {
                copy ??= json.ToArray();
                "fffd"u8.CopyTo(copy.AsSpan(at + 2));
            }

            at += 6;
        }

        return copy ?? json;
    }

    /// <summary>The next backslash from here on.</summary>
    private static int Next(ReadOnlySpan<byte> json, int from)
    {
        if (from >= json.Length)
            return -1;
        var step = json[from..].IndexOf((byte)'\\');
        return step < 0 ? -1 : from + step;
    }

    /// <summary>The UTF-16 unit of an escape at a position; any plain letter when there is no escape.</summary>
    private static char CodeUnit(ReadOnlySpan<byte> json, int at)
    {
        if (at + 6 > json.Length || json[at] != '\\' || json[at + 1] != 'u')
            return 'x';
        Span<byte> unit = stackalloc byte[2];
        return Convert.FromHexString(json.Slice(at + 2, 4), unit, out _, out _) == OperationStatus.Done ? (char)((unit[0] << 8) | unit[1]) : 'x';
    }
}
