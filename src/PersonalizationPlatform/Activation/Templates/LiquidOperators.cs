using DotLiquid;

namespace PersonalizationPlatform.Activation.Templates;

/// <summary>Comparisons in conditions. What cannot be compared is neither less nor greater, where the library would fail or cut numbers to whole ones.</summary>
internal static class LiquidOperators
{
    public static void Register()
    {
        Condition.Operators["<"] = static (left, right) => Compare(left, right) < 0;
        Condition.Operators[">"] = static (left, right) => Compare(left, right) > 0;
        Condition.Operators["<="] = static (left, right) => Compare(left, right) <= 0;
        Condition.Operators[">="] = static (left, right) => Compare(left, right) >= 0;
        var contains = Condition.Operators["contains"];
        Condition.Operators["contains"] = (left, right) =>
            left is string text ? LiquidValue.Text(right) is { } part && text.Contains(part, StringComparison.Ordinal) : contains(left, right);
    }

    private static int? Compare(object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (string one, string other) => string.CompareOrdinal(one, other),
        (DateTime, _) or (_, DateTime) => Compare(LiquidValue.Instant(left), LiquidValue.Instant(right)),
        _ => Compare(LiquidNumber.Exactly(left), LiquidNumber.Exactly(right)),
    };

    private static int? Compare<T>(T? left, T? right)
        where T : struct, IComparable<T> => left is { } one && right is { } other ? one.CompareTo(other) : null;
}
