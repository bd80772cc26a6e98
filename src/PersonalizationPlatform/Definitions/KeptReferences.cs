namespace PersonalizationPlatform.Definitions;

/// <summary>
/// The archived definitions that one may go on naming: those it names already, so that whoever edits only its name is not held up by what
/// became of them. Any other archived one is named by mistake, as if it were not there.
/// </summary>
public sealed class KeptReferences
{
    private readonly string stored;
    private readonly bool all;

    private KeptReferences(string stored, bool all) => (this.stored, this.all) = (stored, all);

    /// <summary>None: a new definition.</summary>
    public static KeptReferences None { get; } = new("", false);

    /// <summary>All of them: nothing is kept of what is asked.</summary>
    public static KeptReferences All { get; } = new("", true);

    /// <summary>Those named in what stands now.</summary>
    /// <param name="stored">Its body, or the part with its references; references are ids.</param>
    public static KeptReferences In(string? stored) => new(stored ?? "", false);

    /// <inheritdoc cref="In(string?)"/>
    public static KeptReferences In(params IEnumerable<Guid> named) => new(string.Join(' ', named), false);

    public bool Has(Guid id) => all || stored.Contains(id.ToString(), StringComparison.OrdinalIgnoreCase);
}
