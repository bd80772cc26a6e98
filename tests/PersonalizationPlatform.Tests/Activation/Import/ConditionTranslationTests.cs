using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Activation.Import;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Activation.Import;

/// <summary>Conditions of Adobe Commerce, said here.</summary>
public sealed class ConditionTranslationTests
{
    private const string Never = """{"type":"group","match":"none","of":[{"type":"group","match":"all","of":[]}]}""";

    private static readonly SegmentId Known = new(new Guid("11111111-1111-1111-1111-111111111111"));

    [Theory]
    [InlineData("base_subtotal", ">=", "100.0000", """{"type":"compare","field":"cart.subtotal","operator":"atLeast","value":"100.0000"}""")]
    [InlineData("base_subtotal_with_discount", ">", "75", """{"type":"compare","field":"cart.subtotalWithDiscount","operator":"greaterThan","value":"75"}""")]
    [InlineData("base_subtotal_total_incl_tax", "<=", "75", """{"type":"compare","field":"cart.subtotalInclTax","operator":"atMost","value":"75"}""")]
    [InlineData("total_qty", "()", "2, 3;4", """{"type":"compare","field":"cart.quantity","operator":"oneOf","value":["2","3","4"]}""")]
    [InlineData("weight", "&lt;", "1", """{"type":"compare","field":"cart.weight","operator":"lessThan","value":"1"}""")]
    [InlineData("payment_method", "==", "checkmo", """{"type":"compare","field":"cart.paymentMethod","operator":"equals","value":"checkmo"}""")]
    [InlineData("shipping_method", "!()", "a,b", """{"type":"compare","field":"cart.shippingMethod","operator":"notOneOf","value":["a","b"]}""")]
    [InlineData("postcode", "{}", "78,79", """{"type":"compare","field":"cart.address.postalCode","operator":"contains","value":"78,79"}""")]
    [InlineData("region", "<=>", "", """{"type":"compare","field":"cart.address.region","operator":"missing"}""")]
    [InlineData("region_id", "==", "12", """{"type":"compare","field":"cart.address.regionId","operator":"equals","value":"12"}""")]
    [InlineData("country_id", "!=", "US", """{"type":"compare","field":"cart.address.country","operator":"notEquals","value":"US"}""")]
    [InlineData("country_id", "==", "", """{"type":"compare","field":"cart.address.country","operator":"missing"}""")]
    [InlineData("country_id", "()", " , ", Never)]
    [InlineData("country_id", "!()", "", """{"type":"group","match":"all","of":[]}""")]
    public void A_cart_attribute_is_said(string attribute, string op, string value, string expected) =>
        Assert.Equal(expected, Cart(Leaf("Address", attribute, op, value), complete: true));

    [Theory]
    [InlineData("sku", "==", "24-MB03,24-MB04", """{"type":"compare","field":"item.sku","operator":"equals","value":"24-MB03,24-MB04"}""")]
    [InlineData("sku", "()", "24-MB03,24-MB04", """{"type":"compare","field":"item.sku","operator":"oneOf","value":["24-MB03","24-MB04"]}""")]
    [InlineData("children::sku", "!=", "shirt-red", """{"type":"compare","field":"item.sku","operator":"notEquals","value":"shirt-red","scope":"children"}""")]
    [InlineData("default::sku", "==", "shirt", """{"type":"compare","field":"item.sku","operator":"equals","value":"shirt"}""")]
    [InlineData("parent::sku", "==", "shirt", """{"type":"compare","field":"item.sku","operator":"equals","value":"shirt","scope":"parent"}""")]
    [InlineData("quote_item_price", ">", "9.99", """{"type":"compare","field":"item.price","operator":"greaterThan","value":"9.99"}""")]
    [InlineData("quote_item_qty", ">=", "3", """{"type":"compare","field":"item.quantity","operator":"atLeast","value":"3"}""")]
    [InlineData("quote_item_row_total", "<", "3", """{"type":"compare","field":"item.rowTotal","operator":"lessThan","value":"3"}""")]
    [InlineData("category_ids", "==", "3, 5", """{"type":"compare","field":"item.categories","operator":"equals","value":["3","5"]}""")]
    [InlineData("category_ids", "!{}", "3", """{"type":"compare","field":"item.categories","operator":"notContains","value":["3"]}""")]
    [InlineData("type_id", "==", "bundle", """{"type":"compare","field":"item.type","operator":"equals","value":"bundle"}""")]
    [InlineData("attribute_set_id", "==", "4", """{"type":"compare","field":"item.attributes.attribute_set_id","operator":"equals","value":"4"}""")]
    [InlineData("colour", "{}", "12,13", """{"type":"compare","field":"item.attributes.colour","operator":"contains","value":["12","13"]}""")]
    [InlineData("colour", "==", "12,13", """{"type":"compare","field":"item.attributes.colour","operator":"equals","value":"12,13"}""")]
    [InlineData("slogan", "{}", "big, bold", """{"type":"compare","field":"item.attributes.slogan","operator":"contains","value":"big, bold"}""")]
    public void A_product_attribute_is_said(string attribute, string op, string value, string expected) =>
        Assert.Equal(expected, Lines(Leaf("Product", attribute, op, value), complete: true));

    [Theory]
    [InlineData("all", "1", "all")]
    [InlineData("any", "1", "any")]
    [InlineData("all", "0", "none")]
    [InlineData("any", "0", "notAll")]
    [InlineData("all", "", "none")]
    public void A_combination_is_a_group(string aggregator, string value, string match) => Assert.Equal(
        $$"""{"type":"group","match":"{{match}}","of":[{"type":"compare","field":"cart.quantity","operator":"equals","value":"2"}]}""",
        Cart($$"""{"condition_type":"X\\Combine","aggregator_type":"{{aggregator}}","value":"{{value}}","conditions":[{{Leaf("Address", "total_qty", "==", "2")}}]}""", complete: true));

    [Fact]
    public void Found_and_not_found_look_for_one_line()
    {
        var inner = $$"""
            "aggregator_type":"any","conditions":[{{Leaf("Product", "sku", "==", "a")}}]
            """;
        const string Any = """{"type":"anyItem","of":{"type":"group","match":"any","of":[{"type":"compare","field":"item.sku","operator":"equals","value":"a"}]}}""";
        Assert.Equal(Any, Cart($$"""{"condition_type":"Vendor\\Product\\Found","value":"1",{{inner}}}""", complete: true));
        Assert.Equal($$"""{"type":"group","match":"none","of":[{{Any}}]}""", Cart($$"""{"condition_type":"Vendor\\Product\\Found","value":0,{{inner}}}""", complete: true));
    }

    [Fact]
    public void A_subselection_sums_and_never_matches_without_conditions()
    {
        var line = Leaf("Product", "sku", "==", "a");
        Assert.Equal(
            """{"type":"itemsTotal","of":{"type":"group","match":"all","of":[{"type":"compare","field":"item.sku","operator":"equals","value":"a"}]},"measure":"amountInclTax","operator":"atLeast","value":"50"}""",
            Cart($$"""{"condition_type":"Product\\Subselect","attribute_name":"base_row_total_incl_tax","operator":">=","value":"50","conditions":[{{line}}]}""", complete: true));
        Assert.Equal(Never, Cart("""{"condition_type":"Product\\Subselect","attribute_name":"qty","operator":"<","value":"50","conditions":[]}""", complete: true));
    }

    [Theory]
    [InlineData("==", "5", """{"type":"inSegment","segment":"11111111-1111-1111-1111-111111111111"}""", 0)]
    [InlineData("()", "5,6", """{"type":"group","match":"any","of":[{"type":"inSegment","segment":"11111111-1111-1111-1111-111111111111"},{"type":"inSegment","external":"6"}]}""", 1)]
    [InlineData("!=", "6", """{"type":"group","match":"none","of":[{"type":"inSegment","external":"6"}]}""", 1)]
    public void Segments_are_named_by_what_is_known_of_them(string op, string value, string expected, int notes)
    {
        var said = new List<ImportNote>();
        Assert.Equal(expected, Cart(Leaf("Segment", "segment_id", op, value), complete: true, said));
        Assert.Equal(notes, said.Count);
        Assert.All(said, note => Assert.Equal(("segment.unknown", "$.condition.value"), (note.Code, note.Path)));
    }

    [Theory]
    [InlineData("""{"condition_type":"Vendor\\Weather","operator":"==","value":"sunny"}""", "condition.unknownType", "$.condition.condition_type")]
    [InlineData("""{"condition_type":"Address","attribute_name":"moon","operator":"==","value":"1"}""", "condition.unknownAttribute", "$.condition.attribute_name")]
    [InlineData("""{"condition_type":"Address","attribute_name":"total_qty","operator":"~","value":"1"}""", "condition.unknownOperator", "$.condition.operator")]
    [InlineData("""{"condition_type":"Address","attribute_name":"total_qty","operator":"{}","value":"1"}""", "condition.unknownOperator", "$.condition")]
    [InlineData("""{"condition_type":"Address","attribute_name":"total_qty","operator":">","value":"many"}""", "condition.wrongType", "$.condition")]
    [InlineData("""{"condition_type":"Product","attribute_name":"sku","operator":"==","value":"a"}""", "condition.notHere", "$.condition.condition_type")]
    [InlineData("""{"condition_type":"Combine","aggregator_type":"most","conditions":[{}]}""", "condition.unknownAggregator", "$.condition.aggregator_type")]
    [InlineData("""{"condition_type":"Combine","value":"perhaps","conditions":[{}]}""", "condition.wrongType", "$.condition.value")]
    [InlineData("""{"condition_type":"Combine","conditions":[7]}""", "condition.wrongType", "$.condition.conditions[0]")]
    public void What_cannot_be_said_never_matches_and_is_told(string condition, string code, string path)
    {
        var notes = new List<ImportNote>();
        var said = Cart(condition, complete: false, notes);
        Assert.Contains(Never, said, StringComparison.Ordinal);
        Assert.Equal((code, path), (notes[0].Code, notes[0].Path));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"condition_type":"Magento\\SalesRule\\Model\\Rule\\Condition\\Combine","aggregator_type":"all","value":"0","conditions":[]}""")]
    public void Nothing_is_always(string condition) => Assert.Equal("", Cart(condition, complete: true));

    private static string Leaf(string type, string attribute, string op, string value) => new JsonObject
    {
        ["condition_type"] = @"Magento\SalesRule\Model\Rule\Condition\" + type,
        ["attribute_name"] = attribute,
        ["operator"] = op,
        ["value"] = value,
    }.ToJsonString();

    private static string Cart(string condition, bool complete, List<ImportNote>? notes = null) => Say(condition, FieldScope.Cart, complete, notes ?? []);

    private static string Lines(string condition, bool complete) => Say(condition, FieldScope.CartLine, complete, []);

    private static string Say(string condition, FieldScope place, bool complete, List<ImportNote> notes)
    {
        var references = new ImportReferences(new Dictionary<string, SegmentId> { ["5"] = Known }, new Dictionary<string, AudienceId>());
        var translation = new ConditionTranslation(references, notes);
        using var json = JsonDocument.Parse(condition);
        var path = new JsonPath(null, "$.condition", -1);
        JsonElement? given = json.RootElement.ValueKind == JsonValueKind.Null ? null : json.RootElement;
        var said = place == FieldScope.Cart ? translation.OfCart(given, path) : translation.OfLines(given, path);
        Assert.True(complete == translation.IsComplete, string.Join('\n', notes));
        if (said is not { } tree)
            return "";
        var errors = new List<ProblemError>();
        ConditionJson.Parse(tree, "$", new ConditionContext(_ => Known, _ => null) { Root = place }, errors);
        Assert.Empty(errors);
        return tree.GetRawText();
    }
}
