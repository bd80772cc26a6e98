using System.Numerics;
using System.Runtime.InteropServices;

namespace PersonalizationPlatform.Activation.RelatedProducts.Index;

/// <summary>Some of the catalogue's products, a bit for each by its place in the order of numbers. Immutable once made.</summary>
internal sealed class ProductBits
{
    private readonly ulong[] words;
    private readonly int length;

    private ProductBits(int length)
    {
        this.length = length;
        words = new ulong[(length + 63) / 64];
    }

    private ProductBits(int length, ulong[] words) => (this.length, this.words) = (length, words);

    public static ProductBits None(int length) => new(length);

    public static ProductBits All(int length) => None(length).Not();

    /// <summary>Those at some places.</summary>
    public static ProductBits Of(int length, Action<Adder> add)
    {
        var bits = new ProductBits(length);
        add(new Adder(bits.words));
        return bits;
    }

    public bool Contains(int place) => (words[place >> 6] & (1UL << place)) != 0;

    public ProductBits And(ProductBits other)
    {
        var result = new ulong[words.Length];
        var mine = MemoryMarshal.Cast<ulong, Vector<ulong>>(words);
        var its = MemoryMarshal.Cast<ulong, Vector<ulong>>(other.words);
        var into = MemoryMarshal.Cast<ulong, Vector<ulong>>(result.AsSpan());
        for (var i = 0; i < into.Length; i++)
            into[i] = mine[i] & its[i];
        for (var i = into.Length * Vector<ulong>.Count; i < result.Length; i++)
            result[i] = words[i] & other.words[i];
        return new(length, result);
    }

    public ProductBits Or(ProductBits other)
    {
        var result = (ulong[])words.Clone();
        new Adder(result).Add(other, null);
        return new(length, result);
    }

    public ProductBits Not()
    {
        var result = new ulong[words.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = ~words[i];
        if ((length & 63) != 0)
            result[^1] &= (1UL << length) - 1;
        return new(length, result);
    }

    public int Count()
    {
        var count = 0;
        foreach (var word in words)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>The places in order.</summary>
    public IEnumerable<int> Places()
    {
        for (var i = 0; i < words.Length; i++)
        {
            for (var word = words[i]; word != 0; word &= word - 1)
                yield return (i << 6) + BitOperations.TrailingZeroCount(word);
        }
    }

    /// <summary>The place of the one with so many before it.</summary>
    public int PlaceOf(int rank)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var here = BitOperations.PopCount(words[i]);
            if (rank >= here)
            {
                rank -= here;
                continue;
            }

            var word = words[i];
            for (; rank > 0; rank--)
                word &= word - 1;
            return (i << 6) + BitOperations.TrailingZeroCount(word);
        }

        throw new ArgumentOutOfRangeException(nameof(rank));
    }

    /// <summary>Adds places while bits are made.</summary>
    internal readonly struct Adder(ulong[] words)
    {
        public void Add(int place) => words[place >> 6] |= 1UL << place;

        public void Add(ReadOnlySpan<int> places)
        {
            foreach (var place in places)
                Add(place);
        }

        /// <summary>All of some, those of others left out.</summary>
        public void Add(ProductBits all, ProductBits? but)
        {
            for (var i = 0; i < words.Length; i++)
                words[i] |= all.words[i] & ~(but is null ? 0 : but.words[i]);
        }
    }
}
