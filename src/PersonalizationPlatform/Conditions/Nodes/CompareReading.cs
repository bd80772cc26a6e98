using System.Text.Json;

namespace PersonalizationPlatform.Conditions.Nodes;

/// <summary>Reads a comparison: the field must exist here, know the operator, and be comparable with the value.</summary>
internal static class CompareReading
{
    public static Compare? Parse(NodeReader node)
    {
        var field = ReadField(node, "field");
        var op = ReadOperator(node, field);
        var currency = ReadCurrency(node, field?.Description.Type == FieldType.Amount);
        var line = CompositeLines.Parse(node);
        node.Raw("value");
        if (field is null || op is not { } known)
            return null;
        return ReadOperand(node, field, known) is { } operand ? new Compare(field, known.Operator, operand, currency, line) : null;
    }

    /// <summary>A field that exists and may be asked for in this place.</summary>
    public static Field? ReadField(NodeReader node, string member, FieldScope? place = null)
    {
        if (node.RequiredText(member) is not { } name)
            return null;
        var here = place ?? node.Place;
        if (FieldCatalogue.Find(name) is not { } field)
        {
            node.Fail(member, "condition.unknownField", $"There is no field {ConditionJson.Shorten(name)}.{Nearest.Hint(name, FieldCatalogue.NamesIn(here))} GET /v1/fields lists them.");
            return null;
        }

        if ((field.Description.UsableIn & here) != 0)
            return field;
        var where = field.Description.UsableIn switch
        {
            FieldScope.Event => "inside where",
            FieldScope.Order => "inside where and anyOrder",
            FieldScope.Item or (FieldScope.Item | FieldScope.CartLine) => "inside anyItem and itemsTotal",
            FieldScope.Cart => "in the conditions of cart rules",
            FieldScope.CartLine => "about a line of a cart rule's cart",
            FieldScope.Product | FieldScope.Candidate => "about products of the catalogue",
            FieldScope.Address => "inside anyAddress",
            _ => "outside where, anyItem, anyAddress and anyOrder",
        };
        node.Fail(member, "condition.notHere", $"The field {name} can only be used {where}.");
        return null;
    }

    /// <summary>An ISO 4217 code; only amounts have one.</summary>
    public static string? ReadCurrency(NodeReader node, bool isAmount)
    {
        if (node.Text("currency") is not { } currency)
            return null;
        if (!isAmount)
            node.Fail("currency", "condition.contradictory", "Only amounts have a currency.");
        else if (currency.Length != 3 || !currency.All(char.IsAsciiLetter))
            node.Fail("currency", "condition.wrongType", "currency is a three-letter ISO 4217 code such as EUR.");
        return currency.ToUpperInvariant();
    }

    private static OperatorDescription? ReadOperator(NodeReader node, Field? field)
    {
        if (node.RequiredText("operator") is not { } name)
            return null;
        var usable = (field is null ? Operators.All.Select(o => o.Operator) : field.Description.Operators).Select(o => Operators.Of(o).Name).ToList();
        var op = Operators.Find(name);
        if (op is null)
            node.Fail("operator", "condition.unknownOperator", $"There is no operator {ConditionJson.Shorten(name)}.{Nearest.Hint(name, usable)}");
        else if (!usable.Contains(name))
            node.Fail("operator", "condition.unknownOperator", $"The field {field!.Name} cannot be compared with {name}; possible are {string.Join(", ", usable)}.");
        else
            return op;
        return null;
    }

    private static Operand? ReadOperand(NodeReader node, Field field, OperatorDescription op)
    {
        var type = field.Description.Type;
        switch (op.Takes)
        {
            case OperandKind.None:
                if (node.Has("value"))
                    node.Fail("value", "condition.unknownMember", $"{op.Name} takes no value.");
                return node.Has("value") ? null : Operand.Nothing.Value;
            case OperandKind.Duration:
                return node.Duration("value", required: true, orZero: op.Operator == Operator.AnniversaryWithin) is { } window ? new Operand.Span(window) : null;
            case OperandKind.Instant:
                return node.Instant("value", required: true);
        }

        if (type is FieldType.Instant or FieldType.Date)
            return node.Instant("value", required: true);
        if (node.Raw("value", required: true) is not { } json)
            return null;
        if (json.ValueKind == JsonValueKind.Array && op.Takes != OperandKind.Scalar)
            return ReadList(node, json, type);
        if (op.Takes == OperandKind.List && json.ValueKind == JsonValueKind.String)
            return Split(node, json.GetString()!, type);
        if (op.Takes == OperandKind.List)
        {
            node.Fail("value", "condition.wrongType", "value is a list, or one text split at commas or semicolons.");
            return null;
        }

        return ReadScalar(node, json, type) is { } value ? Operand.Of(value) : null;
    }

    private static Operand.Values? ReadList(NodeReader node, JsonElement json, FieldType type)
    {
        var values = new List<FieldValue>();
        foreach (var element in json.EnumerateArray())
        {
            if (ReadScalar(node, element, type) is not { } value)
                return null;
            values.Add(value);
        }

        if (values.Count is > 0 and <= 10_000)
            return new Operand.Values(values, true);
        node.Fail("value", "condition.emptyList", "The list has at least one and at most 10000 values.");
        return null;
    }

    private static Operand.Values? Split(NodeReader node, string text, FieldType type)
    {
        var pieces = Operand.Values.Split(text);
        if (pieces.Count is 0 or > 10_000)
        {
            node.Fail("value", "condition.emptyList", "The list has at least one and at most 10000 values.");
            return null;
        }

        if (type is FieldType.Number or FieldType.Amount && !pieces.All(p => FieldValues.TryNumber(p, out _)))
        {
            node.Fail("value", "condition.wrongType", "value is a list of numbers.");
            return null;
        }

        return new Operand.Values(pieces, true);
    }

    private static FieldValue? ReadScalar(NodeReader node, JsonElement json, FieldType type)
    {
        var value = json.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? null : FieldValues.Read(json);
        var (fits, expected) = type switch
        {
            FieldType.Number or FieldType.Amount => (value is not null and not FieldValue.Truth && FieldValues.TryNumber(value, out _), "a number"),
            FieldType.Truth => (value is FieldValue.Truth, "true or false"),
            FieldType.Text or FieldType.TextList => (value is FieldValue.Text or FieldValue.Number, "a text that is not empty"),
            _ => (value is not null, "a text, a number, true or false"),
        };
        if (fits)
            return value;
        node.Fail("value", "condition.wrongType", $"value is {expected} here.");
        return null;
    }
}
