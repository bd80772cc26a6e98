using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>
/// Compares a candidate with the product being viewed: the same field of both, the candidate's price with a percentage of the viewed
/// one, or the candidate's categories with those below the viewed product's.
/// </summary>
/// <param name="Field">A field of products; of categories only a product's own count, not those that contain them.</param>
/// <param name="ChildCategories">Whether the candidate must stand in a category below one of the viewed product's.</param>
/// <param name="Percent">For prices: compared is with so much per cent of the viewed product's.</param>
public sealed record CompareWithViewed(Field Field, Operator Operator, bool ChildCategories = false, decimal? Percent = null) : Condition
{
    internal const string Categories = "product.categories";
    internal const string Price = "product.price";
    private const string Children = "childCategories";
    private const decimal MaxPercent = 1_000_000;

    private static readonly Operator[] Usable =
    [
        Operator.Equals, Operator.NotEquals, Operator.GreaterThan, Operator.AtLeast, Operator.LessThan, Operator.AtMost,
        Operator.Contains, Operator.NotContains, Operator.OneOf, Operator.NotOneOf,
    ];

    internal static readonly NodeKind Kind = new()
    {
        Type = "compareWithViewed",
        UsableIn = FieldScope.Candidate,
        Description = "Compares a product to display with the one being viewed: the same field of both; with percent, the price with so much per cent of the viewed price; with \"of\": \"childCategories\", whether it stands in a category below one of the viewed product's.",
        Example = """{ "type": "compareWithViewed", "field": "product.attributes.brand", "operator": "equals" }""",
        Parse = Parse,
    };

    private bool IsNegative => Operator is Operator.NotEquals or Operator.NotContains or Operator.NotOneOf;

    public override Verdict Evaluate(in Scope scope) => Judge(ReadCandidate(scope), OperandFor(scope), scope.Now);

    public override Explanation Explain(in Scope scope)
    {
        var value = ReadCandidate(scope);
        var operand = OperandFor(scope);
        var evidence = new Dictionary<string, object?> { ["field"] = Field.Name, ["value"] = FieldValues.Plain(value), ["expected"] = operand?.Describe() };
        return Explained("compareWithViewed", Judge(value, operand, scope.Now), evidence);
    }

    public override void Require(Needs needs) => Field.Description.Needs?.Invoke(needs);

    /// <summary>What the candidate has.</summary>
    internal FieldValue? ReadCandidate(in Scope scope)
    {
        if (Field.Name != Categories)
            return Field.Read(scope, null);
        return scope.Product is not { } product ? null : FieldValues.Of(ChildCategories ? product.ContainingCategories : product.OwnCategories);
    }

    /// <summary>What the viewed product has, as something to compare with; null when it has nothing, or nothing of this kind.</summary>
    internal Operand? OperandFor(in Scope scope)
    {
        if (scope.Viewed is not { } viewed)
            return null;
        var value = Field.Name == Categories ? FieldValues.Of(viewed.OwnCategories) : Field.Read(scope with { Product = viewed }, null);
        if (Percent is { } percent)
            value = value is not null && FieldValues.TryNumber(value, out var price) ? new FieldValue.Number(FieldValues.Bounded(price) * percent / 100) : null;
        return value switch
        {
            null => null,
            // Nothing is greater than several things at once.
            FieldValue.Many when Operator is Operator.GreaterThan or Operator.AtLeast or Operator.LessThan or Operator.AtMost => null,
            FieldValue.Many many => new Operand.Values(many.Values, true),
            _ => new Operand.Values([value], false),
        };
    }

    /// <summary>A viewed product without the value is equal to none: negative operators hold, positive ones do not.</summary>
    internal Verdict Judge(FieldValue? value, Operand? operand, DateTimeOffset now) =>
        operand is null ? (IsNegative ? Verdict.True : Verdict.False) : Comparison.Judge(value, Operator, operand, Field.Description.Lists, now);

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "compareWithViewed");
        json.WriteString("field", Field.Name);
        json.WriteString("operator", Operators.Of(Operator).Name);
        if (ChildCategories)
            json.WriteString("of", Children);
        if (Percent is { } percent)
            json.WriteNumber("percent", percent);
        json.WriteEndObject();
    }

    internal override string Describe() =>
        $"{Field.Name} {Operators.Of(Operator).Words} {(ChildCategories ? "below the categories" : Percent is { } percent ? $"{percent:0.####} % of that" : "that")} of the viewed product";

    private static CompareWithViewed? Parse(NodeReader node)
    {
        var field = CompareReading.ReadField(node, "field");
        var usable = Usable.Where(op => field?.Description.Operators.Contains(op) != false).Select(op => Operators.Of(op).Name).ToList();
        var op = node.Word("operator", usable, required: true);
        var of = node.Word("of", [Children]);
        var percent = node.Number("percent");
        if (field is null || op is null)
            return null;
        if (of is not null && field.Name != Categories)
            node.Fail("of", "condition.contradictory", $"Only {Categories} can be compared with child categories.");
        if (percent is not null && field.Name != Price)
            node.Fail("percent", "condition.contradictory", $"Only {Price} can be compared with a percentage.");
        else if (percent is < 0 or > MaxPercent)
            node.Fail("percent", "condition.wrongType", $"percent is a number from 0 to {MaxPercent}.");
        return new(field, Operators.Find(op)!.Operator, of is not null, percent);
    }
}
