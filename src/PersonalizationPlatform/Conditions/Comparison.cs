namespace PersonalizationPlatform.Conditions;

/// <summary>How a field that has several values is compared.</summary>
public enum ListMeaning
{
    /// <summary>A list as a whole: equal to one value only if it has exactly that element; contains is membership.</summary>
    Whole,

    /// <summary>Like <see cref="Whole"/>, but equals means at least one in common: categories.</summary>
    Overlap,

    /// <summary>The field stands for any of several things, each compared on its own: any address.</summary>
    Each,
}

/// <summary>
/// How a value compares with an operand. The rules are those of Adobe Commerce's rule engine: numbers by value whenever both sides
/// are numeric, text without regard to case, ordering false on missing values and lists, negative operators exact inverses.
/// </summary>
public static class Comparison
{
    /// <param name="value">The field's value, null when missing.</param>
    /// <param name="op">How to compare.</param>
    /// <param name="operand">What with.</param>
    /// <param name="lists">How a value that is a list is taken.</param>
    /// <param name="now">The instant durations are counted from.</param>
    public static Verdict Judge(FieldValue? value, Operator op, Operand operand, ListMeaning lists, DateTimeOffset now)
    {
        switch (op)
        {
            case Operator.Exists:
                return Plain(value is not null);
            case Operator.Missing:
                return Plain(value is null);
            case Operator.NotEquals:
                return Judge(value, Operator.Equals, operand, lists, now).Not();
            case Operator.NotContains:
                return Judge(value, Operator.Contains, operand, lists, now).Not();
            case Operator.NotOneOf:
                return Judge(value, Operator.OneOf, operand, lists, now).Not();
        }

        if (value is FieldValue.Many many)
        {
            if (lists != ListMeaning.Each && op is Operator.Equals or Operator.Contains && operand is Operand.Values { Pieces: { } pieces }
                && Any(many, Operator.Equals, pieces, now) is { Matches: true } overlap)
                return overlap;
            if (op == Operator.Equals && lists == ListMeaning.Whole && operand is Operand.Values { IsList: false } && many.Values.Count != 1)
                return Verdict.False;
            if (lists != ListMeaning.Each && op is Operator.GreaterThan or Operator.AtLeast or Operator.LessThan or Operator.AtMost)
                return Verdict.False;
            // On a list, contains is membership.
            return Any(many, op == Operator.Contains && lists != ListMeaning.Each ? Operator.Equals : op, operand, now);
        }

        return value is null ? Verdict.False : One(value, op, operand, now);
    }

    private static Verdict Any(FieldValue.Many many, Operator op, Operand operand, DateTimeOffset now)
    {
        DateTimeOffset? changesAt = null;
        foreach (var element in many.Values)
        {
            var verdict = One(element, op, operand, now);
            if (verdict.Matches)
                return verdict;
            changesAt = Verdict.Earlier(changesAt, verdict.ChangesAt);
        }

        return new Verdict(false, changesAt);
    }

    private static Verdict One(FieldValue value, Operator op, Operand operand, DateTimeOffset now) => operand switch
    {
        Operand.When time => FieldValues.TryInstant(value, out var at) ? Plain(InTime(at, op, time)) : Verdict.False,
        Operand.Span span => FieldValues.TryInstant(value, out var at) ? Sliding(at, op, span, now) : Verdict.False,
        Operand.Values { Time: { } time } when op is Operator.Equals or Operator.OneOf or Operator.GreaterThan or Operator.AtLeast or Operator.LessThan or Operator.AtMost
            && FieldValues.TryInstant(value, out var at) => Plain(InTime(at, op, time)),
        Operand.Values { Set: { } set } when op is Operator.Equals or Operator.OneOf => Plain(set.Has(value)),
        Operand.Values values => Plain(AnyOf(value, op, values.All)),
        _ => Verdict.False,
    };

    private static bool InTime(DateTimeOffset at, Operator op, Operand.When time) => op switch
    {
        Operator.Equals or Operator.OneOf => at >= time.From && at < time.End,
        Operator.Before or Operator.LessThan => at < time.From,
        Operator.After or Operator.GreaterThan => at >= time.End,
        Operator.AtLeast => at >= time.From,
        Operator.AtMost => at < time.End,
        _ => false,
    };

    private static Verdict Sliding(DateTimeOffset at, Operator op, Operand.Span span, DateTimeOffset now)
    {
        if (op == Operator.AnniversaryWithin)
            return Anniversary(at, span, now);
        var end = span.Window.EndOf(at);
        if (op == Operator.OlderThan)
            return end <= now ? Verdict.True : new Verdict(false, end);
        if (at > now)
            return new Verdict(false, at);
        return end > now ? new Verdict(true, end) : Verdict.False;
    }

    private static Verdict Anniversary(DateTimeOffset at, Operand.Span span, DateTimeOffset now)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        DateTimeOffset? next = null;
        // A window of more than a year reaches back from anniversaries further ahead; those begin earlier than now and match anyway.
        var first = Math.Max(now.Year - 1, day.Year);
        for (var year = first; year <= first + 3 && year < 9998; year++)
        {
            var anniversary = day.AddYears(year - day.Year);
            var from = span.Window.StartOf(anniversary);
            var end = anniversary.AddDays(1);
            if (from <= now && now < end)
                return new Verdict(true, end);
            if (from > now)
                next = Verdict.Earlier(next, from);
        }

        return new Verdict(false, next);
    }

    private static bool AnyOf(FieldValue value, Operator op, IReadOnlyList<FieldValue> operands)
    {
        for (var i = 0; i < operands.Count; i++)
        {
            if (Holds(value, op, operands[i]))
                return true;
        }

        return false;
    }

    private static bool Holds(FieldValue value, Operator op, FieldValue operand) => op switch
    {
        Operator.Equals or Operator.OneOf => AreEqual(value, operand),
        Operator.Contains => FieldValues.Show(value).Contains(FieldValues.Show(operand), StringComparison.OrdinalIgnoreCase),
        Operator.StartsWith => FieldValues.Show(value).StartsWith(FieldValues.Show(operand), StringComparison.OrdinalIgnoreCase),
        Operator.EndsWith => FieldValues.Show(value).EndsWith(FieldValues.Show(operand), StringComparison.OrdinalIgnoreCase),
        Operator.GreaterThan => Order(value, operand) > 0,
        Operator.AtLeast => Order(value, operand) >= 0,
        Operator.LessThan => Order(value, operand) < 0,
        Operator.AtMost => Order(value, operand) <= 0,
        _ => false,
    };

    internal static bool AreEqual(FieldValue value, FieldValue operand)
    {
        // Shops write yes and no as truths and as 1 and 0, sometimes both of one attribute.
        if (value is FieldValue.Truth && operand is not FieldValue.Truth)
            (value, operand) = (operand, value);
        if (operand is FieldValue.Truth truth && value is not FieldValue.Truth && FieldValues.TryNumber(value, out var digit))
            return digit == (truth.Value ? 1 : 0);
        if (value is FieldValue.Text x && operand is FieldValue.Text y && string.Equals(x.Value, y.Value, StringComparison.OrdinalIgnoreCase))
            return true;
        if (FieldValues.TryNumber(value, out var a) && FieldValues.TryNumber(operand, out var b))
            return a == b;
        if (value is FieldValue.Text && operand is FieldValue.Text)
            return false;
        return string.Equals(FieldValues.Show(value), FieldValues.Show(operand), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>By value when both are numeric, else as text, so that greater is always the inverse of at most.</summary>
    private static int Order(FieldValue value, FieldValue operand) =>
        FieldValues.TryNumber(value, out var a) && FieldValues.TryNumber(operand, out var b)
            ? a.CompareTo(b)
            : string.Compare(FieldValues.Show(value), FieldValues.Show(operand), StringComparison.OrdinalIgnoreCase);

    /// <summary>Numbers by one of <see cref="Operators.Numeric"/>; a missing number satisfies only <c>notEquals</c>.</summary>
    public static bool Compare(decimal? number, Operator op, decimal with) => op switch
    {
        Operator.NotEquals => number != with,
        Operator.Equals => number == with,
        Operator.GreaterThan => number > with,
        Operator.AtLeast => number >= with,
        Operator.LessThan => number < with,
        Operator.AtMost => number <= with,
        _ => false,
    };

    private static Verdict Plain(bool matches) => matches ? Verdict.True : Verdict.False;
}
