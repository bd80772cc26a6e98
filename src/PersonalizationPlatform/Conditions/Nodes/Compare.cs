using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>Compares one field with a value.</summary>
/// <param name="Currency">For amounts: the currency they must be in; null = the website's.</param>
/// <param name="Line">For lines of a cart being decided: which parts of a composite line are looked at.</param>
public sealed record Compare(Field Field, Operator Operator, Operand Operand, string? Currency = null, LineScope Line = LineScope.Any) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "compare",
        UsableIn = (FieldScope)511,
        Description = "Compares a field with a value. For amounts, currency says which (default the website's); amounts in another count as missing. For lines of a cart being decided, scope (parent or children) says which part of a composite line; without it any part will do.",
        Example = """{ "type": "compare", "field": "profile.group", "operator": "oneOf", "value": ["2", "3"] }""",
        Parse = CompareReading.Parse,
    };

    public override Verdict Evaluate(in Scope scope) => Judge(scope, Field.Read(scope, Currency));

    public override Explanation Explain(in Scope scope)
    {
        var value = Field.Read(scope, Currency);
        var evidence = new Dictionary<string, object?>
        {
            ["field"] = Field.Name,
            ["value"] = FieldValues.Plain(value),
        };
        if (Operand is not Operand.Nothing)
            evidence["expected"] = Operand.Describe();
        if (Field.Description.Attribute is { } attribute && scope.Moment.Attribute(attribute(Field.Member)) is { } known)
        {
            evidence["source"] = known.Fact.Source;
            evidence["assertedAt"] = known.Fact.At;
        }

        return Explained("compare", Judge(scope, value), evidence);
    }

    public override void Require(Needs needs) => Field.Description.Needs?.Invoke(needs);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "compare");
        json.WriteString("field", Field.Name);
        json.WriteString("operator", Operators.Of(Operator).Name);
        if (Operand is not Operand.Nothing)
        {
            json.WritePropertyName("value");
            Operand.Write(json);
        }

        if (Currency is not null)
            json.WriteString("currency", Currency);
        if (CompositeLines.Word(Line) is { } parts)
            json.WriteString("scope", parts);
        json.WriteEndObject();
    }

    internal override string Describe() => $"{Field.Name} {Operators.Of(Operator).Words} {Operand.Describe()}".TrimEnd() + (Currency is null ? "" : $" {Currency}") +
        (CompositeLines.Word(Line) is { } parts ? $" ({parts} only)" : "");

    private Verdict Judge(in Scope scope, FieldValue? value)
    {
        // Being in no category is known of a product; an attribute that it has not is not.
        if (value is null && !scope.Moment.NegativesHoldWhenMissing && (scope.Line is not null || scope.Product is not null) && Field.Description.Lists != ListMeaning.Overlap
            && Operator is (Operator.NotEquals or Operator.NotContains or Operator.NotOneOf))
            return Verdict.False;
        return Comparison.Judge(value, Operator, Operand, Field.Description.Lists, scope.Now);
    }
}
