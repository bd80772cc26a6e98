using System.Security.Cryptography;
using System.Text;

namespace PersonalizationPlatform.Access;

/// <summary>What a key looks like: <c>pk_</c> or <c>sk_</c> and 32 random bytes in base 62.</summary>
internal static class KeyText
{
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>62^43 is just above 2^256.</summary>
    private const int Length = 43;

    public static string New(KeyKind kind)
    {
        var number = new System.Numerics.BigInteger(RandomNumberGenerator.GetBytes(32), isUnsigned: true);
        var text = new char[Length];
        for (var i = Length - 1; i >= 0; i--)
        {
            number = System.Numerics.BigInteger.DivRem(number, Digits.Length, out var digit);
            text[i] = Digits[(int)digit];
        }

        return (kind == KeyKind.Public ? "pk_" : "sk_") + new string(text);
    }

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    /// <summary>Enough to recognise a key by, too little to use; of a short key that somebody chose, less.</summary>
    public static string Prefix(string key) => key[..Math.Min(8, key.Length / 3)];
}
