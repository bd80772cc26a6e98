using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Bench;

/// <summary>That the benchmark runs and checks its own figures; how fast anything is, no test says.</summary>
public sealed class BenchTests(PlatformServer server)
{
    [Fact]
    public async Task A_small_run_completes_its_counts_verify_and_nothing_is_left_behind()
    {
        var figures = Path.Combine(Path.GetTempPath(), $"bench-{Guid.NewGuid():n}.json");
        try
        {
            var before = await DatabasesAsync();
            var (exitCode, output) = await RunAsync("--seconds", "0.2", "--rounds", "1", "--visitors", "300", "--warm-up", "0", "--json", figures);
            Assert.True(exitCode == 0, output);
            Assert.Contains("as many stored", output);
            Assert.Contains("each seen by the request after its event", output);
            var rows = JsonNode.Parse(await File.ReadAllTextAsync(figures, TestContext.Current.CancellationToken))!["rows"]!.AsArray();
            Assert.All(rows, row => Assert.True((double)row!["perSecond"]! > 0, row!.ToJsonString()));
            Assert.Superset(
                new HashSet<string> { "copy rows", "storefront events", "event then segments", "fresh segments", "block decision", "refresh", "cart rules" },
                rows.Select(row => (string)row!["measure"]!).ToHashSet());
            Assert.Equal(before, await DatabasesAsync());
        }
        finally
        {
            File.Delete(figures);
        }
    }

    [Theory]
    [InlineData("There is no measure \"nothing\"", "nothing")]
    [InlineData("--seconds must be a number", "fresh", "--seconds", "soon")]
    public async Task A_run_that_cannot_be_meant_says_so(string expected, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, output);
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, "bench", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ConnectionStrings__Platform"] = server.Postgres.Connection("postgres");
        using var bench = Process.Start(start)!;
        var output = bench.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = bench.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bench.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (bench.ExitCode, await output + await errors);
    }

    private async Task<IReadOnlyList<string>> DatabasesAsync()
    {
        await using var connection = new NpgsqlConnection(server.Postgres.Connection("postgres") + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("select datname from pg_database where datname like 'personalization_bench%' order by datname", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            names.Add(reader.GetString(0));
        return names;
    }
}
