using PersonalizationPlatform.Activation.RelatedProducts;
using PersonalizationPlatform.Activation.RelatedProducts.Index;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Tests.Activation.RelatedProducts;

/// <summary>How rules fill a list: in order, at random over everything they match, and weighted.</summary>
public sealed class ListFillingTests
{
    private const int Products = 400;

    [Theory]
    [InlineData(ListRotation.PriorityThenRandom)]
    [InlineData(ListRotation.WeightedRandom)]
    public void Chance_reaches_every_match_not_only_the_lowest_numbers(ListRotation rotation)
    {
        var random = new Random(7);
        var seen = new HashSet<int>();
        for (var draw = 0; draw < 1500; draw++)
            seen.UnionWith(Fill(rotation, random, 6, [0], (Rule(1, 1), Range(0, Products))).Select(filled => filled.Place));
        Assert.Equal(Products - 1, seen.Count);
    }

    [Theory]
    [InlineData(ListRotation.PriorityThenId)]
    [InlineData(ListRotation.PriorityThenRandom)]
    [InlineData(ListRotation.WeightedRandom)]
    public void No_product_is_excluded_twice_or_over_a_limit_and_priorities_stay_together(ListRotation rotation)
    {
        var random = new Random(3);
        for (var round = 0; round < 300; round++)
        {
            var max = random.Next(1, 12);
            var taken = Enumerable.Range(0, random.Next(30)).ToHashSet();
            (RelatedRule, ProductBits)[] rules =
            [
                .. Enumerable.Range(1, random.Next(1, 6)).Select(number => (Rule(number, (number + 1) / 2, random.Next(1, 21)), Range(random.Next(60), random.Next(60, 120)))),
            ];
            var filled = Fill(rotation, random, max, [.. taken], rules);
            Assert.True(filled.Count <= max);
            Assert.Equal(filled.Count, filled.Select(entry => entry.Place).Distinct().Count());
            Assert.DoesNotContain(filled, entry => taken.Contains(entry.Place));
            Assert.All(filled, entry => Assert.True(rules.Single(rule => rule.Item1 == entry.Rule).Item2.Contains(entry.Place)));
            Assert.All(filled.CountBy(entry => entry.Rule), count => Assert.True(count.Value <= count.Key.ResultLimit));
            Assert.Equal(filled.Select(entry => entry.Rule.Priority).Order(), filled.Select(entry => entry.Rule.Priority));
            // Nobody goes without while there is something to show.
            var possible = rules.Select(rule => Math.Min(rule.Item1.ResultLimit, rule.Item2.Places().Count(place => !taken.Contains(place)))).Max();
            Assert.True(filled.Count >= Math.Min(max, possible));
        }
    }

    [Fact]
    public void Of_two_priorities_the_higher_one_is_drawn_about_twice_as_often()
    {
        var random = new Random(11);
        var first = 0;
        for (var draw = 0; draw < 3000; draw++)
            first += Fill(ListRotation.WeightedRandom, random, 1, [], (Rule(1, 1, 1), Range(0, 50)), (Rule(2, 2, 1), Range(50, 100)))[0].Rule.Number == 1 ? 1 : 0;
        Assert.InRange(first, 1850, 2150);
    }

    [Fact]
    public void Rules_of_equal_priority_share_the_places_by_product_or_by_chance()
    {
        (RelatedRule, ProductBits)[] equals = [(Rule(1, 1), Range(100, 120)), (Rule(2, 1), Range(0, 20)), (Rule(3, 2), Range(200, 220))];
        Assert.Equal(Enumerable.Range(0, 6), Fill(ListRotation.PriorityThenId, new Random(1), 6, [], equals).Select(filled => filled.Place));
        var random = new Random(5);
        var rules = new Dictionary<long, int>();
        for (var draw = 0; draw < 500; draw++)
            foreach (var filled in Fill(ListRotation.PriorityThenRandom, random, 6, [], equals))
                rules[filled.Rule.Number] = rules.GetValueOrDefault(filled.Rule.Number) + 1;
        Assert.Equal([1, 2], rules.Keys.Order());
        // The second adds what the limit and the places leave: 6 of 26.
        Assert.InRange(rules[2] / 3000.0, 0.19, 0.27);
    }

    [Fact]
    public void By_number_lower_rules_only_fill_what_higher_ones_leave()
    {
        var filled = Fill(ListRotation.PriorityThenId, new Random(1), 5, [1], (Rule(1, 1, 2), Range(0, 10)), (Rule(2, 2), Range(0, 4)), (Rule(3, 3), Range(90, 95)));
        Assert.Equal([(0, 1L), (2, 1L), (3, 2L), (90, 3L), (91, 3L)], filled.Select(entry => (entry.Place, entry.Rule.Number)));
    }

    private static IReadOnlyList<FilledPlace> Fill(ListRotation rotation, Random random, int max, HashSet<int> taken, params (RelatedRule, ProductBits)[] rules) =>
        new ListFilling(ProductBits.All(Products), taken, rotation, random).Fill(rules.Select(rule => rule.Item1), rule => rules.Single(known => known.Item1 == rule).Item2, max);

    private static ProductBits Range(int from, int to) => ProductBits.Of(Products, bits =>
    {
        for (var place = from; place < to; place++)
            bits.Add(place);
    });

    private static RelatedRule Rule(int number, int priority, int limit = RelatedRule.MaxResults) =>
        new(Guid.NewGuid(), 1, number, null, "rule-" + number, "rule", priority, ProductList.Related, null, null) { ResultLimit = limit };
}
