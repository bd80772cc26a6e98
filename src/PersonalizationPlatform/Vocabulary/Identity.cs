using System.Security.Cryptography;
using System.Text;

namespace PersonalizationPlatform.Vocabulary;

/// <summary>
/// An identity as named by an event, record or request: canonical namespace and normalised value, never blocked.
/// Made only by <see cref="TryCreate"/>, so one that exists is usable.
/// </summary>
public sealed record Identity
{
    /// <summary>The 36 zeros the official storefront collector sends when it never got an ECID, and longer; never anybody.</summary>
    private static readonly HashSet<string> Blocked = new(StringComparer.OrdinalIgnoreCase)
    {
        "null", "undefined", "none", "nan", "n/a", "(null)", "[object object]", "anonymous", "guest", "unknown", "-",
    };

    private Identity(string ns, string value, string hashed)
    {
        Namespace = ns;
        Value = value;
        Hashed = hashed;
    }

    /// <summary>Canonical: <c>CustomerId</c>, <c>email</c>, <c>ECID</c>, <c>FPID</c>, or a custom one as it came.</summary>
    public string Namespace { get; }

    /// <summary>As it came, trimmed (e-mail in lower case; for a hashed e-mail the digest).</summary>
    public string Value { get; }

    /// <summary>What enters the identity hash: an e-mail and its SHA-256 digest (<c>Email_LC_SHA256</c>) are one identity.</summary>
    public string Hashed { get; }

    /// <summary>Whether this names a person (CustomerId, e-mail) rather than a device.</summary>
    public bool IsPerson => IdentityNamespace.IsPerson(Namespace);

    /// <summary>Normalises; false for blocked or unusable values (empty, "null", zeros, CORE, longer than 512 characters).</summary>
    public static bool TryCreate(string? ns, string? value, out Identity identity)
    {
        identity = null!;
        if (string.IsNullOrWhiteSpace(ns) || value is null || ns.Length > 64 || ns.Contains('\0'))
            return false;
        value = value.Trim();
        if (value.Length is 0 or > 512 || Blocked.Contains(value) || value.AsSpan().IndexOfAnyExcept('0', '-') < 0 || value.Contains('\0'))
            return false;
        var canonical = IdentityNamespace.Canonical(ns.Trim());
        if (canonical == IdentityNamespace.Core)
            return false;
        if (canonical == IdentityNamespace.Email)
        {
            value = value.ToLowerInvariant();
            var digest = IsDigest(value) ? value : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
            identity = new Identity(canonical, value, digest);
            return true;
        }

        identity = new Identity(canonical, value, value);
        return true;
    }

    private static bool IsDigest(string value) => value.Length == 64 && value.AsSpan().IndexOfAnyExcept("0123456789abcdef") < 0;
}

/// <summary>The namespaces the platform knows, in order of priority.</summary>
public static class IdentityNamespace
{
    public const string CustomerId = "CustomerId";
    public const string Email = "email";
    public const string Ecid = "ECID";
    public const string Fpid = "FPID";

    /// <summary>An event without any identity gets one of its own, made from its key.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>Adobe's third-party id: never stored.</summary>
    public const string Core = "CORE";

    private static readonly Dictionary<string, string> Canonicals = new(StringComparer.OrdinalIgnoreCase)
    {
        [CustomerId] = CustomerId,
        [Email] = Email,
        ["Email_LC_SHA256"] = Email,
        ["emailId"] = Email,
        [Ecid] = Ecid,
        [Fpid] = Fpid,
        [Core] = Core,
    };

    /// <summary>The namespace's one spelling; custom namespaces keep their own.</summary>
    public static string Canonical(string ns) => Canonicals.GetValueOrDefault(ns, ns);

    public static bool IsPerson(string canonical) => canonical is CustomerId or Email;

    /// <summary>Lower comes first when an event names several identities and none is primary.</summary>
    public static int Priority(string canonical) => canonical switch
    {
        CustomerId => 0,
        Email => 1,
        Ecid => 2,
        Fpid => 3,
        Anonymous => 9,
        _ => 5,
    };
}

/// <summary>Makes identity ids: HMAC-SHA256 under the installation's secret, cut to 128 bits. Pure, so a retry resolves the same way.</summary>
public sealed class IdentityHash(byte[] key)
{
    public IdentityId Of(Identity identity) => Of(identity.Namespace, identity.Hashed);

    /// <summary>The identity of an event that names none.</summary>
    public IdentityId Anonymous(EventKey key) => Of(IdentityNamespace.Anonymous, key.ToString());

    /// <summary>The same for what is kept about a cart or an order without keeping its number; never equal to an identity's.</summary>
    public Guid OfReference(string kind, string value) => Of("\n" + kind, value).Value;

    private IdentityId Of(string ns, string value)
    {
        var text = Encoding.UTF8.GetBytes(ns.ToLowerInvariant() + "\n" + value);
        Span<byte> hash = stackalloc byte[32];
        HMACSHA256.HashData(key, text, hash);
        return new IdentityId(new Guid(hash[..16], bigEndian: true));
    }
}
