using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Tests.Conditions;

public class ReadingTests
{
    [Fact]
    public void Everything_wrong_is_told_at_once_with_its_place_and_what_would_be_right()
    {
        var errors = Reading.Errors("""
            { "type": "group", "match": "al", "of": [
              { "type": "happend", "event": "addToCart" },
              { "type": "compare", "field": "profile.adress.country", "operator": "equals", "value": "DE" },
              { "type": "compare", "field": "profile.group", "operator": "is", "value": "2" },
              { "type": "compare", "field": "profile.newsletter", "operator": "contains", "value": "x" },
              { "type": "compare", "field": "profile.storeCredit", "operator": "equals", "value": "a lot" },
              { "type": "compare", "field": "item.sku", "operator": "exists" },
              { "type": "happened", "event": "addToCart", "within": "P7D", "since": "2026-01-01" },
              { "type": "happened", "event": "addToCart", "within": "7 days" },
              { "type": "happened", "event": "addToCart", "atLeast": 0, "tiems": 3 },
              { "type": "happened" },
              { "type": "inSegment", "segment": "newsleter" },
              { "type": "happened", "event": "x", "where": { "type": "happened", "event": "y" } }
            ] }
            """);
        Assert.Equal(
            [
                ("$.condition.match", "condition.unknownWord"),
                ("$.condition.of[0].type", "condition.unknownType"),
                ("$.condition.of[1].field", "condition.unknownField"),
                ("$.condition.of[2].operator", "condition.unknownOperator"),
                ("$.condition.of[3].operator", "condition.unknownOperator"),
                ("$.condition.of[4].value", "condition.wrongType"),
                ("$.condition.of[5].field", "condition.notHere"),
                ("$.condition.of[6].since", "condition.contradictoryWindow"),
                ("$.condition.of[7].within", "condition.wrongType"),
                ("$.condition.of[8].atLeast", "condition.wrongType"),
                ("$.condition.of[8].tiems", "condition.unknownMember"),
                ("$.condition.of[9].event", "condition.missingMember"),
                ("$.condition.of[10].segment", "condition.unknownSegment"),
                ("$.condition.of[11].where.type", "condition.notHere"),
            ],
            errors.Select(e => (e.Path, e.Code)));
        Assert.Contains("Did you mean happened?", errors[1].Detail, StringComparison.Ordinal);
        Assert.Contains("Did you mean profile.address.country?", errors[2].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "type": "group", "match": "all", "match": "any", "of": [] }""", "$.condition.match", "condition.duplicateMember")]
    [InlineData("""[]""", "$.condition", "condition.wrongType")]
    [InlineData("""{ "type": "group", "match": "all", "of": [7] }""", "$.condition.of[0]", "condition.wrongType")]
    [InlineData("""{ "type": "happened", "event": "a", "between": { "from": "2026-02-01", "to": "2026-01-01" } }""", "$.condition.between.to", "condition.contradictoryWindow")]
    [InlineData("""{ "type": "happened", "event": "a", "atLeast": 1, "atMost": 2 }""", "$.condition.atMost", "condition.contradictory")]
    [InlineData("""{ "type": "firstTime", "event": "a" }""", "$.condition.within", "condition.missingMember")]
    [InlineData("""{ "type": "sequence", "steps": [] }""", "$.condition.steps", "condition.emptyList")]
    [InlineData("""{ "type": "sequence", "steps": [ { "event": "a" } ], "within": "P1D", "quietFor": "P2D" }""", "$.condition.quietFor", "condition.contradictoryWindow")]
    [InlineData("""{ "type": "sequence", "steps": [ { "event": "a" } ], "without": [ { "event": "b" } ] }""", "$.condition.without", "condition.contradictory")]
    [InlineData("""{ "type": "anyItem", "of": { "type": "compare", "field": "item.sku", "operator": "exists" } }""", "$.condition.over", "condition.missingMember")]
    [InlineData("""{ "type": "measure", "event": "orderPlaced", "calculate": "sum", "field": "order.status", "operator": "equals", "value": 1 }""", "$.condition.field", "condition.wrongType")]
    [InlineData("""{ "type": "measure", "event": "orderPlaced", "calculate": "count", "field": "order.total", "operator": "equals", "value": 1 }""", "$.condition.field", "condition.unknownMember")]
    [InlineData("""{ "type": "compare", "field": "profile.group", "operator": "exists", "value": 1 }""", "$.condition.value", "condition.unknownMember")]
    [InlineData("""{ "type": "compare", "field": "profile.group", "operator": "oneOf", "value": [] }""", "$.condition.value", "condition.emptyList")]
    [InlineData("""{ "type": "compare", "field": "profile.birthDate", "operator": "before", "value": "yesterday" }""", "$.condition.value", "condition.wrongType")]
    [InlineData("""{ "type": "compare", "field": "profile.address.contry", "operator": "exists" }""", "$.condition.field", "condition.unknownField")]
    [InlineData("""{ "type": "inAudience", "audience": "nobody" }""", "$.condition.audience", "condition.unknownAudience")]
    public void What_is_wrong_is_told_where_it_stands(string json, string path, string code)
    {
        var error = Assert.Single(Reading.Errors(json));
        Assert.Equal((path, code), (error.Path, error.Code));
        Assert.EndsWith(".", error.Detail.TrimEnd('?'), StringComparison.Ordinal);
    }

    [Fact]
    public void Trees_too_deep_are_refused_and_the_deepest_allowed_can_be_read_judged_written_and_explained()
    {
        var deepest = Nested(ConditionJson.MaxDepth - 1);
        var condition = Reading.Read(deepest);
        Assert.True(condition.Judge(new FactsBuilder().Build(), DateTimeOffset.UnixEpoch).Matches);
        Assert.Equal(condition.ToJson().GetRawText(), Reading.Read(condition.ToJson()).ToJson().GetRawText());
        Assert.True(condition.Explain(new Moment(new Facts(), DateTimeOffset.UnixEpoch, _ => Verdict.False, WebsiteSettings.Base)).Matches);
        Assert.Equal("condition.tooDeep", Assert.Single(Reading.Errors(Nested(ConditionJson.MaxDepth))).Code);
    }

    [Fact]
    public void Trees_too_wide_are_refused_with_one_error()
    {
        var inner = string.Join(",", Enumerable.Repeat("""{ "type": "group", "match": "all", "of": [] }""", ConditionJson.MaxNodes));
        Assert.Equal("condition.tooLarge", Assert.Single(Reading.Errors($$"""{ "type": "group", "match": "all", "of": [{{inner}}] }""")).Code);
    }

    [Fact]
    public void Sequences_too_long_are_refused_and_their_parts_count_as_nodes()
    {
        var steps = string.Join(",", Enumerable.Repeat("""{ "event": "a" }""", ConditionJson.MaxNodes + 1));
        Assert.Equal("condition.tooLarge", Assert.Single(Reading.Errors($$"""{ "type": "sequence", "steps": [{{steps}}] }""")).Code);
    }

    [Fact]
    public void The_canonical_form_names_segments_by_id_and_spells_durations_and_lists_one_way()
    {
        var written = Reading.Read("""
            { "of": [ { "type": "inSegment", "segment": "newsletter" },
                      { "type": "happened", "within": "P1W", "event": "viewCart" },
                      { "type": "compare", "field": "profile.group", "operator": "oneOf", "value": "2, 3" } ],
              "match": "all", "type": "group" }
            """).ToJson().GetRawText();
        Assert.Equal(
            """{"type":"group","match":"all","of":[{"type":"inSegment","segment":"11111111-1111-7111-8111-111111111111"},{"type":"happened","event":"shoppingCartView","atLeast":1,"within":"P7D"},{"type":"compare","field":"profile.group","operator":"oneOf","value":["2","3"]}]}""",
            written);
    }

    [Fact]
    public void A_tree_names_everything_it_needs_loaded()
    {
        var needs = Needs.Of(Reading.Read("""
            { "type": "group", "match": "all", "of": [
              { "type": "happened", "event": "addToCart", "where": { "type": "group", "match": "all", "of": [
                { "type": "anyItem", "of": { "type": "compare", "field": "item.attributes.brand", "operator": "exists" } },
                { "type": "compare", "field": "event.data.x", "operator": "exists" } ] } },
              { "type": "happened", "event": "orderPlaced" },
              { "type": "compare", "field": "cart.isEmpty", "operator": "equals", "value": true },
              { "type": "compare", "field": "consent.collect", "operator": "exists" },
              { "type": "inSegment", "segment": "newsletter" },
              { "type": "inAudience", "audience": "vips" } ] }
            """));
        Assert.True(needs.Orders && needs.Attributes && needs.Bodies && needs.Products);
        Assert.Equal(
            ["addToCart", "completeCheckout", "openCart", "removeFromCart", "shoppingCartView", "startCheckout"],
            needs.Kinds.Order(StringComparer.Ordinal));
        Assert.Equal([Reading.Newsletter], needs.Segments);
        Assert.Equal([Reading.Vips], needs.Audiences);
    }

    [Fact]
    public void Every_example_of_a_node_kind_can_be_read()
    {
        foreach (var kind in ConditionJson.Kinds)
        {
            var errors = new List<ProblemError>();
            var context = new ConditionContext(_ => Reading.Newsletter, _ => Reading.Vips);
            if ((kind.UsableIn & context.Root) == 0)
                context = context with { Root = kind.UsableIn };
            Assert.NotNull(ConditionJson.Parse(ConditionJson.ReadText(kind.Example), "$", context, errors));
        }
    }

    [Fact]
    public void Every_field_can_be_found_and_asked_with_each_of_its_operators()
    {
        Assert.Distinct(FieldCatalogue.All.Select(f => f.Name));
        foreach (var description in FieldCatalogue.All)
        {
            var name = description.Name.Replace("<part>", "city", StringComparison.Ordinal).Replace("<name>", "x", StringComparison.Ordinal)
                .Replace("<path>", "a.b", StringComparison.Ordinal).Replace("<purpose>", "collect", StringComparison.Ordinal);
            var field = FieldCatalogue.Find(name);
            Assert.Same(description, field?.Description);
            foreach (var op in description.Operators)
                AssertReadable(field!, Operators.Of(op));
        }
    }

    private static void AssertReadable(Field field, OperatorDescription op)
    {
        var value = op.Takes switch
        {
            OperandKind.None => "",
            OperandKind.Duration => ", \"value\": \"P1D\"",
            OperandKind.Instant => ", \"value\": \"2026-06-15\"",
            OperandKind.List => ", \"value\": \"1,2\"",
            _ when field.Description.Type == FieldType.Truth => ", \"value\": true",
            _ when field.Description.Type is FieldType.Instant or FieldType.Date => ", \"value\": \"2026-06-15T08:00:00Z\"",
            _ => ", \"value\": 7",
        };
        var errors = new List<ProblemError>();
        var context = Reading.Context with { Root = field.Description.UsableIn };
        var json = ConditionJson.ReadText($$"""{ "type": "compare", "field": "{{field.Name}}", "operator": "{{op.Name}}"{{value}} }""");
        var condition = ConditionJson.Parse(json, "$", context, errors);
        Assert.Empty(errors);
        // Nothing is known: only negative operators and missing hold, and nothing throws.
        condition!.Judge(new FactsBuilder().Build(), DateTimeOffset.UnixEpoch);
    }

    private static string Nested(int groups) =>
        string.Concat(Enumerable.Repeat("""{ "type": "group", "match": "all", "of": [""", groups))
        + """{ "type": "group", "match": "all", "of": [] }"""
        + string.Concat(Enumerable.Repeat("] }", groups));
}
