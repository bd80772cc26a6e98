using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

/// <summary>
/// Every documented operation, asked with what no client should send: a clear refusal or an answer, never a failure of the service.
/// Made from docs/openapi.json and its examples, so that a new endpoint is asked as well.
/// </summary>
public sealed class HostileRequestTests(HostileRequestTests.Host host) : IClassFixture<HostileRequestTests.Host>
{
    private static readonly JsonObject Paths = JsonNode.Parse(File.ReadAllText(Path.Combine(Snapshot.Root, "docs/openapi.json")))!["paths"]!.AsObject();

    /// <summary>Names in an address: blank, escaped, long, and no text at all.</summary>
    private static readonly string[] Segments = ["%20", "%0A", "a%2Fb", "%252F", "%C3", "%00", "9223372036854775807", "-1", new('x', 300)];
    private static readonly string[] Values = ["", "%20", "%00", "%C3", "-1", "99999999999999999999", "9999-12-31", "0001-01-01", "e30", new('x', 300)];

    /// <summary>Values in a body, as they are written there.</summary>
    private static readonly string[] Members = ["""
        "\ud800"
        """, """
        "\u0000"
        """, "null", "1e300", "-9223372036854775808", """
        "9999-12-31"
        """, "[[]]", """
        {"\ud800":[{}]}
        """];

    public static TheoryData<string> Operations =>
        [.. Paths.SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task No_request_makes_the_service_fail(string operation)
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1]);
        var described = Paths[path]![method.ToLowerInvariant()]!;
        var failures = new List<string>();
        foreach (var (address, body, mediaType) in Requests(path, described))
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(host.Admin.BaseAddress!, address));
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            if (body is not null)
                request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } };
            using var answer = await host.Admin.SendAsync(request, TestContext.Current.CancellationToken);
            // The server itself refuses a path with a NUL, before anybody can say so in words.
            var isProblem = address.Contains("%00", StringComparison.Ordinal) || answer.Content.Headers.ContentType?.MediaType is "application/problem+json";
            if ((int)answer.StatusCode >= 500 || ((int)answer.StatusCode >= 400 && !isProblem))
                failures.Add($"{(int)answer.StatusCode} {method} {address} {body}");
        }

        Assert.True(failures.Count == 0, $"{failures.Count} failures:\n" + string.Join('\n', failures.Take(20)));
    }

    private IEnumerable<(string Address, string? Body, string MediaType)> Requests(string path, JsonNode operation)
    {
        var parameters = operation["parameters"]?.AsArray().ToLookup(parameter => (string)parameter!["in"]!, parameter => (string)parameter!["name"]!);
        var (body, mediaType) = Example(operation);
        foreach (var name in parameters?["path"] ?? [])
            foreach (var segment in Segments)
                yield return (host.Address(path, name, segment), body, mediaType);
        foreach (var name in parameters?["query"] ?? [])
            foreach (var value in Values)
                yield return ($"{host.Address(path)}?{name}={value}", body, mediaType);
        foreach (var changed in body is null ? [] : Changed(body, mediaType))
            yield return (host.Address(path), changed, mediaType);
    }

    private static (string? Body, string MediaType) Example(JsonNode operation)
    {
        if (operation["requestBody"]?["content"]?.AsObject().FirstOrDefault(content => content.Value!["example"] is not null) is not { Value: { } content } found)
            return (null, "");
        var example = content["example"]!;
        return (example is JsonValue value && value.TryGetValue<string>(out var text) ? text : example.ToJsonString(), found.Key);
    }

    /// <summary>The body with one value after the other replaced, one unknown member, and cut off; lines one by one.</summary>
    private static IEnumerable<string> Changed(string body, string mediaType)
    {
        yield return "";
        yield return body[..(body.Length / 2)];
        if (mediaType.Contains("json", StringComparison.Ordinal))
        {
            var lines = mediaType.Contains("ndjson", StringComparison.Ordinal) ? body.Split('\n') : [body];
            foreach (var line in lines.Where(line => line.Length > 0).Take(1))
                foreach (var member in Members)
                    foreach (var changed in Replaced(JsonNode.Parse(line)!, member))
                        yield return changed + (lines.Length > 1 ? "\n" + lines[1] : "");
        }
        else
        {
            yield return body.Replace("email", "e\0mail", StringComparison.Ordinal);
            yield return body.Replace("ann", "\0", StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Replaced(JsonNode root, string with)
    {
        const string Mark = "@replaced@";
        var count = Nodes(root).Count();
        for (var i = 0; i < count; i++)
        {
            var copy = root.DeepClone();
            var node = Nodes(copy).ElementAt(i);
            if (node.Parent is null)
                copy = JsonValue.Create(Mark)!;
            else
                node.ReplaceWith(Mark);
            yield return copy.ToJsonString().Replace($"\"{Mark}\"", with.Trim(), StringComparison.Ordinal);
        }

        yield return $"{{\"\\ud800\":{with.Trim()},{root.ToJsonString()[1..]}";
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode node)
    {
        yield return node;
        var inner = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var found in inner.OfType<JsonNode>().SelectMany(Nodes))
            yield return found;
    }

    /// <summary>On a real port, since only a real server reads addresses; with everything in it that the examples create.</summary>
    public sealed class Host(PlatformServer server) : ListeningPlatformHost(server)
    {
        private readonly Dictionary<string, string> created = [];

        /// <summary>An address of the path at which there is something, if there is anything.</summary>
        public string Address(string path, string? changed = null, string? to = null)
        {
            var steps = path.Split('/');
            for (var i = 0; i < steps.Length; i++)
            {
                if (steps[i] is ['{', .. var name, '}'])
                    steps[i] = name == changed ? to! : Known(string.Join('/', steps[..i]), name);
            }

            return string.Join('/', steps);
        }

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            // What others refer to comes first; an example whose references stand in no example is refused, and that is all right.
            await Admin.PostJsonAsync("/v1/segments", """{ "name": "Hot bag lovers" }""", HttpStatusCode.Created);
            foreach (var (path, operations) in Paths.Where(path => !path.Key.Contains("import", StringComparison.Ordinal)).OrderBy(path => path.Key.Contains("rule", StringComparison.Ordinal)))
            {
                if (operations!["post"] is not { } operation || path.Contains('{', StringComparison.Ordinal) || Example(operation) is not ({ } body, var mediaType))
                    continue;
                using var answer = await Admin.PostTextAsync(path, body, mediaType);
                if (answer.StatusCode == HttpStatusCode.Created && (await answer.JsonAsync(HttpStatusCode.Created))["id"] is { } id)
                    created[path] = (string)id!;
            }

            Assert.Contains("/v1/cart-rules", created.Keys);
        }

        private string Known(string before, string name) => name switch
        {
            "collection" => "segments",
            "ns" => "email",
            "sku" => "BG-104",
            "version" or "number" => 1.ToString(CultureInfo.InvariantCulture),
            _ => created.GetValueOrDefault(before) ?? "base",
        };
    }
}
