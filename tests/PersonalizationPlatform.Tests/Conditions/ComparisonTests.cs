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

    private static FieldValue Value(object value) => value switch
    {
        bool truth => new FieldValue.Truth(truth),
        int number => new FieldValue.Number(number),
        _ => new FieldValue.Text((string)value),
    };
}
