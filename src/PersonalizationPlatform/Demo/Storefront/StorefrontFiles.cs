using System.Security.Cryptography;

namespace PersonalizationPlatform.Demo.Storefront;

/// <summary>The demo storefront as built from <c>src/demo-storefront</c>: its files are part of the program.</summary>
internal static class StorefrontFiles
{
    public const string Page = "index.html";
    private const string Prefix = "demo-storefront/";

    private static readonly Dictionary<string, StorefrontFile> Files = Read();

    public static StorefrontFile? Find(string name) => Files.GetValueOrDefault(name);

    private static Dictionary<string, StorefrontFile> Read()
    {
        var assembly = typeof(StorefrontFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(
            name => name[Prefix.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new StorefrontFile(content, TypeOf(name), Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
            },
            StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    };
}

/// <summary>One file of the storefront.</summary>
/// <param name="Version">Changes with its content.</param>
internal sealed record StorefrontFile(byte[] Content, string Type, string Version);
