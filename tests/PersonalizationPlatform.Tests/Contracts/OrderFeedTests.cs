using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Tests.SegmentApi;

namespace PersonalizationPlatform.Tests.Contracts;

/// <summary>
/// The order feed as data: each file in <c>tests/contracts/order-feed</c> tells what a shop's exporter pushes, one push after the other, and
/// what is then answered, stored, known of the order, and true of the shopper. <c>UPDATE_SNAPSHOTS=1</c> writes the expectations anew.
/// </summary>
public sealed class OrderFeedTests(PlatformServer server) : IAsyncLifetime
{
    private const string Folder = "tests/contracts/order-feed";

    private static readonly JsonSerializerOptions Plainly = new() { WriteIndented = true, IndentSize = 1, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What a shop may ask of orders: by key, in the order of the files.</summary>
    private static readonly Dictionary<string, string> Segments = new()
    {
        ["ordered"] = """{ "type": "happened", "event": "orderPlaced" }""",
        ["ordered-twice"] = """{ "type": "happened", "event": "orderPlaced", "atLeast": 2 }""",
        ["placed-once"] = """{ "type": "happened", "event": "backofficeOrderPlaced", "exactly": 1 }""",
        ["spent-100"] = """{ "type": "measure", "event": "orderPlaced", "calculate": "sum", "field": "order.total", "currency": "EUR", "operator": "atLeast", "value": 100 }""",
        ["got-back"] = """{ "type": "measure", "event": "orderPlaced", "calculate": "sum", "field": "order.refunded", "currency": "EUR", "operator": "greaterThan", "value": 0 }""",
        ["within-10-days"] = """{ "type": "happened", "event": "orderPlaced", "within": "P10D" }""",
        ["pending"] = Status("pending"),
        ["processing"] = Status("processing"),
        ["complete"] = Status("complete"),
        ["canceled"] = Status("canceled"),
        ["closed"] = Status("closed"),
        ["holded"] = Status("holded"),
    };

    private readonly PlatformHost host = new(server);

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Every_push_is_answered_stored_and_counted_as_written_down_and_all_of_them_again_change_nothing()
    {
        await DefineSegmentsAsync();
        var failures = new List<string>();
        foreach (var file in Files())
        {
            var story = Read(file);
            var known = new HashSet<string>();
            foreach (var push in story["pushes"]!.AsArray())
                push!["expect"] = await PushAsync(push["body"], (string?)story["shopper"], known);
            if (Record.Exception(() => Snapshot.Matches(file, story.ToJsonString(Plainly))) is { } difference)
                failures.Add(difference.Message);
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));

        var before = await StateAsync();
        var records = Shuffled(7);
        var answer = await PostAsync(new JsonArray([.. records]));
        Assert.Equal(0, (int)answer["accepted"]!);
        Assert.True((int)answer["duplicates"]! > 60);
        Assert.Equal(before, await StateAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Whatever_the_order_of_pushes_the_orders_are_the_same(int seed)
    {
        await DefineSegmentsAsync();
        foreach (var chunk in Shuffled(seed).Chunk(5))
            await PostAsync(new JsonArray(chunk));
        var differences = new List<string>();
        foreach (var file in Files())
        {
            var story = Read(file);
            var last = story["pushes"]!.AsArray()[^1]!["expect"]!;
            if ((string?)story["shopper"] is not { } shopper)
                continue;
            differences.AddRange(EventPicture.Differences(last["orders"], await OrdersAsync(shopper), file + " orders"));
            differences.AddRange(EventPicture.Differences(last["segments"], await SegmentsAsync(shopper), file + " segments"));
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>What the push is answered with, what is new, and what then holds.</summary>
    private async Task<JsonObject> PushAsync(JsonNode? body, string? shopper, HashSet<string> known)
    {
        var expect = new JsonObject { ["answer"] = (await PostAsync(body)).DeepClone() };
        var events = new JsonArray();
        foreach (var id in await EventsAsync())
            if (known.Add(id) && Numbers(body).Any(number => id.Contains($":{number}:", StringComparison.Ordinal)))
                events.Add(await host.EventAsync(id));
        expect["events"] = events;
        if (shopper is not null)
        {
            expect["orders"] = await OrdersAsync(shopper);
            expect["segments"] = await SegmentsAsync(shopper);
        }

        return expect;
    }

    private async Task<JsonNode> PostAsync(JsonNode? body) => await host.BackOffice.PostJsonAsync("/v1/events/orders", body!.ToJsonString(), HttpStatusCode.Accepted);

    private async Task DefineSegmentsAsync()
    {
        foreach (var (key, condition) in Segments)
            await host.Admin.PostJsonAsync("/v1/segments", $$"""{ "key": "{{key}}", "name": "{{key}}", "condition": {{condition}} }""", HttpStatusCode.Created);
    }

    private async Task<JsonArray> OrdersAsync(string shopper)
    {
        var orders = await host.Admin.GetJsonAsync($"/v1/profiles/{Path(shopper)}/orders");
        var pictures = new JsonArray();
        foreach (var order in orders["items"]!.AsArray())
        {
            var picture = order!.DeepClone().AsObject();
            picture.Remove("items");
            picture.Remove("key");
            pictures.Add(picture);
        }

        return pictures;
    }

    private async Task<JsonArray> SegmentsAsync(string shopper)
    {
        var answer = await host.Admin.GetJsonAsync($"/v1/shoppers/{Path(shopper)}/segments");
        var keys = answer["items"]!.AsArray().Select(segment => (string)segment!["key"]!).ToHashSet();
        return [.. Segments.Keys.Where(keys.Contains).Select(key => JsonValue.Create(key))];
    }

    private Task<List<string>> EventsAsync() => RowsAsync("select id from event order by occurred_at, id");

    /// <summary>Everything a push could change: events, orders, and the marks that make a shopper's memberships stale.</summary>
    private async Task<string> StateAsync() => string.Join('\n',
    [
        .. await RowsAsync("select e::text from event e order by 1"),
        .. await RowsAsync("select p::text from order_part p order by 1"),
        .. await RowsAsync("select i::text from identity i order by 1"),
    ]);

    private async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = host.Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }

    /// <summary>Every record of every file, once for each time it is pushed.</summary>
    private static List<JsonNode?> Shuffled(int seed)
    {
        var records = Files().SelectMany(file => Read(file)["pushes"]!.AsArray()).SelectMany(push => RecordsOf(push!["body"])).Select(record => record?.DeepClone()).ToArray();
        new Random(seed).Shuffle(records);
        return [.. records];
    }

    private static IEnumerable<JsonNode?> RecordsOf(JsonNode? body) => body switch
    {
        JsonArray list => list,
        JsonObject wrapped when (wrapped["orders"] ?? wrapped["feed"]) is JsonArray list => list,
        _ => new[] { body },
    };

    private static IEnumerable<string> Numbers(JsonNode? body) =>
        RecordsOf(body).OfType<JsonObject>().Select(record => record["commerceOrderNumber"]?.ToString() ?? "").Where(number => number.Length > 0).Distinct();

    private static string Path(string shopper) => string.Join('/', shopper.Split(':').Select(Uri.EscapeDataString));

    private static IEnumerable<string> Files() =>
        Directory.EnumerateFiles(System.IO.Path.Combine(Snapshot.Root, Folder), "*.json").Order(StringComparer.Ordinal).Select(file => $"{Folder}/{System.IO.Path.GetFileName(file)}");

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Snapshot.Root, file)))!.AsObject();

    private static string Status(string status) =>
        $$"""{ "type": "anyOrder", "of": { "type": "compare", "field": "order.status", "operator": "equals", "value": "{{status}}" } }""";
}
