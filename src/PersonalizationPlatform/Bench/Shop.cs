using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Events.Log;

namespace PersonalizationPlatform.Bench;

/// <summary>The measured shop: ten live segments, fifty blocks, six years of months, and visitors who have been there before.</summary>
internal static class Shop
{
    /// <summary>The segment that one event of <see cref="Traffic.WriteMark"/> makes its visitor a member of.</summary>
    public const string MarkedKey = "marked";

    public const int Placements = 10;
    private const int Blocks = 50;
    private const int BatchSize = 100;

    public static async Task OpenAsync(BenchStage stage)
    {
        var keys = new List<string>();
        foreach (var segment in JsonNode.Parse(BenchFiles.Read("segments.json"))!.AsArray())
        {
            await stage.AskAsync("POST", "/v1/segments", segment!.ToJsonString(), 201);
            keys.Add((string)segment["key"]!);
        }

        var locations = new[] { "header", "content", "footer", "left", "right" };
        for (var i = 0; i < Blocks; i++)
        {
            var block = new JsonObject
            {
                ["name"] = $"Block {i}",
                ["key"] = BlockKey(i),
                ["content"] = $"<div class=\"promotion\"><h2>Offer {i}</h2><p>{new string('x', 200)}</p></div>",
                ["locations"] = new JsonArray(locations[i % locations.Length]),
                ["priority"] = i,
            };
            // Every fifth is for everybody, the others for one or two segments.
            if (i % 5 != 0)
                block["segments"] = i % 2 == 0 ? new JsonArray(keys[i % keys.Count]) : new JsonArray(keys[i % keys.Count], keys[(i + 3) % keys.Count]);
            await stage.AskAsync("POST", "/v1/dynamic-blocks", block.ToJsonString(), 201);
        }

        var now = stage.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var partitions = stage.Services.GetRequiredService<EventPartitions>();
        for (var month = -71; month <= 1; month++)
            await partitions.EnsureAsync(now.AddMonths(month), stage.CancellationToken);
    }

    /// <summary>Lets every visitor leave their first events, through the same door as everybody.</summary>
    public static async Task FillAsync(BenchStage stage)
    {
        var total = (long)stage.Options.Visitors * stage.Options.History;
        var next = 0L;
        var filled = await stage.LoadAsync(16, double.MaxValue, async worker =>
        {
            var first = Interlocked.Add(ref next, BatchSize) - BatchSize;
            var events = (int)Math.Clamp(total - first, 0, BatchSize);
            if (events == 0)
                return 0;
            stage.Traffic.WriteBatch(worker, events, i => (int)((first + i) % stage.Options.Visitors));
            return await Ingest.PostAsync(stage, worker, events);
        });
        stage.Accepted += filled.Done;
        await using var analyse = stage.Database.CreateCommand("analyze");
        analyse.CommandTimeout = 600;
        await analyse.ExecuteNonQueryAsync(stage.CancellationToken);
        stage.Report.Say(string.Create(
            CultureInfo.InvariantCulture, $"{stage.Options.Visitors:N0} visitors with {stage.Options.History} events each, stored at {filled.PerSecond:N0} events/s"));
    }

    /// <summary>Writes the question what a visitor is to be shown: all locations, and blocks by their key.</summary>
    public static void WriteDecision(IBufferWriter<byte> body, int visitor)
    {
        Encoding.UTF8.GetBytes("{\"shopper\":{\"identities\":[{\"namespace\":\"ECID\",\"id\":\"" + Traffic.Ecid(visitor) + "\"}]},\"placements\":" + PlacementNames + "}", body);
    }

    public static bool IsMarked(ReadOnlySpan<byte> segments)
    {
        var reader = new Utf8JsonReader(segments);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("key"u8) && reader.Read() && reader.ValueTextEquals(MarkedKey))
                return true;
        return false;
    }

    private static readonly string PlacementNames = JsonSerializer.Serialize(
        new[] { "header", "content", "footer", "left", "right" }.Concat(Enumerable.Range(0, Placements - 5).Select(i => BlockKey(i * 7))));

    private static string BlockKey(int block) => $"block-{block.ToString(CultureInfo.InvariantCulture)}";
}
