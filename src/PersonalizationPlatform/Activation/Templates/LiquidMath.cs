namespace PersonalizationPlatform.Activation.Templates;

/// <summary>
/// The filters that calculate: in decimals, halves away from zero, whole numbers divided to whole ones as Liquid does. Of something
/// unknown, by zero, and beyond what a decimal holds, the result is unknown.
/// </summary>
internal static class LiquidMath
{
    private const int MaxDigits = 28;

    public static object? Abs(object? input) => Of(input, static number => number with { Value = Math.Abs(number.Value) });

    public static object? Ceil(object? input) => Of(input, static number => new(decimal.Ceiling(number.Value), true));

    public static object? Floor(object? input) => Of(input, static number => new(decimal.Floor(number.Value), true));

    public static object? Round(object? input, object? digits = null)
    {
        var places = (int)decimal.Clamp(LiquidNumber.Of(digits)?.Value ?? 0, -MaxDigits, MaxDigits);
        return Of(input, number => places > 0
            ? number with { Value = decimal.Round(number.Value, places, MidpointRounding.AwayFromZero) }
            : new(decimal.Round(number.Value / Power(-places), MidpointRounding.AwayFromZero) * Power(-places), true));
    }

    public static object? AtLeast(object? input, object? bound = null) => Of(input, bound, static (number, least) => least.Value > number.Value ? least : number);

    public static object? AtMost(object? input, object? bound = null) => Of(input, bound, static (number, most) => most.Value < number.Value ? most : number);

    public static object? Plus(object? input, object? operand = null) => Of(input, operand, static (left, right) => new(left.Value + right.Value, left.IsWhole && right.IsWhole));

    public static object? Minus(object? input, object? operand = null) => Of(input, operand, static (left, right) => new(left.Value - right.Value, left.IsWhole && right.IsWhole));

    public static object? Times(object? input, object? operand = null) => Of(input, operand, static (left, right) => new(left.Value * right.Value, left.IsWhole && right.IsWhole));

    public static object? DividedBy(object? input, object? operand = null) => Of(input, operand, static (left, right) =>
        left.IsWhole && right.IsWhole ? new(decimal.Floor(left.Value / right.Value), true) : new(left.Value / right.Value, false));

    public static object? Modulo(object? input, object? operand = null) => Of(input, operand, static (left, right) =>
        new(left.Value - (right.Value * decimal.Floor(left.Value / right.Value)), left.IsWhole && right.IsWhole));

    private static object? Of(object? input, Func<LiquidNumber, LiquidNumber> calculate)
    {
        try
        {
            return LiquidNumber.Of(input) is { } number ? calculate(number).ToLiquid() : null;
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException)
        {
            return null;
        }
    }

    private static object? Of(object? input, object? operand, Func<LiquidNumber, LiquidNumber, LiquidNumber> calculate) =>
        LiquidNumber.Of(operand) is { } other ? Of(input, number => calculate(number, other)) : null;

    private static decimal Power(int places)
    {
        var power = 1m;
        for (var i = 0; i < places; i++)
            power *= 10;
        return power;
    }
}
