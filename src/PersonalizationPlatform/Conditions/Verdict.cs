namespace PersonalizationPlatform.Conditions;

/// <summary>
/// What a condition says at an instant, and the earliest instant at which time alone could flip it (null = never).
/// <see cref="ChangesAt"/> is always later than the instant judged; it may be earlier than the real flip, never later.
/// </summary>
public readonly record struct Verdict(bool Matches, DateTimeOffset? ChangesAt)
{
    public static readonly Verdict True = new(true, null);
    public static readonly Verdict False = new(false, null);

    /// <summary>The same deadline, the opposite answer.</summary>
    public Verdict Not() => new(!Matches, ChangesAt);

    /// <summary>The earlier of two deadlines, null meaning never.</summary>
    public static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null ? a : a < b ? a : b;
}
