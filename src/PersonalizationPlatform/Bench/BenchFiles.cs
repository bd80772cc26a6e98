namespace PersonalizationPlatform.Bench;

/// <summary>The shapes of requests and the definitions of the measured shop, kept as JSON beside the code.</summary>
internal static class BenchFiles
{
    public static string Read(string name)
    {
        using var stream = typeof(BenchFiles).Assembly.GetManifestResourceStream("bench." + name) ?? throw new InvalidOperationException($"There is no {name} in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
