using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>The certificate of every server that browsers of tests talk to: made in memory for one test run, believed by its key.</summary>
internal static class ThrowAwayCertificate
{
    public static X509Certificate2 Value { get; } = Make();

    /// <summary>The SHA-256 of its key, in base64: how Chromium is told to believe this certificate and no other.</summary>
    public static string KeyHash { get; } = Convert.ToBase64String(SHA256.HashData(Value.PublicKey.ExportSubjectPublicKeyInfo()));

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=shop.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*.shop.test");
        names.AddDnsName("*.platform.test");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = DateTimeOffset.UtcNow;
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(7));
    }
}
