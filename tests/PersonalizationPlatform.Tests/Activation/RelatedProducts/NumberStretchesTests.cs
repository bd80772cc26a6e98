using PersonalizationPlatform.Activation.RelatedProducts.Index;

namespace PersonalizationPlatform.Tests.Activation.RelatedProducts;

/// <summary>A stretch of the sorted numbers holds exactly the products that have them.</summary>
public sealed class NumberStretchesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1_000)]
    public void Every_stretch_gathers_what_going_through_it_would(int numbers)
    {
        var dice = new Random(numbers);
        var products = 3 * numbers;
        // Some products have no number at all, and some share one.
        var order = Enumerable.Range(0, products).OrderBy(_ => dice.Next()).ToArray();
        var places = Enumerable.Range(0, numbers).Select(number => order.AsSpan(2 * number, 1 + (number % 2)).ToArray()).ToArray();
        var stretches = new NumberStretches(products, places);
        for (var i = 0; i < 300; i++)
        {
            var from = dice.Next(numbers + 1);
            var to = dice.Next(from, numbers + 1);
            var before = order[dice.Next(products)];
            var gathered = ProductBits.Of(products, bits =>
            {
                bits.Add(before);
                stretches.Add(bits, from, to);
            });
            Assert.Equal(places[from..to].SelectMany(place => place).Append(before).Distinct().Order(), gathered.Places());
        }
    }
}
