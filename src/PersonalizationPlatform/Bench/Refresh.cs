using System.Diagnostics;
using PersonalizationPlatform.Segments.Membership;

namespace PersonalizationPlatform.Bench;

/// <summary>How many profiles a second the refresher settles: claimed by their marks, judged and written.</summary>
internal static class Refresh
{
    public static async Task RunAsync(BenchStage stage)
    {
        var refresher = stage.Services.GetRequiredService<Refresher>();
        var (profiles, elapsed) = await RepeatAsync(stage, refresher);
        stage.Report.Add(new BenchRow("refresh", "marked profiles", profiles / elapsed.TotalSeconds));
    }

    private static async Task<(int Profiles, TimeSpan Elapsed)> RepeatAsync(BenchStage stage, Refresher refresher)
    {
        var profiles = 0;
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed.TotalSeconds < stage.Options.Seconds && await refresher.RefreshOnceAsync(stage.CancellationToken) is > 0 and var done)
            profiles += done;
        return (profiles, watch.Elapsed);
    }
}
