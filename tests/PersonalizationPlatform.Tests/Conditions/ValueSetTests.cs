using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Tests.Conditions;

public sealed class ValueSetTests
{
    private static readonly FieldValue[] Some =
    [
        .. ((string[])["1", "01", "1.0", "0", "00", "true", "TRUE", "false", "-1", " 1 ", "1e1", "a", "A", "\u00e4", "\u00c4", "2026-06-15T12:00:00Z", "007", "7", "0.5", ".5"]).Select(text => new FieldValue.Text(text)),
        .. ((decimal[])[1, 0, -1, 7, 0.5m, 1.0m]).Select(number => new FieldValue.Number(number)),
        new FieldValue.Truth(true), new FieldValue.Truth(false), new FieldValue.Instant(new(2026, 6, 15, 12, 0, 0, TimeSpan.Zero)),
    ];

    [Fact]
    public void A_value_is_among_many_exactly_if_it_equals_one_of_them()
    {
        foreach (var operand in Some)
        {
            var set = new ValueSet([operand]);
            foreach (var value in Some)
                Assert.True(set.Has(value) == Comparison.AreEqual(value, operand), $"{value} among {operand}: {set.Has(value)}");
        }

        var random = new Random(5);
        for (var n = 0; n < 2_000; n++)
        {
            var operands = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Some[random.Next(Some.Length)]).ToList();
            var value = Some[random.Next(Some.Length)];
            Assert.Equal(operands.Any(operand => Comparison.AreEqual(value, operand)), new ValueSet(operands).Has(value));
        }
    }
}
