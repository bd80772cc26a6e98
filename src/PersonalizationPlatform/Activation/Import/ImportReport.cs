namespace PersonalizationPlatform.Activation.Import;

/// <summary>What became of an import, line by line.</summary>
/// <param name="Totals">By part of the body.</param>
/// <param name="Items">In the order they were worked off; those without notes only among the first 10,000, and at most 10,000 notes together.</param>
/// <param name="MoreItems">How many items are counted in <paramref name="Totals"/> but not listed.</param>
public sealed record ImportReport(
    bool DryRun, IReadOnlyDictionary<string, ImportTotals> Totals, IReadOnlyList<ImportedItem> Items, long MoreItems = 0);

/// <summary>How many items of one part ended how.</summary>
public sealed record ImportTotals(long Created = 0, long Updated = 0, long Unchanged = 0, long Draft = 0, long Refused = 0)
{
    internal ImportTotals And(ImportOutcome outcome, long count) => outcome switch
    {
        ImportOutcome.Created => this with { Created = Created + count },
        ImportOutcome.Updated => this with { Updated = Updated + count },
        ImportOutcome.Unchanged => this with { Unchanged = Unchanged + count },
        ImportOutcome.Draft => this with { Draft = Draft + count },
        _ => this with { Refused = Refused + count },
    };
}

/// <summary>One item of the body.</summary>
/// <param name="Part">The member of the body it stood in, e.g. <c>salesRules</c>; <c>websites</c> for one that an item named and nobody had described.</param>
/// <param name="Path">Where it stood in the body.</param>
/// <param name="ExternalId">What Adobe Commerce calls it: a rule's, segment's or coupon's id, a group's or website's number, a product's id or, without one, its SKU.</param>
/// <param name="Id">Its id here, where it has one.</param>
/// <param name="Code">Of a coupon: its code, by which it is known here.</param>
public sealed record ImportedItem(
    string Part, string Path, ImportOutcome Outcome, IReadOnlyList<ImportNote> Notes, string? ExternalId = null, Guid? Id = null, string? Code = null);

/// <summary>Something that was carried over differently, or not.</summary>
/// <param name="Path">Where in the body, e.g. <c>$.salesRules.items[3].condition.conditions[0].operator</c>.</param>
public sealed record ImportNote(string Code, string Detail, string Path);

/// <summary>How an item ended.</summary>
public enum ImportOutcome
{
    Created,
    Updated,

    /// <summary>It already stands here as the body says.</summary>
    Unchanged,

    /// <summary>Created or updated as a draft, because something in it could not be carried over: it decides nothing until a person publishes it.</summary>
    Draft,

    /// <summary>Left out.</summary>
    Refused,
}

/// <summary>Collects a report within its bounds.</summary>
internal sealed class ReportBuilder(bool dryRun, ImportReport? before = null)
{
    internal const int MaxItems = 10_000;
    internal const int MaxNotes = 10_000;

    private static readonly string Rules = ImportItem.MemberOf(ImportPart.SalesRules);

    private HashSet<string> refusedRules = (before?.Items ?? [])
        .Where(item => item.Part == Rules && item is { Outcome: ImportOutcome.Refused, ExternalId: not null }).Select(item => item.ExternalId!).ToHashSet(StringComparer.Ordinal);

    private Dictionary<string, ImportTotals> totals = new(before?.Totals ?? new Dictionary<string, ImportTotals>());
    private readonly List<ImportedItem> items = [.. before?.Items ?? []];
    private long more = before?.MoreItems ?? 0;
    private int notes = before?.Items.Sum(item => item.Notes.Count) ?? 0;

    /// <summary>Whether the rule was refused when it was last taken; of an import in pieces, as far as the report lists it.</summary>
    public bool IsRefused(string rule) => refusedRules.Contains(rule);

    /// <summary>Gives what takes the report back to where it stands now.</summary>
    public Action Mark()
    {
        var (countedTotals, listed, counted, noted, refused) =
            (new Dictionary<string, ImportTotals>(totals), items.Count, more, notes, new HashSet<string>(refusedRules, StringComparer.Ordinal));
        return () =>
        {
            totals = countedTotals;
            items.RemoveRange(listed, items.Count - listed);
            (more, notes, refusedRules) = (counted, noted, refused);
        };
    }

    public void Add(string part, string? externalId, string path, ImportOutcome outcome, Guid? id, IReadOnlyList<ImportNote> said, string? code = null)
    {
        if (part == Rules && externalId is not null)
        {
            if (outcome == ImportOutcome.Refused)
                refusedRules.Add(externalId);
            else
                refusedRules.Remove(externalId);
        }

        AddMany(part, outcome, 1);
        if (!List(part, externalId, path, outcome, id, said, code))
            more++;
    }

    /// <summary>Counts items that are not listed one by one.</summary>
    public void AddMany(string part, ImportOutcome outcome, long count) => totals[part] = totals.GetValueOrDefault(part, new()).And(outcome, count);

    /// <summary>Lists what was counted already; false when the report is full.</summary>
    public bool List(string part, string? externalId, string path, ImportOutcome outcome, Guid? id, IReadOnlyList<ImportNote> said, string? code = null)
    {
        if (said.Count == 0 ? items.Count >= MaxItems : notes >= MaxNotes)
            return false;
        IReadOnlyList<ImportNote> kept = [.. said.Take(MaxNotes - notes)];
        notes += kept.Count;
        items.Add(new(part, path, outcome, kept, externalId, id, code));
        return true;
    }

    public ImportReport Build() => new(dryRun, totals, items, more);
}
