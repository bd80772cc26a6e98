using PersonalizationPlatform.Conditions;
using PersonalizationPlatform.Conditions.Nodes;
using PersonalizationPlatform.Vocabulary;
using Match = PersonalizationPlatform.Conditions.Nodes.Match;

namespace PersonalizationPlatform.Tests.Conditions;

/// <summary>
/// The meaning of conditions written down as plainly as possible, over the full history at one instant, sharing no evaluation code
/// with the platform: every count is a count, every chain is tried.
/// </summary>
internal sealed class NaiveJudge(Facts facts, DateTimeOffset now)
{
    /// <summary>One thing that happened.</summary>
    private sealed record Happening(DateTimeOffset At, EventKey Key, IReadOnlyList<LineItem> Items, decimal? Total, string? Status);

    public bool Holds(Condition condition) => Holds(condition, null, null);

    private bool Holds(Condition condition, Happening? happening, LineItem? item) => condition switch
    {
        Group { Of.Count: 0 } => true,
        Group { Match: Match.All } g => g.Of.All(c => Holds(c, happening, item)),
        Group { Match: Match.Any } g => g.Of.Any(c => Holds(c, happening, item)),
        Group { Match: Match.None } g => !g.Of.Any(c => Holds(c, happening, item)),
        Group { Match: Match.NotAll } g => !g.Of.All(c => Holds(c, happening, item)),
        Compare c => Compares(c, happening, item),
        AnyItem a => happening!.Items.Any(i => Holds(a.Of, happening, i)),
        ItemsTotal t => Numbers(happening!.Items.Where(i => t.Of is null || Holds(t.Of, happening, i)).Sum(i => t.Measure != TotalMeasure.Quantity ? i.Total ?? 0 : i.Quantity ?? 1), t.Operator, t.Value),
        Happened h => Counts(In(h.Source, h.Period).Count, h),
        FirstTime f => All(f.Source) is [var first, ..] && Lies(first.At, f.Period),
        LastTime l => All(l.Source) is [.., var last] && Lies(last.At, l.Period),
        Measure m => Numbers(Measured(m), m.Operator, m.Value),
        AnyOrder o => Orders().Any(order => Holds(o.Of, order, null)),
        Sequence s => Chains(s),
        _ => throw new NotSupportedException(condition.GetType().Name),
    };

    private List<Happening> All(EventSource source)
    {
        var all = source.Event == "orderPlaced"
            ? Orders()
            : facts.Events.Where(e => e.Kind == source.Event && e.CountsAt <= now).Select(e => new Happening(e.CountsAt, e.Key, e.Content.Items, null, null)).ToList();
        return all.Where(h => source.Where is null || Holds(source.Where, h, null)).OrderBy(h => (h.At, h.Key)).ToList();
    }

    private List<Happening> Orders() => facts.Orders
        .Select(o => OrderFolding.Fold(o.PurchaseId, o.Parts, now))
        .OfType<Order>()
        .Select(o => new Happening(o.PlacedAt, o.Key, o.Items, o.Total, o.Status))
        .OrderBy(h => (h.At, h.Key))
        .ToList();

    private List<Happening> In(EventSource source, Period period) => All(source).Where(h => Lies(h.At, period)).ToList();

    private bool Lies(DateTimeOffset at, Period period) => period switch
    {
        Period.Within w => After(at, w.Window) > now,
        Period.OlderThan o => After(at, o.Window) <= now,
        Period.Since s => at >= s.Start.From,
        Period.Before b => at < b.End.From,
        Period.Between b => at >= b.From.From && at < b.To.End,
        _ => true,
    };

    private static DateTimeOffset After(DateTimeOffset at, Window window) => at.AddMonths(window.Months) + window.Time;

    private static bool Counts(int count, Happened h) => h.HowOften switch
    {
        HowOften.AtLeast => count >= h.Times,
        HowOften.AtMost => count <= h.Times,
        _ => count == h.Times,
    };

    private decimal? Measured(Measure m)
    {
        var happenings = In(m.Source, m.Period);
        if (m.Calculate == Calculation.Count)
            return happenings.Count;
        var values = m.Field!.Name switch
        {
            "order.total" => happenings.Select(h => h.Total),
            "order.quantity" => happenings.Select(h => (decimal?)h.Items.Sum(i => i.Quantity ?? 1)),
            "item.quantity" => happenings.SelectMany(h => h.Items.Where(i => m.Items is null || Holds(m.Items, h, i)).Select(i => i.Quantity)),
            _ => throw new NotSupportedException(m.Field.Name),
        };
        var numbers = values.OfType<decimal>().ToList();
        return m.Calculate switch
        {
            Calculation.Sum => numbers.Sum(),
            Calculation.Average => numbers.Count == 0 ? 0 : numbers.Sum() / numbers.Count,
            Calculation.Min => numbers.Count == 0 ? null : numbers.Min(),
            Calculation.Max => numbers.Count == 0 ? null : numbers.Max(),
            _ => numbers.Distinct().Count(),
        };
    }

    private static bool Numbers(decimal? number, Operator op, decimal with) => op switch
    {
        Operator.Equals => number is { } n && n == with,
        Operator.NotEquals => number is not { } n || n != with,
        Operator.GreaterThan => number is { } n && n > with,
        Operator.AtLeast => number is { } n && n >= with,
        Operator.LessThan => number is { } n && n < with,
        _ => number is { } n && n <= with,
    };

    private bool Compares(Compare c, Happening? happening, LineItem? item)
    {
        switch (c.Field.Name)
        {
            case "item.sku":
                var skus = ((Operand.Values)c.Operand).All.Select(v => ((FieldValue.Text)v).Value);
                return skus.Contains(item!.Sku) == (c.Operator == Operator.OneOf);
            case "item.quantity":
                return Numbers(item!.Quantity, c.Operator, ((FieldValue.Number)((Operand.Values)c.Operand).All[0]).Value);
            case "order.total":
                return Numbers(happening!.Total, c.Operator, ((FieldValue.Number)((Operand.Values)c.Operand).All[0]).Value);
            case "order.status":
                return happening!.Status == ((FieldValue.Text)((Operand.Values)c.Operand).All[0]).Value;
            case "event.at":
                return Moves(happening!.At, c);
            case "profile.customerSince":
                var asserted = facts.Attributes.LastOrDefault(a => a.Name == "customerSince" && a.At <= now);
                return asserted is not null && Moves(asserted.Value.GetDateTimeOffset(), c);
            default:
                throw new NotSupportedException(c.Field.Name);
        }
    }

    private bool Moves(DateTimeOffset at, Compare c)
    {
        var window = ((Operand.Span)c.Operand).Window;
        if (c.Operator == Operator.OlderThan)
            return After(at, window) <= now;
        if (c.Operator == Operator.Within)
            return at <= now && After(at, window) > now;
        return Enumerable.Range(0, 200).Any(years =>
        {
            var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero).AddYears(years);
            return day.AddMonths(-window.Months) - window.Time <= now && now < day.AddDays(1);
        });
    }

    private bool Chains(Sequence s)
    {
        var breaks = s.Without.SelectMany(All).ToList();
        return s.Steps.Count == 0 || All(s.Steps[0].Source).Any(first => Continues(s, breaks, first, first, 1));
    }

    private bool Continues(Sequence s, List<Happening> breaks, Happening first, Happening last, int step)
    {
        if (step < s.Steps.Count)
        {
            return All(s.Steps[step].Source)
                .Where(h => Later(h, last) && (s.Steps[step].After is not { } after || After(last.At, after) > h.At))
                .Any(h => Continues(s, breaks, first, h, step + 1));
        }

        return (s.Within is not { } within || After(last.At, within) > now)
            && (s.QuietFor is not { } quiet || After(last.At, quiet) <= now)
            && !breaks.Any(b => Later(b, first) && (s.QuietFor is not null || Later(last, b)));
    }

    private static bool Later(Happening a, Happening b) => (a.At, a.Key).CompareTo((b.At, b.Key)) > 0;
}
