using System.Text.Json;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Demo;

/// <summary>What of the demo shop is written down rather than made up: the requests a merchant would send, in <c>Demo/Content</c>.</summary>
internal static class DemoContent
{
    public static IReadOnlyList<ProductRequest> Products { get; } =
        [.. Text("products.ndjson").Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Read<ProductRequest>(JsonDocument.Parse(line).RootElement))];

    /// <summary>The requests of one file, read as strictly as if they had been posted.</summary>
    public static IEnumerable<T> Requests<T>(string file)
        where T : class => JsonDocument.Parse(Text(file)).RootElement.EnumerateArray().Select(Read<T>);

    private static T Read<T>(JsonElement json)
        where T : class
    {
        var errors = new List<ProblemError>();
        return StrictJson.Read<T>(json, errors) ?? throw new ProblemException(500, "demo.content", "The demo shop's content is wrong.", errors);
    }

    private static string Text(string file)
    {
        using var stream = typeof(DemoContent).Assembly.GetManifestResourceStream("demo." + file)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
