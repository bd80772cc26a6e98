using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace PersonalizationPlatform.Bench;

/// <summary><c>bench</c>: starts the service on a loopback port and measures it over real connections. Figures mean something as ratios within one run.</summary>
public static class BenchRun
{
    /// <summary>What can be measured, in the order in which it is.</summary>
    internal static readonly IReadOnlyDictionary<string, Func<BenchStage, Task>> Measures = new Dictionary<string, Func<BenchStage, Task>>
    {
        ["ingest"] = Ingest.RunAsync,
        ["membership"] = Reads.MembershipAsync,
        ["fresh"] = Reads.FreshAsync,
        ["decision"] = Reads.DecisionsAsync,
        ["refresh"] = Refresh.RunAsync,
        ["cart"] = Carts.RunAsync,
        ["related"] = RelatedLists.RunAsync,
    };

    /// <summary>Runs the measures named, or all. Returns the exit code: 1 when something was wrong with what was measured.</summary>
    public static async Task<int> RunAsync(WebApplication app, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            var options = BenchOptions.Read(names, app.Configuration);
            await app.StartAsync(cancellationToken);
            await MeasureAsync(app, options, cancellationToken);
            return 0;
        }
        catch (BenchException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            return 1;
        }
        finally
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }
    }

    private static async Task MeasureAsync(WebApplication app, BenchOptions options, CancellationToken cancellationToken)
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        var report = new BenchReport(Console.Out);
        var stage = new BenchStage(
            new IPEndPoint(IPAddress.Parse(address.Host), address.Port), app.Configuration["Keys:Admin"]!, app.Configuration["Keys:Collect"]!, app.Services, options,
            new Traffic(options.Visitors, app.Services.GetRequiredService<TimeProvider>()), report, cancellationToken);
        await Shop.OpenAsync(stage);
        await Shop.FillAsync(stage);
        report.Begin();
        foreach (var (name, measure) in Measures)
            if (options.Measures.Contains(name))
                await measure(stage);
        if (options.Json is { } file)
            await report.WriteAsync(file, options, cancellationToken);
    }
}
