namespace PersonalizationPlatform.Activation.RelatedProducts.Index;

/// <summary>
/// Which products have one of the numbers from one to another, in the order of the numbers. Half a catalogue costs more than a few
/// microseconds to gather product by product, and "at least the price of the product viewed" asks for that each time, so the products
/// up to some of the numbers are kept gathered. Immutable.
/// </summary>
internal sealed class NumberStretches
{
    private const int Most = 64;

    private readonly int length;
    private readonly int[][] places;
    private readonly int step;

    /// <summary>The products of the first 0, step, 2 × step, … numbers.</summary>
    private readonly ProductBits[] upTo;

    /// <param name="length">Products.</param>
    /// <param name="places">By number, the smallest first: who has it. Nobody has two.</param>
    public NumberStretches(int length, int[][] places)
    {
        this.length = length;
        this.places = places;
        step = Math.Max(1, places.Length / Most);
        upTo = new ProductBits[(places.Length / step) + 1];
        upTo[0] = ProductBits.None(length);
        for (var i = 1; i < upTo.Length; i++)
            upTo[i] = Beyond(upTo[i - 1], (i - 1) * step, i * step);
    }

    /// <summary>Adds the products that have one of the numbers in <c>[from, to)</c>.</summary>
    public void Add(ProductBits.Adder bits, int from, int to)
    {
        if (to - from > step)
        {
            bits.Add(To(to), To(from));
            return;
        }

        for (var i = from; i < to; i++)
            bits.Add(places[i]);
    }

    private ProductBits To(int number) => Beyond(upTo[number / step], number / step * step, number);

    private ProductBits Beyond(ProductBits before, int from, int to) => from == to ? before : before.Or(ProductBits.Of(length, bits =>
    {
        for (var i = from; i < to; i++)
            bits.Add(places[i]);
    }));
}
