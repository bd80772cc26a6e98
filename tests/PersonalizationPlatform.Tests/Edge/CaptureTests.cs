using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Tests.Events;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>
/// What the official collector sent, posted in its order with its headers; the answers are compared with those it was recorded with.
/// Ours may differ in: the id of a visitor whom nobody knew (but not of one who was named), the time in the identity cookie, and which
/// audiences there are. The recordings of <c>identity-acquire</c> begin with an answer that kept the identity back; ours gives it.
/// </summary>
public sealed partial class CaptureTests(EdgeHost host) : IClassFixture<EdgeHost>
{
    private const string KeptBack = "adobe-identity-acquire/0001";
    private readonly List<string> differences = [];

    [Fact]
    public async Task Every_recorded_request_is_answered_as_recorded_and_understood_as_written_down()
    {
        // The recordings were made after the day on which tests begin.
        host.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero));
        await host.CreateAudienceAsync("everybody", "pageView", null);
        var folder = Path.Combine(ContractCase.Root(), "tests", "contracts", "edge");
        var written = ContractCase.All("adobe").ToDictionary(contract => contract.Name);
        var (requests, understood) = (0, 0);
        foreach (var scenario in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
            foreach (var file in Directory.EnumerateFiles(scenario, "*.json").Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(scenario) + "/" + Path.GetFileNameWithoutExtension(file);
                var capture = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
                using var answer = await PostAsync(capture);
                await CompareAsync(name, capture, answer);
                requests++;
                if (written.TryGetValue(CaseName().Replace(name, "$1: $2-"), out var contract))
                    understood += await CompareEventsAsync(name, contract.Expect.Events);
            }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.True(requests >= 50 && understood >= 44, $"Only {requests} requests and {understood} events were found.");
    }

    private async Task<HttpResponseMessage> PostAsync(JsonNode capture)
    {
        var query = string.Join('&', capture["query"]!.AsObject().Select(parameter => $"{parameter.Key}={Uri.EscapeDataString((string)parameter.Value!)}"));
        using var request = new HttpRequestMessage(new HttpMethod((string)capture["method"]!), $"https://{capture["host"]}{capture["path"]}?{query}");
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes((string)capture["bodyText"]!));
        foreach (var (name, value) in capture["headers"]!.AsObject())
        {
            if (name == "content-type")
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse((string)value!);
            else if (name is not ("host" or "connection" or "content-length"))
                request.Headers.TryAddWithoutValidation(name, (string)value!);
        }

        return await host.SendAsync(request);
    }

    private async Task CompareAsync(string name, JsonNode capture, HttpResponseMessage answer)
    {
        var recorded = capture["response"]!;
        Same(name, "status", (int)recorded["status"]!, (int)answer.StatusCode);
        foreach (var (header, value) in recorded["headers"]!.AsObject())
        {
            var ours = answer.Headers.TryGetValues(header, out var values) ? string.Join(", ", values.SelectMany(list => list.Split(',')).Select(one => one.Trim())) : "(none)";
            Same(name, header, (string?)value, ours);
        }

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Same(name, "lines", 1, text.Split('\n').Length);
        var json = JsonNode.Parse(text)!;
        var expected = recorded["json"]!.DeepClone();
        if (name.StartsWith(KeptBack, StringComparison.Ordinal))
            AddKeptBack(expected);
        differences.AddRange(EventPicture.Differences(Shape(name, capture, expected), Shape(name, capture, json)).Select(difference => $"{name} {difference}"));
        if (json.Handle("activation:pull") is not null)
            Same(name, "audiences", 1, json.Audiences().Length);
    }

    /// <summary>The answer with what may differ replaced by what must be true of it.</summary>
    private JsonNode Shape(string name, JsonNode capture, JsonNode answer)
    {
        // A visitor is known by the cookie or by what the event says, and is then given back as he is.
        var known = ((string?)capture["headers"]!["cookie"])?.Contains("_identity=", StringComparison.Ordinal) == true;
        var ecid = answer.Handle("identity:result") is { } result ? (string)result["payload"]![0]!["id"]! : "";
        foreach (var handle in answer["handle"]!.AsArray())
        {
            foreach (var payload in handle!["payload"]!.AsArray())
            {
                switch ((string)handle["type"]!)
                {
                    case "identity:result" when !known:
                        Same(name, "an ECID", true, Ecid.IsValid(ecid));
                        payload!["id"] = "minted";
                        break;
                    case "state:store" when (string)payload!["key"]! == EdgeShop.IdentityCookie:
                        Same(name, "the ECID in the cookie", ecid, IdentityCookie.ReadEcid((string)payload["value"]!));
                        payload["value"] = "with the ECID of the answer";
                        break;
                    case "activation:pull":
                        var segments = payload!["segments"]!.AsArray();
                        while (segments.Count > 1)
                            segments.RemoveAt(1);
                        segments[0]!["id"] = "ours";
                        break;
                }
            }
        }

        return answer;
    }

    private static void AddKeptBack(JsonNode expected)
    {
        expected["handle"]!.AsArray().Insert(0, JsonNode.Parse("""{ "type": "identity:result", "payload": [ { "id": "", "namespace": { "code": "ECID" } } ] }"""));
        expected.Handle("identity:result")!["payload"]![0]!["id"] = "93797129328962578280693273900331310776";
        expected.Handle("state:store")!["payload"]!.AsArray().Insert(0, JsonNode.Parse($$"""
            { "key": "{{EdgeShop.IdentityCookie}}", "value": "CiY5Mzc5NzEyOTMyODk2MjU3ODI4MDY5MzI3MzkwMDMzMTMxMDc3NlIRCLjk4J-gNBABGAEqBExPQzHwAbjk4J-gNA",
              "maxAge": 34128000, "attrs": { "SameSite": "None" } }
            """));
    }

    private async Task<int> CompareEventsAsync(string name, JsonArray events)
    {
        foreach (var expected in events)
        {
            await using var command = host.Database.CreateCommand(
                "select e.kind, i.namespace || ':' || i.value, e.website from event e join identity i using (identity_id) where e.occurred_at = $1 and ($2::text is null or e.id = $2)");
            command.Parameters.Add(new() { Value = (DateTimeOffset)expected!["occurredAt"]! });
            command.Parameters.Add(new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)(string?)expected["id"] ?? DBNull.Value });
            await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            var found = new List<string>();
            while (await row.ReadAsync(TestContext.Current.CancellationToken))
                found.Add($"{row.GetString(0)} of {row.GetString(1)} at {row.GetString(2)}");
            Same(name, "events", $"{expected["kind"]} of {expected["identities"]![0]} at {(string?)expected["website"] ?? "base"}", string.Join(" and ", found));
        }

        return events.Count;
    }

    private void Same<T>(string name, string what, T expected, T actual)
    {
        if (!Equals(expected, actual))
            differences.Add($"{name} {what}: expected {expected}, was {actual}");
    }

    [GeneratedRegex("^adobe-(.+)/([0-9]+)-POST-")]
    private static partial Regex CaseName();
}
