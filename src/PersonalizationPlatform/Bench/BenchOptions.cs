using System.Globalization;

namespace PersonalizationPlatform.Bench;

/// <summary>A run of the benchmark cannot go on, or what it measured was wrong; the message says why.</summary>
public sealed class BenchException(string message) : Exception(message);

/// <summary>What a run measures, and how much of it.</summary>
/// <param name="Measures">Names of <see cref="BenchRun.Measures"/>; all when none is given.</param>
/// <param name="Seconds">How long each figure is measured, over all rounds.</param>
/// <param name="Rounds">Figures that are compared with each other take turns this often; what is told is their median.</param>
/// <param name="Visitors">How many shoppers there are, each with <paramref name="History"/> events before anything is measured.</param>
/// <param name="History">Events each shopper has to begin with.</param>
/// <param name="WarmUp">Seconds of load before anything is measured at a steady rate.</param>
/// <param name="Json">Where to write the figures as JSON as well.</param>
public sealed record BenchOptions(IReadOnlyList<string> Measures, double Seconds, int Rounds, int Visitors, int History, double WarmUp, string? Json)
{
    /// <summary>Reads names and <c>--seconds</c>, <c>--rounds</c>, <c>--visitors</c>, <c>--history</c>, <c>--warm-up</c>, <c>--json</c>.</summary>
    /// <exception cref="BenchException">An unknown name or a number out of range.</exception>
    internal static BenchOptions Read(IReadOnlyList<string> names, IConfiguration settings)
    {
        foreach (var name in names)
            if (!BenchRun.Measures.ContainsKey(name))
                throw new BenchException($"There is no measure \"{name}\"; there are {string.Join(", ", BenchRun.Measures.Keys)}.");
        return new BenchOptions(
            names.Count > 0 ? names : [.. BenchRun.Measures.Keys], Number(settings, "seconds", 6, 0.1, 3_600), (int)Number(settings, "rounds", 3, 1, 100),
            (int)Number(settings, "visitors", 200_000, 100, 10_000_000), (int)Number(settings, "history", 1, 1, 1_000),
            Number(settings, "warm-up", 5, 0, 600), settings["json"]);
    }

    private static double Number(IConfiguration settings, string name, double usual, double least, double most)
    {
        if (settings[name] is not { } text)
            return usual;
        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number : throw new BenchException($"--{name} must be a number from {least} to {most}.");
    }
}
