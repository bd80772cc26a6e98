using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace PersonalizationPlatform.Storefront;

/// <summary>The files of the storefront SDK as they are built into the service, each in the encodings a browser may ask for.</summary>
public sealed class SdkFiles
{
    private const string Prefix = "sdk/";
    private const string VersionFile = "version";

    private readonly Dictionary<string, SdkFile> files = new(StringComparer.Ordinal);

    public SdkFiles()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            var bytes = Read(assembly, resource);
            if (resource[Prefix.Length..] == VersionFile)
                Version = Encoding.UTF8.GetString(bytes).Trim();
            else
                files.Add(resource[Prefix.Length..], new SdkFile(resource, bytes));
        }
    }

    /// <summary>The version of all files, as in their package.</summary>
    public string Version { get; } = "";

    /// <summary>Null when there is no file of that name.</summary>
    public SdkFile? Find(string name) => files.GetValueOrDefault(name);

    private static byte[] Read(Assembly assembly, string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}

/// <summary>One file of the storefront SDK.</summary>
public sealed class SdkFile
{
    public SdkFile(string name, byte[] bytes)
    {
        ContentType = name.EndsWith(".d.ts", StringComparison.Ordinal) ? "text/plain; charset=utf-8" : "text/javascript; charset=utf-8";
        Tag = Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 12));
        Plain = bytes;
        Brotli = Compress(bytes, stream => new BrotliStream(stream, CompressionLevel.SmallestSize));
        Gzip = Compress(bytes, stream => new GZipStream(stream, CompressionLevel.SmallestSize));
    }

    public string ContentType { get; }

    /// <summary>Changes with the content.</summary>
    public string Tag { get; }

    public byte[] Plain { get; }

    public byte[] Brotli { get; }

    public byte[] Gzip { get; }

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> compressing)
    {
        using var memory = new MemoryStream();
        using (var stream = compressing(memory))
            stream.Write(bytes);
        return memory.ToArray();
    }
}
