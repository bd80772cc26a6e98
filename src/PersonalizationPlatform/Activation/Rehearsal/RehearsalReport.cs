namespace PersonalizationPlatform.Activation.Rehearsal;

/// <summary>What a rehearsal found. Counts are exact: every order or visit of the period was looked at.</summary>
public sealed record RehearsalReport
{
    /// <summary>Orders or visits looked at.</summary>
    public required long Looked { get; init; }

    /// <summary>Those the definition would have applied to.</summary>
    public required long Matched { get; init; }

    /// <summary>Different shoppers among the matched.</summary>
    public required long Shoppers { get; init; }

    /// <summary>The website's currency; for carts.</summary>
    public string? Currency { get; init; }

    /// <summary>What the rule would have cost, in <see cref="Currency"/>; for carts.</summary>
    public decimal? Discount { get; init; }

    /// <summary>Value of the lines of the matched orders; for carts.</summary>
    public decimal? Revenue { get; init; }

    /// <summary>Page views on which the block would have shown, or product views in visits without page views; for blocks.</summary>
    public long? Views { get; init; }

    /// <summary>Left out, by reason: <c>otherCurrency</c>, <c>withoutLines</c>, <c>canceled</c>.</summary>
    public required IReadOnlyDictionary<string, long> LeftOut { get; init; }

    /// <summary>Every day of the period on which anything was looked at.</summary>
    public required IReadOnlyList<RehearsedDay> ByDay { get; init; }

    /// <summary>By live segment the shopper was in at that time; one shopper may be in several.</summary>
    public required IReadOnlyList<RehearsedSegment> BySegment { get; init; }

    /// <summary>The products that cost the most, or were seen the most; at most a hundred.</summary>
    public required IReadOnlyList<RehearsedProduct> ByProduct { get; init; }
    public required IReadOnlyList<RehearsedExample> Examples { get; init; }

    /// <summary>What the figures rest on, in sentences.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }
}

/// <summary>One day, in the website's time zone.</summary>
public sealed record RehearsedDay(DateOnly Day, long Looked, long Matched, decimal? Discount);

/// <summary>One segment.</summary>
public sealed record RehearsedSegment(Guid Segment, string Key, string Name, long Looked, long Matched, decimal? Discount);

/// <summary>One product.</summary>
/// <param name="Matched">Orders or page views with it.</param>
/// <param name="Quantity">Units in matched orders.</param>
public sealed record RehearsedProduct(string Sku, long Matched, decimal? Quantity, decimal? Discount);

/// <summary>One order or visit the definition would have applied to.</summary>
/// <param name="Reference">The order's number; absent for visits.</param>
/// <param name="Profile">Whose it was.</param>
/// <param name="Value">Value of the order's lines.</param>
public sealed record RehearsedExample(string? Reference, DateTimeOffset At, Guid Profile, decimal? Value, decimal? Discount, IReadOnlyList<string> Skus);

/// <summary>A rehearsal and how far it is.</summary>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Report">When done.</param>
/// <param name="Failure">A code, when failed.</param>
public sealed record RehearsalAnswer(
    Guid Id, RehearsalKind Kind, RehearsalStatus Status, decimal Progress, DateOnly From, DateOnly To, string Website, DateTimeOffset CreatedAt,
    Http.RawJson? Report, string? Failure)
{
    internal static RehearsalAnswer Of(RehearsalRun run) => new(
        run.Id, run.Kind, run.Status, run.Progress, run.From, run.To, run.Website, run.CreatedAt, run.Report is { } report ? new(report) : null, run.Failure);
}
