using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>What is calculated over the occurrences of an event.</summary>
public enum Calculation
{
    Sum,
    Average,
    Min,
    Max,
    Distinct,
    Count,
}

/// <summary>A sum, average, smallest, largest, number of different values or count over an event's occurrences, compared with a number.</summary>
/// <param name="Field">What is calculated with; null for count. A field of a line is taken from every line.</param>
/// <param name="Items">For fields of a line: only lines that satisfy this.</param>
/// <param name="Currency">For amounts; null = the website's. Amounts in another currency are left out.</param>
public sealed record Measure(
    EventSource Source, Calculation Calculate, Field? Field, Condition? Items, string? Currency, Period Period, Operator Operator, decimal Value) : Condition
{
    private static readonly string[] Words = ["sum", "average", "min", "max", "distinct", "count"];

    internal static readonly NodeKind Kind = new()
    {
        Type = "measure",
        UsableIn = FieldScope.Profile,
        Description = "Calculates sum, average, min, max, distinct or count of a field over an event's occurrences and compares it. Nothing sums and averages to 0; min and max of nothing satisfy only notEquals.",
        Example = """{ "type": "measure", "event": "orderPlaced", "calculate": "sum", "field": "order.total", "within": "P90D", "operator": "atLeast", "value": 200 }""",
        Parse = Parse,
    };

    private bool PerItem => Field is not null && (Field.Description.UsableIn & FieldScope.Item) != 0;

    public override Verdict Evaluate(in Scope scope)
    {
        var result = Calculated(scope);
        return new Verdict(Comparison.Compare(result.Value, Operator, Value), result.ChangesAt);
    }

    public override Explanation Explain(in Scope scope)
    {
        var result = Calculated(scope);
        var evidence = new Dictionary<string, object?>
        {
            ["calculated"] = result.Value,
            ["expected"] = Value,
            ["occurrences"] = result.Occurrences,
        };
        if (Source.TruncatedBefore(scope, Period) is { } cut)
            evidence["notReadBefore"] = cut;
        return Explained("measure", new Verdict(Comparison.Compare(result.Value, Operator, Value), result.ChangesAt), evidence);
    }

    public override void Require(Needs needs)
    {
        Source.Require(needs);
        Field?.Description.Needs?.Invoke(needs);
        Items?.Require(needs);
    }

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "measure");
        Source.Write(json);
        json.WriteString("calculate", Words[(int)Calculate]);
        if (Field is not null)
            json.WriteString("field", Field.Name);
        if (Items is not null)
        {
            json.WritePropertyName("items");
            Items.Write(json);
        }

        if (Currency is not null)
            json.WriteString("currency", Currency);
        Period.Write(json);
        json.WriteString("operator", Operators.Of(Operator).Name);
        json.WriteNumber("value", Value);
        json.WriteEndObject();
    }

    internal override string Describe() =>
        $"{Words[(int)Calculate]}{(Field is null ? "" : $" of {Field.Name}")} over {Source.Describe()}{Period.Describe()} {Operators.Of(Operator).Words} {FieldValues.Show(new FieldValue.Number(Value))}{(Currency is null ? "" : $" {Currency}")}";

    private (decimal? Value, int Occurrences, DateTimeOffset? ChangesAt) Calculated(in Scope scope)
    {
        if (Calculate == Calculation.Count && Period is Conditions.Period.Ever && Source.Unread(scope) is { } all)
            return (all.Count, (int)Math.Min(all.Count, int.MaxValue), null);
        var occurrences = Source.In(scope);
        var from = Period.ScanFrom(scope.Now);
        var tally = new Tally(Calculate);
        DateTimeOffset? changesAt = null;
        var count = 0;
        for (var i = occurrences.Count - 1; i >= 0; i--)
        {
            var at = occurrences.At(i);
            if (at <= from)
                break;
            if (!Period.Contains(at, scope.Now))
                continue;
            var fits = Source.Fits(scope, occurrences, i);
            changesAt = Verdict.Earlier(changesAt, fits.ChangesAt);
            if (!fits.Matches)
                continue;
            count++;
            changesAt = Verdict.Earlier(changesAt, Period.Changes(at, scope.Now));
            if (Field is not null)
                changesAt = Verdict.Earlier(changesAt, Add(tally, occurrences.Enter(scope, i)));
        }

        return (Calculate == Calculation.Count ? count : tally.Result, count, changesAt);
    }

    /// <summary>Adds what one occurrence has; answers when time may change which of its lines count.</summary>
    private DateTimeOffset? Add(Tally tally, in Scope occurrence)
    {
        if (!PerItem)
        {
            tally.Add(Field!.Read(occurrence, Currency));
            return null;
        }

        DateTimeOffset? changesAt = null;
        var lines = occurrence.Lines;
        for (var i = 0; i < lines.Count; i++)
        {
            var line = occurrence with { Item = lines[i] };
            if (Items is not null)
            {
                var verdict = Items.Evaluate(line);
                changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
                if (!verdict.Matches)
                    continue;
            }

            tally.Add(Field!.Read(line, Currency));
        }

        return changesAt;
    }

    private static Measure? Parse(NodeReader node)
    {
        var source = EventSource.Parse(node);
        var calculate = node.Word("calculate", Words, required: true) is { } word ? (Calculation)Array.IndexOf(Words, word) : (Calculation?)null;
        Field? field = null;
        if (calculate == Calculation.Count && node.Has("field"))
            node.Fail("field", "condition.unknownMember", "count takes no field; it counts the occurrences.");
        node.Raw("field");
        if (calculate is not null and not Calculation.Count)
            field = CompareReading.ReadField(node, "field", FieldScope.Event | FieldScope.Order | FieldScope.Item);
        if (field is not null && calculate != Calculation.Distinct && field.Description.Type is not (FieldType.Number or FieldType.Amount or FieldType.Any))
            node.Fail("field", "condition.wrongType", $"The field {field.Name} is not a number; only distinct and count work with it.");
        var items = node.Condition("items", FieldScope.Item | FieldScope.Event | FieldScope.Order);
        if (items is not null && field is not null && (field.Description.UsableIn & FieldScope.Item) == 0)
            node.Fail("items", "condition.contradictory", "items chooses lines; the field must be one of item.*.");
        else if (node.Has("items") && calculate == Calculation.Count)
            node.Fail("items", "condition.contradictory", "count counts occurrences; choose them with where.");
        var currency = CompareReading.ReadCurrency(node, field?.Description.Type == FieldType.Amount);
        var period = node.Period();
        var comparison = node.NumericComparison();
        if (source is null || calculate is not { } known || period is null || comparison is not { } compared || (field is null && known != Calculation.Count))
            return null;
        return new Measure(source, known, field, items, currency, period, compared.Operator, compared.Value);
    }

    /// <summary>The running calculation.</summary>
    private sealed class Tally(Calculation calculate)
    {
        private readonly HashSet<string>? _different = calculate == Calculation.Distinct ? new(StringComparer.OrdinalIgnoreCase) : null;
        private decimal _sum;
        private int _count;
        private decimal? _edge;

        public decimal? Result => calculate switch
        {
            Calculation.Sum => _sum,
            Calculation.Average => _count == 0 ? 0 : _sum / _count,
            Calculation.Distinct => _different!.Count,
            _ => _edge,
        };

        public void Add(FieldValue? value)
        {
            if (value is FieldValue.Many many)
            {
                foreach (var element in many.Values)
                    Add(element);
                return;
            }

            if (value is null)
                return;
            if (_different is not null)
            {
                _different.Add(FieldValues.TryNumber(value, out var same) ? FieldValues.Show(new FieldValue.Number(same)) : FieldValues.Show(value));
                return;
            }

            if (!FieldValues.TryNumber(value, out var number))
                return;
            number = FieldValues.Bounded(number);
            _sum += number;
            _count++;
            if (_edge is not { } edge || (calculate == Calculation.Min ? number < edge : number > edge))
                _edge = number;
        }
    }
}
