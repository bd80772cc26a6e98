using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>Yes and no come as truths and as 1 and 0, sometimes both of one attribute.</summary>
public sealed class ComparisonTests
{
    public static TheoryData<object, object, bool> Pairs => new()
    {
        { true, "1", true },
        { true, 1, true },
        { true, "1.00", true },
        { true, "true", true },
        { true, "TRUE", true },
        { false, "0", true },
        { false, 0, true },
        { false, "false", true },
        { true, "0", false },
        { true, 2, false },
        { true, "yes", false },
        { false, "1", false },
        { true, false, false },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_truth_equals_the_digit_and_the_word_whichever_side_it_stands_on(object a, object b, bool equal)
    {
        foreach (var (value, operand) in new[] { (Value(a), Value(b)), (Value(b), Value(a)) })
        {
            Assert.Equal(equal, Comparison.Judge(value, Operator.Equals, Operand.Of(operand), ListMeaning.Whole, default).Matches);
            Assert.Equal(equal, Comparison.Judge(value, Operator.OneOf, Operand.Of(new FieldValue.Text("x"), operand), ListMeaning.Whole, default).Matches);
            Assert.Equal(!equal, Comparison.Judge(value, Operator.NotEquals, Operand.Of(operand), ListMeaning.Whole, default).Matches);
        }
    }

    [Theory]
    [InlineData(Operator.Contains, "x,y", true, "x", "z")]
    [InlineData(Operator.Contains, " y ; q", true, "Y")]
    [InlineData(Operator.Contains, "x,y", false, "xy", "z")]
    [InlineData(Operator.Contains, "a, b", true, "a, b")]
    [InlineData(Operator.Equals, "x,y", true, "x", "z")]
    [InlineData(Operator.Equals, "1;2", true, "2.0")]
    [InlineData(Operator.Equals, "x,y", false, "z")]
    [InlineData(Operator.OneOf, "x,y", false, "x")]
    public void To_a_list_a_text_with_commas_is_a_list_as_well(Operator op, string text, bool holds, params string[] list)
    {
        var value = new FieldValue.Many([.. list.Select(element => new FieldValue.Text(element))]);
        var operand = Operand.Of(new FieldValue.Text(text));
        foreach (var lists in new[] { ListMeaning.Whole, ListMeaning.Overlap })
            Assert.Equal(holds, Comparison.Judge(value, op, operand, lists, default).Matches);
        if (op is Operator.Equals or Operator.Contains)
            Assert.Equal(!holds, Comparison.Judge(value, op == Operator.Equals ? Operator.NotEquals : Operator.NotContains, operand, ListMeaning.Whole, default).Matches);
    }

    [Theory]
    [InlineData("x,y", "x", false)]
    [InlineData("x,y", "X,Y", true)]
    [InlineData("12,13", "12,13", true)]
    public void To_a_single_value_it_is_one_text(string text, string value, bool holds)
    {
        Assert.Equal(holds, Comparison.Judge(new FieldValue.Text(value), Operator.Equals, Operand.Of(new FieldValue.Text(text)), ListMeaning.Whole, default).Matches);
        Assert.Equal(holds, Comparison.Judge(new FieldValue.Text(value), Operator.Contains, Operand.Of(new FieldValue.Text(text)), ListMeaning.Whole, default).Matches);
    }

    [Theory]
    [InlineData("2026-06-15 00:00:00", "2026-06-15", 0)]
    [InlineData("2026-06-15 13:00:00", "2026-06-15", 0)]
    [InlineData("2026-06-15", "2026-06-15", 0)]
    [InlineData("2026-06-16", "2026-06-15", 1)]
    [InlineData("2026-06-14 23:59:59", "2026-06-15", -1)]
    [InlineData("2026-06-15T02:00:00+02:00", "2026-06-15T00:00:00Z", 0)]
    [InlineData("2026-06-15 10:00:00", "2026-06-15T09:00:00Z", 1)]
    [InlineData("soon", "2026-06-15", 1)]
    public void A_day_or_instant_written_as_text_is_compared_as_one(string value, string operand, int order)
    {
        foreach (var (op, holds) in new[]
        {
            (Operator.Equals, order == 0), (Operator.NotEquals, order != 0), (Operator.GreaterThan, order > 0), (Operator.AtLeast, order >= 0),
            (Operator.LessThan, order < 0), (Operator.AtMost, order <= 0), (Operator.OneOf, order == 0),
        })
            Assert.Equal(holds, Comparison.Judge(new FieldValue.Text(value), op, Operand.Of(new FieldValue.Text(operand)), ListMeaning.Whole, default).Matches);
    }

    private static FieldValue Value(object value) => value switch
    {
        bool truth => new FieldValue.Truth(truth),
        int number => new FieldValue.Number(number),
        _ => new FieldValue.Text((string)value),
    };
}
