using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>What is summed over lines.</summary>
public enum TotalMeasure
{
    Quantity,

    /// <summary>Line totals, without tax where that is known apart.</summary>
    Amount,

    /// <summary>Line totals with tax; only of a cart being decided.</summary>
    AmountInclTax,
}

/// <summary>Quantity or amount over the product lines that satisfy a condition. No such line: 0.</summary>
/// <param name="Measure">What is summed.</param>
/// <param name="Currency">For amounts; null = the website's. Lines in another currency are left out.</param>
public sealed record ItemsTotal(Over Over, Condition? Of, TotalMeasure Measure, Operator Operator, decimal Value, string? Currency) : Condition
{
    private static readonly string[] Words = ["quantity", "amount", "amountInclTax"];

    internal static readonly NodeKind Kind = new()
    {
        Type = "itemsTotal",
        UsableIn = FieldScope.Profile | FieldScope.Event | FieldScope.Order | FieldScope.Cart,
        Description = "The quantity or amount summed over the lines that satisfy of (all lines without it), compared with a number; 0 when there is none. In cart rules also amountInclTax; a bundle counts there with its matching children, any other composite line once.",
        Example = """{ "type": "itemsTotal", "over": "cart.items", "measure": "quantity", "operator": "atLeast", "value": 3 }""",
        Parse = Parse,
    };

    public override Verdict Evaluate(in Scope scope)
    {
        var (sum, _, changesAt) = scope.Checkout is { } checkout ? Sum(scope, checkout) : Sum(scope);
        return new Verdict(Comparison.Compare(sum, Operator, Value), changesAt);
    }

    public override Explanation Explain(in Scope scope)
    {
        var (sum, lines, _) = scope.Checkout is { } checkout ? Sum(scope, checkout) : Sum(scope);
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

        json.WriteString("measure", Words[(int)Measure]);
        if (Currency is not null)
            json.WriteString("currency", Currency);
        json.WriteString("operator", Operators.Of(Operator).Name);
        json.WriteNumber("value", Value);
        json.WriteEndObject();
    }

    internal override string Describe() =>
        $"total {Words[(int)Measure]} of {Lines.Word(Over)}{(Of is null ? "" : $" with {Of.Describe()}")} {Operators.Of(Operator).Words} {FieldValues.Show(new FieldValue.Number(Value))}";

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

            if (Measure != TotalMeasure.Quantity && !string.Equals(LineCurrency(inside) ?? own, Currency ?? own, StringComparison.OrdinalIgnoreCase))
                continue;
            count++;
            sum += FieldValues.Bounded(Measure == TotalMeasure.Quantity ? lines[i].Quantity ?? 1 : lines[i].Total ?? 0);
        }

        return (sum, count, changesAt);
    }

    private (decimal Sum, int Lines, DateTimeOffset? ChangesAt) Sum(in Scope scope, Checkout checkout)
    {
        var own = scope.Moment.Website.Currency;
        decimal sum = 0;
        var count = 0;
        DateTimeOffset? changesAt = null;
        if (Measure != TotalMeasure.Quantity && !string.Equals(checkout.Currency, Currency ?? own, StringComparison.OrdinalIgnoreCase))
            return (0, 0, null);
        for (var i = 0; i < checkout.Lines.Count; i++)
        {
            var line = checkout.Lines[i];
            decimal children = 0;
            var byChild = false;
            for (var j = 0; Of is not null && j < line.Children.Count; j++)
            {
                var verdict = CompositeLines.Holds(Of, scope with { Line = line.Children[j] });
                changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
                if (!verdict.Matches)
                    continue;
                byChild = true;
                children += Measured(line.Children[j]);
            }

            if (!byChild && Of is not null)
            {
                var verdict = CompositeLines.Holds(Of, scope with { Line = line });
                changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
                if (!verdict.Matches)
                    continue;
            }

            count++;
            // Children that add up to nothing, as in a bundle of fixed price, leave it to the bundle.
            sum += byChild && line.IsBundle && children > 0 ? children : Measured(line);
        }

        return (sum, count, changesAt);
    }

    private decimal Measured(CheckoutLine line) => Measure switch
    {
        TotalMeasure.Quantity => line.Quantity,
        TotalMeasure.Amount => line.RowTotal,
        _ => line.RowTotalInclTax,
    };

    /// <summary>The line's own currency, else that of the order, event or cart it is in.</summary>
    private string? LineCurrency(in Scope line) =>
        Fields.ItemFields.Currency(line) ?? (Over == Over.Cart ? line.Moment.Cart.Currency : null);

    private static ItemsTotal? Parse(NodeReader node)
    {
        var over = Lines.Parse(node);
        var of = node.Condition("of", Lines.Inside(node.Place));
        var measure = node.Word("measure", (node.Place & FieldScope.Cart) != 0 ? Words : Words[..2], required: true);
        var comparison = node.NumericComparison();
        var currency = CompareReading.ReadCurrency(node, measure is not "quantity");
        return over is not { } lines || measure is null || comparison is not { } compared
            ? null
            : new ItemsTotal(lines, of, (TotalMeasure)Array.IndexOf(Words, measure), compared.Operator, compared.Value, currency);
    }
}
