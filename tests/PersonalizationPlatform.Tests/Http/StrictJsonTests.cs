using System.Text.Json;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Tests.Http;

/// <summary>What people write is read strictly: everything wrong is told where it stands, within bounds.</summary>
public sealed class StrictJsonTests
{
    [Theory]
    [InlineData("""{ "sku": "a", "name": "A", "stock": { "quantity": 1, "colour": 1 } }""", "$.stock.colour json.unknownMember")]
    [InlineData("""{ "sku": "a", "name": "A", "stock": { "quantity": 1, "quantity": 2 } }""", "$.stock.quantity json.duplicateMember")]
    [InlineData("""{ "sku": "a", "name": "A", "stock": 7 }""", "$.stock json.type")]
    [InlineData("""{ "sku": "a", "name": "A", "tierPrices": [ { "quantity": 1, "price": 1 }, { "quantity": 1, "price": "1", "foo": 2 } ] }""", "$.tierPrices[1].price json.type", "$.tierPrices[1].foo json.unknownMember")]
    [InlineData("""{ "sku": "a", "name": "A", "related": ["b", 7] }""", "$.related[1] json.type")]
    [InlineData("""{ "sku": "a", "name": "A", "attributes": { "colour": 1, "colour": 2 } }""", "$.attributes.colour json.duplicateMember")]
    [InlineData("""{ "sku": "a", "name": "A", "specialFrom": "soon", "catgories": [], "weight": "x" }""",
        "$.specialFrom json.type", "$.catgories json.unknownMember", "$.weight json.type")]
    public void What_is_wrong_is_told_at_any_depth_and_all_at_once(string json, params string[] wrong) => Assert.Equal(wrong, Wrongs<ProductRequest>(json));

    [Theory]
    [InlineData("""{ "cartRules": { "tax": { "itemRates": 1 } } }""", "There is no member \"itemRates\"; did you mean itemRate?")]
    [InlineData("""{ "cartRules": { "tax": 1 } }""", "tax must be an object.")]
    public void An_error_inside_an_object_says_what_would_be_right_there(string json, string says) => Assert.Equal(says, Assert.Single(Errors<WebsiteRequest>(json)).Detail);

    [Fact]
    public void A_null_is_an_absent_member_where_one_may_be_absent() =>
        Assert.NotNull(StrictJson.Read<DynamicBlockRequest>(JsonDocument.Parse("""{ "name": "B", "content": "b", "priority": null, "key": null }""").RootElement, []));

    [Fact]
    public void A_null_that_cannot_be_is_an_error_and_never_a_failure()
    {
        Assert.Equal(["$.quantity json.type"], Wrongs<Counted>("""{ "quantity": null }"""));
        Assert.Equal(["$.quantities[0] json.type"], Wrongs<Counted>("""{ "quantities": [null] }"""));
        Assert.Equal(["$.name json.missingMember"], Wrongs<ProductRequest>("""{ "sku": "a", "name": null }"""));
    }

    [Theory]
    [InlineData("""{ "sku": "a", "name": "A", "attributes": { "x": ["ok", "\ud800"] } }""", "$.attributes.x[1] json.text")]
    [InlineData("""{ "sku": "a", "name": "A", "attributes": { "x\u0000": 1, "y": "\u0000" } }""", "$.attributes json.text", "$.attributes.y json.text")]
    [InlineData("""{ "sku": "a", "name": "A", "\ud800": 1 }""", "$ json.text")]
    [InlineData("""{ "sku": "a", "name": "\ud83d\ude00 \u00e9 \\u0000" }""")]
    public void Text_that_cannot_be_kept_is_an_error_and_text_that_only_looks_so_is_not(string json, params string[] wrong) =>
        Assert.Equal(wrong, Wrongs<ProductRequest>(json));

    [Fact]
    public void Bytes_that_are_no_text_are_an_error()
    {
        byte[] json = [.. "{\"sku\":\"a\",\"name\":\""u8, 0xC3, .. "\"}"u8];
        var errors = new List<ProblemError>();
        Assert.Null(StrictJson.Read<ProductRequest>(JsonDocument.Parse(json).RootElement, errors));
        Assert.Equal("$.name json.text", $"{errors[0].Path} {errors[0].Code}");
    }

    [Theory]
    [InlineData("\"m{0}\":1")]
    [InlineData("\"m{0}\":\"\\ud800\"")]
    [InlineData("\"\\ud800{0}\":1")]
    public void However_much_is_wrong_the_list_of_errors_is_short(string member)
    {
        var many = string.Join(',', Enumerable.Range(0, 20_000).Select(n => member.Replace("{0}", n.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        Assert.InRange(Errors<ProductRequest>($"{{{many}}}").Count, 1, StrictJson.MaxErrors + 2);
        Assert.InRange(Errors<ProductRequest>($$"""{ "name": "A", "stock": { {{many}} } }""").Count, 1, StrictJson.MaxErrors + 2);
        Assert.InRange(Errors<ProductRequest>($$"""{ "name": "A", "related": [ {{string.Join(',', Enumerable.Repeat("7", 20_000))}} ] }""").Count, 1, StrictJson.MaxErrors + 2);
    }

    private static List<ProblemError> Errors<T>(string json)
        where T : class
    {
        var errors = new List<ProblemError>();
        Assert.Equal(StrictJson.Read<T>(JsonDocument.Parse(json).RootElement, errors) is null, errors.Count > 0);
        return errors;
    }

    private static IEnumerable<string> Wrongs<T>(string json)
        where T : class => Errors<T>(json).Select(error => $"{error.Path} {error.Code}");

    private sealed record Counted
    {
        public int Quantity { get; init; }
        public IReadOnlyList<int>? Quantities { get; init; }
    }
}
