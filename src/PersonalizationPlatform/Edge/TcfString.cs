using System.Buffers;
using System.Buffers.Text;

namespace PersonalizationPlatform.Edge;

/// <summary>
/// The consent string of IAB's Transparency and Consent Framework, version 2, as far as it concerns us: purpose 1, "store and/or access
/// information on a device".
/// </summary>
internal static class TcfString
{
    private const int MaxLength = 16_384;

    /// <summary>Bits before the 24 of the purposes: version 6, created 36, updated 36, CMP 12 + 12 + 6, language 12, list 12, policy 6, two flags, 12 features.</summary>
    private const int Purposes = 152;

    /// <summary>Whether purpose 1 is consented to; null when the text is not such a string.</summary>
    public static bool? Purpose1(string text)
    {
        if (text.Length is 0 or > MaxLength)
            return null;
        // Segments after the first concern vendors and publishers.
        var core = text.Split('.')[0].TrimEnd('=');
        var bytes = new byte[core.Length];
        if (Base64Url.DecodeFromChars(core, bytes, out _, out var length) != OperationStatus.Done || length * 8 < Purposes + 24 || bytes[0] >> 2 != 2)
            return null;
        return (bytes[Purposes / 8] & (0x80 >> (Purposes % 8))) != 0;
    }
}
