using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Bench;

/// <summary>Related products: 200 rules of four kinds over a catalogue of up to 100,000 products, in all three rotations.</summary>
internal static class RelatedLists
{
    private const int Connections = 16;
    private const int SteadyRate = 500;
    private const int MaxProducts = 100_000;
    private const int Rules = 200;
    private const int BatchSize = 2_000;
    private static readonly string[] Rotations = ["priorityThenId", "priorityThenRandom", "weightedRandom"];

    public static async Task RunAsync(BenchStage stage)
    {
        var products = Math.Min(MaxProducts, stage.Options.Visitors);
        await StockAsync(stage, products);
        for (var i = 0; i < Rules; i++)
            await stage.AskAsync("POST", "/v1/related-product-rules", Rule(i).ToJsonString(), 201);
        // The catalogue is read and indexed by the first request.
        await stage.AskAsync("POST", "/v1/decisions/related-products", Question(0, 0), 200);
        var h = 0d;
        var results = await stage.InTurnsAsync(
            ("1 connections", () => stage.LoadAsync(1, stage.RoundSeconds, worker => AskAsync(stage, worker, products))),
            ($"{Connections} connections", async () =>
            {
                h = await stage.BareAsync();
                return await stage.LoadAsync(Connections, stage.RoundSeconds, worker => AskAsync(stage, worker, products));
            }
        ));
        foreach (var (shape, rounds) in results)
            stage.Report.Add("related products", shape, rounds, h, "H");
        await stage.SteadyAsync("related products", SteadyRate, worker => AskAsync(stage, worker, products));
        stage.Report.Say(string.Create(CultureInfo.InvariantCulture, $"verified: full lists of {Rules} rules over {products:N0} products"));
    }

    /// <summary>Every product has a brand, a colour, a category and a price.</summary>
    private static async Task StockAsync(BenchStage stage, int products)
    {
        var shelf = stage.Services.GetRequiredService<Products>();
        var now = stage.Services.GetRequiredService<TimeProvider>().Now();
        for (var first = 0; first < products; first += BatchSize)
        {
            var batch = Enumerable.Range(first, Math.Min(BatchSize, products - first)).Select(i => new Product
            {
                Sku = Sku(i),
                Name = $"Product {i}",
                Price = (i * 7919 % 50_000) / 100m,
                Categories = [$"c{i % 50}", $"c{i / 50 % 50}"],
                Attributes = new JsonObject { ["brand"] = $"b{i % 40}", ["colour"] = $"k{i / 40 % 12}" }.ToJsonString(),
                UpdatedAt = now,
            }).ToList();
            await shelf.UpsertAsync(batch, now, stage.CancellationToken);
        }
    }

    private static async ValueTask<int> AskAsync(BenchStage stage, Worker worker, int products)
    {
        Encoding.UTF8.GetBytes(Question(worker.Dice.Next(products), worker.Dice.Next(Rotations.Length)), worker.Content);
        worker.Latencies.Add(await worker.SendAsync("POST", "/v1/decisions/related-products", stage.AdminKey, 200));
        if (!worker.Answer.StartsWith("{\"lists\":{\"related\":{\"items\":[{\"sku\":"u8))
            throw new BenchException($"A list is empty: {Encoding.UTF8.GetString(worker.Answer)}");
        return 1;
    }

    private static string Question(int product, int rotation) => new JsonObject
    {
        ["product"] = Sku(product),
        ["config"] = new JsonObject { ["rotation"] = Rotations[rotation] },
    }.ToJsonString();

    private static JsonObject Rule(int i)
    {
        var (match, display) = (i % 4) switch
        {
            0 => (Compare("categories", "contains", $"c{i % 50}"), Group("all", Viewed("categories"), Compare("price", "lessThan", 400))),
            1 => (Compare("attributes.brand", "equals", $"b{i % 40}"), Group("all", Viewed("attributes.brand"), Viewed("price", "atLeast", 100))),
            2 => (Compare("attributes.colour", "equals", $"k{i % 12}"), Group("any", Compare("categories", "contains", $"c{i % 50}"), Compare("attributes.brand", "equals", $"b{i % 40}"))),
            _ => (Compare("price", "atLeast", i - 3), Group("none", Viewed("attributes.colour"))),
        };
        return new JsonObject { ["name"] = $"Rule {i}", ["applyTo"] = "related", ["priority"] = i % 10, ["resultLimit"] = 1 + (i % 20), ["match"] = match, ["display"] = display };
    }

    private static JsonObject Group(string match, params JsonNode[] of) => new() { ["type"] = "group", ["match"] = match, ["of"] = new JsonArray(of) };

    private static JsonObject Compare(string field, string op, JsonNode value) =>
        new() { ["type"] = "compare", ["field"] = "product." + field, ["operator"] = op, ["value"] = value };

    private static JsonObject Viewed(string field, string op = "equals", int? percent = null)
    {
        var viewed = new JsonObject { ["type"] = "compareWithViewed", ["field"] = "product." + field, ["operator"] = op };
        if (percent is { } share)
            viewed["percent"] = share;
        return viewed;
    }

    private static string Sku(int product) => $"SKU-{product.ToString("000000", CultureInfo.InvariantCulture)}";
}
