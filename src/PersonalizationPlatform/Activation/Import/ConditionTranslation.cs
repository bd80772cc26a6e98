using System.Buffers;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>
/// Says the condition trees of Adobe Commerce's sales rules in the language of this platform. The last part of the class in
/// <c>condition_type</c> decides what a node is. What cannot be said never matches and is noted; the rule must then not go live.
/// </summary>
internal sealed class ConditionTranslation(ImportReferences references, List<ImportNote> notes)
{
    /// <summary>Nodes on the way down. Each becomes up to three of ours, so this stays well within what a condition may nest.</summary>
    internal const int MaxDepth = 300;

    /// <summary>The scope of an attribute condition that says nothing of one.</summary>
    private const string DefaultScope = "default";

    /// <summary>Whether everything was carried over with its meaning.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The conditions of a rule; null = always.</summary>
    public JsonElement? OfCart(JsonElement? json, JsonPath path) => Root(json, path, FieldScope.Cart);

    /// <summary>The action conditions of a rule; null = every line.</summary>
    public JsonElement? OfLines(JsonElement? json, JsonPath path) => Root(json, path, FieldScope.CartLine);

    private JsonElement? Root(JsonElement? json, JsonPath path, FieldScope place)
    {
        if (json is not { } root || AdobeValue.IsNothing(root))
            return null;
        if (root.ValueKind == JsonValueKind.Object && Kind(root) == "Combine" && AdobeValue.IsNothing(AdobeValue.Member(root, "conditions")))
            return null;
        return Element(Node(root, path, place, 1));
    }

    private JsonObject Node(JsonElement json, JsonPath path, FieldScope place, int depth)
    {
        if (depth > MaxDepth)
            throw ProblemException.Invalid("condition.tooDeep", $"Conditions nest at most {MaxDepth} deep here.");
        if (json.ValueKind != JsonValueKind.Object)
            return Lost(path, "condition.wrongType", "A condition is an object.");
        var kind = Kind(json);
        var inCart = place == FieldScope.Cart;
        return kind switch
        {
            "Combine" => Combine(json, path, place, depth),
            "Found" when inCart => Found(json, path, depth),
            "Subselect" when inCart => Subselect(json, path, depth),
            "Address" when inCart => Address(json, path),
            "Segment" when inCart => Members(json, path, "inSegment", "segment", id => references.Segments.TryGetValue(id, out var known) ? known.Value : null),
            "Product" when !inCart => Product(json, path),
            _ when kind.EndsWith("Audience", StringComparison.Ordinal) && inCart =>
                Members(json, path, "inAudience", "audience", id => references.Audiences.TryGetValue(id, out var known) ? known.Value : null),
            "" => Lost(path.Member("condition_type"), "condition.missingType", "condition_type is missing."),
            "Found" or "Subselect" or "Address" or "Segment" or "Product" =>
                Lost(path.Member("condition_type"), "condition.notHere", $"A {kind} condition does not stand here in Adobe Commerce, so what it would mean is not known."),
            var unknown => Lost(path.Member("condition_type"), "condition.unknownType", $"There is no counterpart of the condition {ConditionJson.Shorten(unknown ?? "")}."),
        };
    }

    private JsonObject Combine(JsonElement json, JsonPath path, FieldScope place, int depth)
    {
        if (Match(json, path, Wanted(json, path)) is not { } match)
            return Never();
        return Group(match, Inside(json, path, place, depth));
    }

    private JsonObject Found(JsonElement json, JsonPath path, int depth)
    {
        if (Match(json, path, wanted: true) is not { } match || Wanted(json, path) is not { } found)
            return Never();
        var any = new JsonObject { ["type"] = "anyItem", ["of"] = Group(match, Inside(json, path, FieldScope.CartLine, depth)) };
        return found ? any : Group("none", [any]);
    }

    private JsonObject Subselect(JsonElement json, JsonPath path, int depth)
    {
        var attribute = Attribute(json);
        var measure = attribute switch
        {
            "qty" => "quantity",
            "base_row_total" => "amount",
            "base_row_total_incl_tax" => "amountInclTax",
            _ => null,
        };
        if (measure is null)
            return Lost(path.Member("attribute_name"), "condition.unknownAttribute", $"A subselection cannot sum {ConditionJson.Shorten(attribute)}.");
        if (Match(json, path, wanted: true) is not { } match)
            return Never();
        var inside = Inside(json, path, FieldScope.CartLine, depth);
        // Adobe Commerce never matches a subselection without conditions.
        if (inside.Count == 0)
            return Never();
        var of = Group(match, inside);
        JsonObject Total(string op, string value) => new()
        {
            ["type"] = "itemsTotal",
            ["of"] = of.DeepClone(),
            ["measure"] = measure,
            ["operator"] = op,
            ["value"] = value,
        };
        var op = Sign(json);
        if (op is "()" or "!()")
            return Group(op == "()" ? "any" : "none", [.. AdobeValue.Texts(AdobeValue.Member(json, "value")).Select(value => Checked(Total("equals", value), path, FieldScope.Cart))]);
        return LeafOperators.Word(op) is { } word
            ? Checked(Total(word, AdobeValue.Scalar(AdobeValue.Member(json, "value")) ?? ""), path, FieldScope.Cart)
            : Lost(path.Member("operator"), "condition.unknownOperator", $"There is no operator {ConditionJson.Shorten(op)}.");
    }

    private JsonObject Address(JsonElement json, JsonPath path)
    {
        var attribute = Attribute(json);
        return LeafFields.OfCart(attribute) is { } field
            ? Compare(json, path, field, null, FieldScope.Cart)
            : Lost(path.Member("attribute_name"), "condition.unknownAttribute", $"There is no counterpart of the cart attribute {ConditionJson.Shorten(attribute)}.");
    }

    private JsonObject Product(JsonElement json, JsonPath path)
    {
        var attribute = Attribute(json);
        var extension = AdobeValue.Member(json, "extension_attributes") ?? default;
        var scope = AdobeValue.Text(AdobeValue.Member(extension, "attribute_scope")) ?? AdobeValue.Text(AdobeValue.Member(json, "attribute_scope"));
        var colons = attribute.IndexOf("::", StringComparison.Ordinal);
        if (colons >= 0)
            (scope, attribute) = (attribute[..colons], attribute[(colons + 2)..]);
        if (string.IsNullOrEmpty(attribute))
            return Lost(path.Member("attribute_name"), "condition.unknownAttribute", "attribute_name is missing.");
        if (scope is not (null or "" or DefaultScope or "parent" or "children"))
            return Lost(path.Member("extension_attributes"), "condition.unknownScope", $"The scope of an attribute is parent or children, not {ConditionJson.Shorten(scope!)}.");
        return Compare(json, path, LeafFields.OfLine(attribute), scope is "" or DefaultScope ? null : scope, FieldScope.CartLine);
    }

    private JsonObject Compare(JsonElement json, JsonPath path, LeafField field, string? scope, FieldScope place)
    {
        var op = Sign(json);
        if (LeafOperators.Word(op) is not { } word)
            return Lost(path.Member("operator"), "condition.unknownOperator", $"There is no operator {ConditionJson.Shorten(op)}.");
        if (AdobeValue.Elements(AdobeValue.Member(json, "value"))?.Any(element => element.ValueKind is JsonValueKind.Array or JsonValueKind.Object) == true)
            return Lost(path.Member("value"), "condition.wrongType", "A value is a text, or a list of them.");
        var (said, value) = LeafOperators.Say(word, AdobeValue.Member(json, "value"), field);
        if (said is "never" or "always")
            return said == "never" ? Never() : Group("all", []);
        var leaf = new JsonObject { ["type"] = "compare", ["field"] = field.Name, ["operator"] = said };
        if (value is not null)
            leaf["value"] = value;
        if (scope is not null)
            leaf["scope"] = scope;
        return Checked(leaf, path, place);
    }

    private JsonObject Members(JsonElement json, JsonPath path, string type, string member, Func<string, Guid?> find)
    {
        var op = Sign(json);
        if (op is not ("==" or "!=" or "()" or "!()" or "{}" or "!{}"))
            return Lost(path.Member("operator"), "condition.unknownOperator", $"A {member} condition knows no operator {ConditionJson.Shorten(op)}.");
        var of = new List<JsonObject>();
        foreach (var id in AdobeValue.Texts(AdobeValue.Member(json, "value")))
        {
            if (find(id) is { } known)
            {
                of.Add(new() { ["type"] = type, [member] = known.ToString() });
                continue;
            }

            of.Add(new() { ["type"] = type, ["external"] = id });
            notes.Add(new(
                member + ".unknown", $"No {member} here has the external id {ConditionJson.Shorten(id)}. The id is kept: nobody is in it, except shoppers for whom a decision names it.",
                path.Member("value").ToString()));
        }

        if (of.Count == 0)
            return Lost(path.Member("value"), "condition.missingValue", $"The condition names no {member}.");
        return op[0] == '!' ? Group("none", of) : of.Count == 1 ? of[0] : Group("any", of);
    }

    private List<JsonObject> Inside(JsonElement json, JsonPath path, FieldScope place, int depth)
    {
        var here = path.Member("conditions");
        if (AdobeValue.Member(json, "conditions") is not { } conditions || AdobeValue.IsNothing(conditions))
            return [];
        if (conditions.ValueKind == JsonValueKind.Array)
            return [.. conditions.EnumerateArray().Select((child, i) => Node(child, here.Element(i), place, depth + 1))];
        // PHP writes a list with a gap in it as an object.
        if (conditions.ValueKind == JsonValueKind.Object && conditions.EnumerateObject().All(child => child.Value.ValueKind == JsonValueKind.Object))
            return [.. conditions.EnumerateObject().Select(child => Node(child.Value, here.Member(child.Name), place, depth + 1))];
        return [Lost(here, "condition.wrongType", "The conditions of a combination are a list.")];
    }

    /// <summary>TRUE or FALSE of a combination, FOUND or NOT FOUND; null, noted, when it is neither.</summary>
    private bool? Wanted(JsonElement json, JsonPath path)
    {
        var value = AdobeValue.Member(json, "value");
        // To PHP an empty text is false; a combination that does not say is one that wants truth.
        if (value is { ValueKind: JsonValueKind.String } text && text.ValueEquals(""))
            return false;
        var wanted = AdobeValue.Truth(value, out var wrong);
        if (!wrong)
            return wanted ?? true;
        Lost(path.Member("value"), "condition.wrongType", "The value of a combination is 1 or 0.");
        return null;
    }

    private string? Match(JsonElement json, JsonPath path, bool? wanted)
    {
        var aggregator = AdobeValue.Text(AdobeValue.Member(json, "aggregator_type")) ?? AdobeValue.Text(AdobeValue.Member(json, "aggregator"));
        if (wanted is null)
            return null;
        switch (aggregator?.Trim().ToLowerInvariant())
        {
            case null or "" or "all":
                return wanted.Value ? "all" : "none";
            case "any":
                return wanted.Value ? "any" : "notAll";
            default:
                Lost(path.Member("aggregator_type"), "condition.unknownAggregator", $"A combination matches all or any, not {ConditionJson.Shorten(aggregator!)}.");
                return null;
        }
    }

    /// <summary>The leaf, if this platform can read it with the same meaning.</summary>
    private JsonObject Checked(JsonObject leaf, JsonPath path, FieldScope place)
    {
        var errors = new List<ProblemError>();
        var context = new ConditionContext(static _ => default(SegmentId), static _ => default(AudienceId)) { Root = place };
        ConditionJson.Parse(Element(leaf), "$", context, errors);
        return errors.Count == 0 ? leaf : Lost(path, errors[0].Code, errors[0].Detail);
    }

    private JsonObject Lost(JsonPath path, string code, string detail)
    {
        IsComplete = false;
        notes.Add(new(code, detail + " It is left out.", path.ToString()));
        return Never();
    }

    private static string Kind(JsonElement json)
    {
        var type = AdobeValue.Text(AdobeValue.Member(json, "condition_type")) ?? AdobeValue.Text(AdobeValue.Member(json, "type")) ?? "";
        return type[(type.LastIndexOfAny(['\\', '/']) + 1)..];
    }

    private static string Attribute(JsonElement json) =>
        AdobeValue.Text(AdobeValue.Member(json, "attribute_name")) ?? AdobeValue.Text(AdobeValue.Member(json, "attribute")) ?? "";

    private static string Sign(JsonElement json)
    {
        var sign = WebUtility.HtmlDecode(AdobeValue.Text(AdobeValue.Member(json, "operator")) ?? "").Trim();
        return sign.Length == 0 ? "==" : sign;
    }

    private static JsonObject Group(string match, List<JsonObject> of) => new() { ["type"] = "group", ["match"] = match, ["of"] = new JsonArray([.. of]) };

    private static JsonObject Never() => Group("none", [Group("all", [])]);

    private static JsonElement Element(JsonObject node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { MaxDepth = ConditionJson.MaxJsonDepth }))
            node.WriteTo(json);
        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = ConditionJson.MaxJsonDepth });
        return document.RootElement.Clone();
    }
}
