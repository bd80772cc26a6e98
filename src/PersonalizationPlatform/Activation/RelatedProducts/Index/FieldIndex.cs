using PersonalizationPlatform.Conditions;

namespace PersonalizationPlatform.Activation.RelatedProducts.Index;

/// <summary>
/// Which products have which value of a field. Products with the same value are judged once, by the same comparison that conditions
/// use; equality looks only at values that can be equal, and ordering of numbers at a stretch of the sorted ones. Immutable.
/// </summary>
internal sealed class FieldIndex
{
    private readonly int products;
    private readonly FieldValue?[] values;
    private readonly int[][] places;

    /// <summary>By each element of a value as equality sees it: the values that have it.</summary>
    private readonly Dictionary<string, List<int>> byElement = new(StringComparer.Ordinal);

    /// <summary>Values that are no lists: on these, contains looks for parts of a text.</summary>
    private readonly List<int> scalars = [];
    private readonly List<int> texts;
    private readonly decimal[] numbers;
    private readonly int[] numberValues;
    private readonly Lazy<NumberStretches> stretches;

    public FieldIndex(IReadOnlyList<ProductFact> all, Func<ProductFact, FieldValue?> read)
    {
        products = all.Count;
        var seen = new Dictionary<FieldValue, int>(ValueComparer.Instance);
        var found = new List<FieldValue?> { null };
        var where = new List<List<int>> { new() };
        for (var place = 0; place < all.Count; place++)
        {
            var value = read(all[place]);
            var slot = 0;
            if (value is not null && !seen.TryGetValue(value, out slot))
            {
                slot = seen[value] = found.Count;
                found.Add(value);
                where.Add([]);
            }

            where[slot].Add(place);
        }

        values = [.. found];
        places = [.. where.Select(list => list.ToArray())];
        for (var slot = 1; slot < values.Length; slot++)
            Note(slot, values[slot]!);
        var sorted = scalars.Select(slot => (Slot: slot, IsNumber: FieldValues.TryNumber(values[slot]!, out var number), Number: number))
            .Where(entry => entry.IsNumber).OrderBy(entry => entry.Number).ToArray();
        texts = [.. scalars.Except(sorted.Select(entry => entry.Slot))];
        numbers = [.. sorted.Select(entry => entry.Number)];
        numberValues = [.. sorted.Select(entry => entry.Slot)];
        stretches = new(() => new NumberStretches(products, [.. numberValues.Select(slot => places[slot])]));
    }

    /// <summary>The products whose value compares so.</summary>
    /// <param name="now">The instant durations are counted from.</param>
    public ProductBits Holding(Operator op, Operand operand, ListMeaning lists, DateTimeOffset now)
    {
        switch (op)
        {
            case Operator.NotEquals:
                return Holding(Operator.Equals, operand, lists, now).Not();
            case Operator.NotContains:
                return Holding(Operator.Contains, operand, lists, now).Not();
            case Operator.NotOneOf:
                return Holding(Operator.OneOf, operand, lists, now).Not();
        }

        return ProductBits.Of(products, bits =>
        {
            switch (op)
            {
                case Operator.Equals or Operator.OneOf when operand is Operand.Values { Time: null } wanted:
                    foreach (var slot in Having(wanted))
                        AddIfHolds(bits, slot);
                    break;
                case Operator.Contains when operand is Operand.Values wanted && lists != ListMeaning.Each:
                    foreach (var slot in Having(wanted).Concat(scalars))
                        AddIfHolds(bits, slot);
                    break;
                case Operator.GreaterThan or Operator.AtLeast or Operator.LessThan or Operator.AtMost
                    when lists != ListMeaning.Each && operand is Operand.Values { All: [var one] } && FieldValues.TryNumber(one, out var bound):
                    AddStretch(bits, op, bound);
                    foreach (var slot in texts)
                        AddIfHolds(bits, slot);
                    break;
                default:
                    for (var slot = 0; slot < values.Length; slot++)
                        AddIfHolds(bits, slot);
                    break;
            }
        });

        void AddIfHolds(ProductBits.Adder bits, int slot)
        {
            if (Comparison.Judge(values[slot], op, operand, lists, now).Matches)
                bits.Add(places[slot]);
        }
    }

    private void AddStretch(ProductBits.Adder bits, Operator op, decimal bound)
    {
        var (from, to) = op switch
        {
            Operator.GreaterThan => (After(bound), numbers.Length),
            Operator.AtLeast => (At(bound), numbers.Length),
            Operator.LessThan => (0, At(bound)),
            _ => (0, After(bound)),
        };
        stretches.Value.Add(bits, from, to);
    }

    /// <summary>How many numbers are smaller.</summary>
    private int At(decimal bound)
    {
        var (low, high) = (0, numbers.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = numbers[middle] < bound ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>How many numbers are not greater.</summary>
    private int After(decimal bound)
    {
        var (low, high) = (0, numbers.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = numbers[middle] <= bound ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private HashSet<int> Having(Operand.Values wanted)
    {
        var slots = new HashSet<int>();
        foreach (var element in wanted.All.Concat(wanted.Pieces?.All ?? []))
        {
            Add(element);
            // Yes and no equal 1 and 0.
            if (element is FieldValue.Truth truth)
                Add(new FieldValue.Number(truth.Value ? 1 : 0));
            else if (FieldValues.TryNumber(element, out var digit) && digit is 0 or 1)
                Add(new FieldValue.Truth(digit == 1));
        }

        return slots;

        void Add(FieldValue element)
        {
            if (byElement.TryGetValue(KeyOf(element), out var having))
                slots.UnionWith(having);
        }
    }

    private void Note(int slot, FieldValue value)
    {
        if (value is not FieldValue.Many many)
        {
            scalars.Add(slot);
            Note(slot, KeyOf(value));
            return;
        }

        foreach (var key in many.Values.Select(KeyOf).Distinct())
            Note(slot, key);
    }

    private void Note(int slot, string key)
    {
        if (!byElement.TryGetValue(key, out var having))
            byElement[key] = having = [];
        having.Add(slot);
    }

    /// <summary>Two values that compare as equal have the same key: numbers by value however they are written, text without regard to case.</summary>
    private static string KeyOf(FieldValue value) =>
        FieldValues.TryNumber(value, out var number) ? "#" + FieldValues.Show(new FieldValue.Number(number == 0 ? 0 : number)) : FieldValues.Show(value).ToUpperInvariant();

    /// <summary>The same value, lists by their elements.</summary>
    private sealed class ValueComparer : IEqualityComparer<FieldValue>
    {
        public static readonly ValueComparer Instance = new();

        public bool Equals(FieldValue? x, FieldValue? y) =>
            x is FieldValue.Many a && y is FieldValue.Many b ? a.Values.SequenceEqual(b.Values, this) : Equals((object?)x, y);

        public int GetHashCode(FieldValue obj)
        {
            if (obj is not FieldValue.Many many)
                return obj.GetHashCode();
            var hash = default(HashCode);
            foreach (var value in many.Values)
                hash.Add(GetHashCode(value));
            return hash.ToHashCode();
        }
    }
}
