using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>Quantity or amount over the product lines that satisfy a condition. No such line: 0.</summary>
/// <param name="OfAmount">Whether line totals are summed rather than quantities.</param>
/// <param name="Currency">For amounts; null = the website's. Lines in another currency are left out.</param>
public sealed record ItemsTotal(Over Over, Condition? Of, bool OfAmount, Operator Operator, decimal Value, string? Currency) : Condition
{
    internal static readonly NodeKind Kind = new()
    {
        Type = "itemsTotal",
        UsableIn = FieldScope.Profile | FieldScope.Event | FieldScope.Order | FieldScope.Cart,
        Description = "The quantity or amount summed over the lines that satisfy of (all lines without it), compared with a number; 0 when there is none.",
        Example = """{ "type": "itemsTotal", "over": "cart.items", "measure": "quantity", "operator": "atLeast", "value": 3 }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope)
    {
        var (sum, _, changesAt) = Sum(scope);
        return new Verdict(Comparison.Compare(sum, Operator, Value), changesAt);
    }

    public override Explanation Explain(in Scope scope)
    {
        var (sum, lines, _) = Sum(scope);
        return Explained("itemsTotal", Evaluate(scope), new Dictionary<string, object?> { ["total"] = sum, ["lines"] = lines, ["expected"] = Value });
    }

    public override void Require(Needs needs)
    {
        Lines.Require(needs, Over);
        Of?.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "itemsTotal");
        if (Over != Over.Items)
            json.WriteString("over", Lines.Word(Over));
        if (Of is not null)
        {
            json.WritePropertyName("of");
            Of.Write(json);
        }

        json.WriteString("measure", OfAmount ? "amount" : "quantity");
        if (Currency is not null)
            json.WriteString("currency", Currency);
        json.WriteString("operator", Operators.Of(Operator).Name);
        json.WriteNumber("value", Value);
        json.WriteEndObject();
    }

    internal override string Describe() =>
        $"total {(OfAmount ? "amount" : "quantity")} of {Lines.Word(Over)}{(Of is null ? "" : $" with {Of.Describe()}")} {Operators.Of(Operator).Words} {FieldValues.Show(new FieldValue.Number(Value))}";

    private (decimal Sum, int Lines, DateTimeOffset? ChangesAt) Sum(in Scope scope)
    {
        var lines = Lines.In(scope, Over);
        var own = scope.Moment.Website.Currency;
        decimal sum = 0;
        var count = 0;
        DateTimeOffset? changesAt = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var inside = Lines.Enter(scope, Over, lines[i]);
            if (Of is not null)
            {
                var verdict = Of.Evaluate(inside);
                changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
                if (!verdict.Matches)
                    continue;
            }

            if (OfAmount && !string.Equals(LineCurrency(inside) ?? own, Currency ?? own, StringComparison.OrdinalIgnoreCase))
                continue;
            count++;
            sum += FieldValues.Bounded(OfAmount ? lines[i].Total ?? 0 : lines[i].Quantity ?? 1);
        }

        return (sum, count, changesAt);
    }

    /// <summary>The line's own currency, else that of the order, event or cart it is in.</summary>
    private string? LineCurrency(in Scope line) =>
        Fields.ItemFields.Currency(line) ?? (Over == Over.Cart ? line.Moment.Cart.Currency : null);

    private static ItemsTotal? Parse(NodeReader node)
    {
        var over = Lines.Parse(node);
        var of = node.Condition("of", Lines.Inside(node.Place));
        var measure = node.Word("measure", ["quantity", "amount"], required: true);
        var comparison = node.NumericComparison();
        var currency = CompareReading.ReadCurrency(node, measure == "amount");
        return over is not { } lines || measure is null || comparison is not { } compared
            ? null
            : new ItemsTotal(lines, of, measure == "amount", compared.Operator, compared.Value, currency);
    }
}
