using System.Globalization;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Events;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>Recorded requests of Segment's official tracker, sent as they were: the answers, and what was stored.</summary>
public sealed class RecordedTrackerTests(TrackedHost host) : IClassFixture<TrackedHost>
{
    /// <summary>How far the tracker's clock is behind ours.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Every_recorded_request_is_answered_and_stored_as_written_down()
    {
        var files = Directory.EnumerateFiles(Path.Combine(ContractCase.Root(), "tests", "contracts", "segment"), "*.json").Order(StringComparer.Ordinal).ToList();
        var differences = new List<string>();
        var refused = 0;
        foreach (var file in files)
        {
            var contract = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
            var name = (string)contract["name"]!;
            var body = (string)contract["request"]!["bodyText"]!;
            if (body.Length > 0)
                host.Clock.SetUtcNow(DateTimeOffset.Parse((string)JsonNode.Parse(body)!["sentAt"]!, CultureInfo.InvariantCulture) + Skew);

            Compare(name + " answer", contract["response"]!, await SendAsync(contract["request"]!, body));
            Compare(name + " events", contract["expect"]!["events"]!, await EventsAsync(body));
            var kept = await host.RefusedAsync();
            Compare(name + " refused", contract["expect"]!["refused"]!, new JsonArray([.. kept.Skip(refused).Select(r => JsonValue.Create(r))]));
            refused = kept.Count;

            // A tracker that heard nothing sends the same again.
            var events = await host.CountAsync("event");
            Compare(name + " again", contract["response"]!, await SendAsync(contract["request"]!, body));
            Assert.Equal(events, await host.CountAsync("event"));
            refused = (await host.RefusedAsync()).Count;
        }

        Assert.True(files.Count >= 25, $"Only {files.Count} recordings were found.");
        Assert.True(differences.Count == 0, string.Join('\n', differences));

        void Compare(string name, JsonNode expected, JsonNode actual) =>
            differences.AddRange(EventPicture.Differences(expected, actual).Select(difference => $"{name} {difference}"));
    }

    private async Task<JsonNode> SendAsync(JsonNode request, string body)
    {
        using var message = new HttpRequestMessage(new HttpMethod((string)request["method"]!), (string)request["path"]!);
        if (body.Length > 0)
            message.Content = new ByteArrayContent(System.Text.Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in request["headers"]!.AsObject())
            if (!message.Headers.TryAddWithoutValidation(name, (string)value!))
                message.Content?.Headers.TryAddWithoutValidation(name, (string)value!);
        using var answer = await host.Anonymous.SendAsync(message, TestContext.Current.CancellationToken);
        Assert.Contains("Retry-After", answer.Headers.GetValues("Access-Control-Expose-Headers"));
        return new JsonObject
        {
            ["status"] = (int)answer.StatusCode,
            ["allowOrigin"] = answer.Headers.GetValues("Access-Control-Allow-Origin").Single(),
            ["json"] = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)),
        };
    }

    private async Task<JsonArray> EventsAsync(string body)
    {
        if (body.Length == 0)
            return [];
        var sent = JsonNode.Parse(body)!;
        var events = new JsonArray();
        foreach (var message in sent["batch"]?.AsArray() ?? [sent.DeepClone()])
            if (await host.EventAsync((string)message!["messageId"]!) is { } stored)
                events.Add(stored);
        return events;
    }
}
