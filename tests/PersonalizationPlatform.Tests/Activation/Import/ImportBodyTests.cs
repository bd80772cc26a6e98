using System.Text;
using PersonalizationPlatform.Activation.Import;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>Bodies, split into their items while they arrive.</summary>
public sealed class ImportBodyTests
{
    private const string Body = """
        { "salesRules": { "search_criteria": { "page": [ { "items": [1] } ] }, "items": [ { "rule_id": 1, "name": "a ] } \" b" }, { "rule_id": 2 } ], "total_count": 2 },
          "weather": { "items": [ [ { "sunny": true } ], 7 ] }, "mood": 3, "nothing": null,
          "coupons": [ { "rule_id": "1", "code": " A1 ", "type": 0 }, { "rule_id": 2, "code": "G", "type": "1" }, 5 ],
          "customerGroups": null, "products": { "items": null }, "categories": { "id": 1, "children_data": [ { "id": 2 } ] } }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_000)]
    public async Task Items_are_found_however_the_body_arrives(int bytesAtOnce)
    {
        var items = await ReadAsync(Body, bytesAtOnce);
        Assert.Equal(
            [
                "$.salesRules.items[0]", "$.salesRules.items[1]", "$.weather", "$.mood", "$.nothing", "$.coupons[0]", "$.coupons[1]", "$.coupons[2]", "$.categories",
            ], items.Select(item => item.Path));
        Assert.Equal("""{ "rule_id": 1, "name": "a ] } \" b" }""", Encoding.UTF8.GetString(items[0].Json));
        Assert.Equal("""{ "id": 1, "children_data": [ { "id": 2 } ] }""", Encoding.UTF8.GetString(items[8].Json));
        Assert.Equal(("1", "A1"), (items[5].Rule, items[5].Code));
        Assert.Equal(("2", null), (items[6].Rule, items[6].Code));
        Assert.Equal(["weather", "mood", "nothing"], items.Where(item => item.Part == ImportPart.Unknown).Select(item => item.Member));
    }

    [Theory]
    [InlineData("", "json.syntax")]
    [InlineData("{", "json.syntax")]
    [InlineData("""{ "salesRules": { "items": [ { "rule_id": 1 }""", "json.syntax")]
    [InlineData("""{ "salesRules": [] } trailing""", "json.syntax")]
    [InlineData("""{ "salesRules": [ { "rule_id": 1, } ] }""", "json.syntax")]
    [InlineData("[]", "import.shape")]
    [InlineData("7", "import.shape")]
    [InlineData("""{ "salesRules": 7 }""", "import.shape")]
    [InlineData("""{ "coupons": { "items": {} } }""", "import.shape")]
    [InlineData("""{ "salesRules": { "rules": [ { "rule_id": 1 } ] } }""", "import.shape")]
    [InlineData("""{ "customerGroups": { } }""", "import.shape")]
    public async Task What_is_no_such_body_is_told(string body, string code)
    {
        foreach (var bytesAtOnce in new[] { 1, 4096 })
            Assert.Equal(code, (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(body, bytesAtOnce))).Code);
    }

    [Theory]
    [InlineData("salesRules", "rule_id")]
    [InlineData("coupons", "coupon_id")]
    [InlineData("products", "sku")]
    [InlineData("customerGroups", "id")]
    [InlineData("customerSegments", "id")]
    public async Task An_item_by_itself_is_a_list_of_one(string part, string id)
    {
        foreach (var bytesAtOnce in new[] { 1, 4096 })
        {
            var items = await ReadAsync($$"""{ "{{part}}": { "name": [ { "items": 1 } ], "{{id}}": 7, "more": {} }, "mood": 3 }""", bytesAtOnce);
            Assert.Equal(["$." + part, "$.mood"], items.Select(item => item.Path));
            Assert.Equal($$"""{ "name": [ { "items": 1 } ], "{{id}}": 7, "more": {} }""", Encoding.UTF8.GetString(items[0].Json));
        }
    }

    [Fact]
    public async Task An_item_of_any_depth_is_split_off()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"conditions":[""", 100_000)) + string.Concat(Enumerable.Repeat("]}", 100_000));
        var items = await ReadAsync($$"""{ "salesRules": [ {"condition":{{deep}}}, { "rule_id": 2 } ], "deep": {{deep}}, "coupons": [ {"x":{{deep}}} ] }""", 65_536);
        Assert.Equal(["$.salesRules[0]", "$.salesRules[1]", "$.deep", "$.coupons[0]"], items.Select(item => item.Path));
    }

    [Fact]
    public async Task A_body_without_end_is_refused_in_bounded_memory()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(async () =>
        {
            await foreach (var _ in new ImportBody(new Endless()).ReadAsync(TestContext.Current.CancellationToken))
            {
            }
        });
        Assert.Equal((413, "import.itemTooLarge"), (problem.Status, problem.Code));
    }

    private static async Task<List<ImportItem>> ReadAsync(string body, int bytesAtOnce)
    {
        var items = new List<ImportItem>();
        await foreach (var item in new ImportBody(new Slow(Encoding.UTF8.GetBytes(body), bytesAtOnce)).ReadAsync(TestContext.Current.CancellationToken))
            items.Add(item);
        return items;
    }

    private sealed class Slow(byte[] body, int bytesAtOnce) : MemoryStream(body)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, bytesAtOnce)], cancellationToken);
    }

    /// <summary>One rule whose name never ends.</summary>
    private sealed class Endless : MemoryStream
    {
        private bool begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            if (!begun)
                Encoding.UTF8.GetBytes("""{"salesRules":[{"name":" """, buffer.Span);
            begun = true;
            return new(buffer.Length);
        }
    }
}
