using System.Globalization;
using System.Numerics;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Edge;

/// <summary>Experience Cloud ids: 38 decimal digits, made by the server and never by a client.</summary>
public sealed class EcidMint(IdentityHash hash)
{
    /// <summary>For a visitor nothing is known of. A pure function of the request, so that a retry mints the same.</summary>
    public string ForRequest(string configId, string requestId) => Of(hash.OfReference("ecid", configId + "\n" + requestId));

    /// <summary>For a device that the shop's own domain has named, always the same.</summary>
    public string ForFirstPartyId(Guid firstPartyId) => Of(hash.OfReference("ecid.fpid", firstPartyId.ToString("D")));

    /// <summary>For a visitor who has sent nothing that could be sent again.</summary>
    public static string Random() => Of(Guid.NewGuid(), Guid.NewGuid());

    private static string Of(params ReadOnlySpan<Guid> parts)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Clear();
        for (var i = 0; i < parts.Length; i++)
            parts[i].TryWriteBytes(bytes[(16 * i)..], bigEndian: true, out _);
        // The first digit is never a zero, so that whoever takes it for a number gives back what he got.
        var smallest = BigInteger.Pow(10, Ecid.Digits - 1);
        var number = new BigInteger(bytes[..(16 * parts.Length)], isUnsigned: true, isBigEndian: true);
        return (smallest + (number % (smallest * 9))).ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>What an ECID looks like.</summary>
public static class Ecid
{
    public const int Digits = 38;

    /// <summary>Never for zeros alone, which clients send when they have none.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: Digits } && !text.AsSpan().ContainsAnyExceptInRange('0', '9') && text.AsSpan().ContainsAnyExcept('0');
}
