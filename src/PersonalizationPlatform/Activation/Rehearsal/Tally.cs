using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>Adds up what a rehearsal looks at. Bounded: products beyond the first hundred thousand are counted in the totals only.</summary>
internal sealed class Tally(SegmentSet segments, int maxExamples, bool money)
{
    private const int MaxProducts = 100_000;
    private const int ListedProducts = 100;

    private readonly SortedDictionary<DateOnly, Row> days = [];
    private readonly Dictionary<SegmentId, Row> bySegment = [];
    private readonly Dictionary<string, ProductRow> products = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> leftOut = [];
    private readonly List<RehearsedExample> examples = [];
    private readonly HashSet<Guid> shoppers = [];
    private readonly Row total = new();
    private decimal revenue;

    /// <summary>Page views a block would have shown on.</summary>
    public long Views { get; set; }

    public void LeaveOut(string reason) => leftOut[reason] = leftOut.GetValueOrDefault(reason) + 1;

    /// <summary>One order or visit.</summary>
    public void Look(DateOnly day, Guid profile, IEnumerable<SegmentId> members, bool matched, decimal discount = 0, decimal value = 0)
    {
        total.Add(matched, discount);
        if (!days.TryGetValue(day, out var ofDay))
            days[day] = ofDay = new();
        ofDay.Add(matched, discount);
        foreach (var id in members)
        {
            if (!bySegment.TryGetValue(id, out var ofSegment))
                bySegment[id] = ofSegment = new();
            ofSegment.Add(matched, discount);
        }

        if (!matched)
            return;
        shoppers.Add(profile);
        revenue += value;
    }

    public void Product(string sku, decimal quantity, decimal discount)
    {
        if (!products.TryGetValue(sku, out var row))
        {
            if (products.Count >= MaxProducts)
                return;
            products[sku] = row = new();
        }

        row.Matched++;
        row.Quantity += quantity;
        row.Discount += discount;
    }

    /// <summary>Keeps the first ones, in the order they are met: an even sample, since shoppers are walked in the order of their hashes.</summary>
    public void Example(Func<RehearsedExample> example)
    {
        if (examples.Count < maxExamples)
            examples.Add(example());
    }

    public RehearsalReport Report(string? currency, IReadOnlyList<string> assumptions) => new()
    {
        Looked = total.Looked,
        Matched = total.Matched,
        Shoppers = shoppers.Count,
        Currency = currency,
        Discount = money ? total.Discount : null,
        Revenue = money ? revenue : null,
        Views = money ? null : Views,
        LeftOut = leftOut,
        ByDay = [.. days.Select(day => new RehearsedDay(day.Key, day.Value.Looked, day.Value.Matched, money ? day.Value.Discount : null))],
        BySegment =
        [
            .. from row in bySegment
               let segment = segments.Find(row.Key)
               where segment is not null
               orderby segment.Key
               select new RehearsedSegment(row.Key.Value, segment.Key, segment.Name, row.Value.Looked, row.Value.Matched, money ? row.Value.Discount : null),
        ],
        ByProduct =
        [
            .. products.OrderByDescending(product => money ? product.Value.Discount : product.Value.Matched)
                .ThenByDescending(product => product.Value.Matched).ThenBy(product => product.Key, StringComparer.Ordinal).Take(ListedProducts)
                .Select(product => new RehearsedProduct(
                    product.Key, product.Value.Matched, money ? product.Value.Quantity : null, money ? product.Value.Discount : null)),
        ],
        Examples = examples,
        Assumptions = assumptions,
    };

    private sealed class Row
    {
        public long Looked { get; private set; }
        public long Matched { get; private set; }
        public decimal Discount { get; private set; }

        public void Add(bool matched, decimal discount)
        {
            Looked++;
            if (!matched)
                return;
            Matched++;
            Discount += discount;
        }
    }

    private sealed class ProductRow
    {
        public long Matched { get; set; }
        public decimal Quantity { get; set; }
        public decimal Discount { get; set; }
    }
}
