using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace PersonalizationPlatform.Activation.Coupons.Batches;

/// <summary>Which characters generated codes are made of.</summary>
public enum CodeCharacters
{
    /// <summary>A–Z and 0–9.</summary>
    Alphanumeric,

    /// <summary>A–Z.</summary>
    Alphabetical,

    /// <summary>0–9.</summary>
    Numeric,
}

/// <summary>How generated codes look: prefix, random characters with a dash before every n-th, suffix.</summary>
/// <param name="Length">Random characters: without prefix, suffix and dashes.</param>
/// <param name="DashEvery">0 = no dashes.</param>
internal sealed record CodeFormat(int Length, CodeCharacters Characters, string Prefix, string Suffix, int DashEvery)
{
    /// <summary>At most this part of all possible codes is generated, so that nobody finds one by trying.</summary>
    private const int RoomForEach = 4;

    private string Charset => Characters switch
    {
        CodeCharacters.Alphabetical => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        CodeCharacters.Numeric => "0123456789",
        _ => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    };

    /// <summary>The same format, longer if the codes would otherwise be more than a quarter of all possible ones.</summary>
    public CodeFormat RoomyFor(int quantity)
    {
        var length = Length;
        while (BigInteger.Pow(Charset.Length, length) < (BigInteger)quantity * RoomForEach)
            length++;
        return this with { Length = length };
    }

    /// <summary>A code nobody can foresee.</summary>
    public string Next()
    {
        var random = RandomNumberGenerator.GetString(Charset, Length);
        if (DashEvery <= 0)
            return Prefix + random + Suffix;
        var code = new StringBuilder(Prefix);
        for (var i = 0; i < Length; i++)
        {
            if (i > 0 && i % DashEvery == 0)
                code.Append('-');
            code.Append(random[i]);
        }

        return code.Append(Suffix).ToString();
    }
}
