using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Decisions;

/// <summary>Reads what is asked of a decision on blocks.</summary>
internal static class BlockPlacements
{
    private const int MaxPlacements = 100;

    /// <summary>Each once, in order; 400 <c>decision.placements</c>.</summary>
    public static IReadOnlyList<string> Read(IReadOnlyList<string>? given, string path)
    {
        var placements = given?.Distinct(StringComparer.Ordinal).ToList() ?? [];
        return placements.Count is > 0 and <= MaxPlacements && !placements.Contains(null!)
            ? placements
            : throw ProblemException.Invalid(
                "decision.placements", "Say where blocks are wanted.",
                new ProblemError(path, "decision.placements", $"This must be a list of 1 to {MaxPlacements} locations or block keys."));
    }
}
