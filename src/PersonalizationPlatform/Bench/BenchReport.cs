using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PersonalizationPlatform.Bench;

/// <summary>One figure.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Shape">Under which load.</param>
/// <param name="PerSecond">Events, rows, requests or profiles a second.</param>
/// <param name="P50">Milliseconds; half the requests took no longer.</param>
/// <param name="P99">Milliseconds; 99 of 100 took no longer.</param>
/// <param name="Ratio">The rate as a share of <paramref name="Of"/>, measured in the same run.</param>
/// <param name="Of"><c>R</c>: rows/s of a raw binary COPY; <c>H</c>: requests/s when an answer needs nothing.</param>
public sealed record BenchRow(string Measure, string Shape, double PerSecond, double? P50 = null, double? P99 = null, double? Ratio = null, string? Of = null)
{
    /// <summary>Bytes allocated for one, where that was measured.</summary>
    public double? Bytes { get; init; }
}

/// <summary>Collects the figures of a run, and prints each as soon as there is one.</summary>
public sealed class BenchReport(TextWriter console)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly List<BenchRow> rows = [];

    /// <summary>Tells what is being done, between figures.</summary>
    public void Say(string text) => console.WriteLine(text);

    public void Begin() => console.WriteLine($"\n{"measure",-22}{"shape",-26}{"per second",12}{"p50 ms",10}{"p99 ms",10}{"ratio",12}\n{new string('-', 92)}");

    public void Add(BenchRow row)
    {
        rows.Add(row);
        var ratio = row.Ratio is { } share ? string.Create(CultureInfo.InvariantCulture, $"{share:0.000} {row.Of}") : "";
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Measure,-22}{row.Shape,-26}{row.PerSecond,12:N0}{row.P50,10:0.00}{row.P99,10:0.00}{ratio,12}"));
    }

    internal void Add(string measure, string shape, IReadOnlyList<LoadResult> rounds, double baseline, string of)
    {
        var (perSecond, all) = LoadResult.Together(rounds);
        Add(new BenchRow(measure, shape, perSecond, all.Milliseconds(0.5), all.Milliseconds(0.99), perSecond / baseline, of));
    }

    /// <summary>The run as JSON: options, processors, figures.</summary>
    public Task WriteAsync(string file, BenchOptions options, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(file, JsonSerializer.Serialize(new { Processors = Environment.ProcessorCount, options, Rows = rows }, Json), cancellationToken);
}
