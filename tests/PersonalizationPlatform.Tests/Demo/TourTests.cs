using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Demo;

/// <summary>The tour in README.md does what it says, word for word.</summary>
public sealed partial class TourTests(PlatformServer server)
{
    private const string Address = "http://127.0.0.1:5080";
    private const string Mark = "=== end of step ===";

    [Fact]
    public async Task The_tour_of_the_readme_runs_word_for_word()
    {
        var tour = Tour();
        var settings = new Dictionary<string, string?>
        {
            ["ConnectionStrings__Platform"] = await server.CloneAsync(),
            ["Demo__Load"] = "true",
        };
        foreach (Match setting in Setting().Matches(tour.Start))
            settings[setting.Groups[1].Value] = setting.Groups[2].Value;
        Assert.Contains("Keys__Admin", settings.Keys);

        await using var service = await RealService.StartAsync(settings);
        var script = string.Concat(tour.Steps.Select(step => step.Commands + $"\necho '{Mark}'\n"));
        Assert.Contains(Address, script, StringComparison.Ordinal);
        var printed = await BashAsync(script.Replace(Address, service.Address.ToString().TrimEnd('/'), StringComparison.Ordinal));

        var outputs = printed.Split(Mark);
        Assert.Equal(tour.Steps.Count + 1, outputs.Length);
        var differences = new List<string>();
        foreach (var (step, output) in tour.Steps.Zip(outputs))
        {
            if (!Matches(step.Output, output))
                differences.Add($"{step.Commands}\nprinted:  {output.Trim()}\nnot what README.md shows:\n{step.Output}");
        }

        Assert.True(tour.Steps.Count(step => step.Output.Length > 0) >= 9, "The tour shows too little.");
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    /// <summary>Line breaks and indentation of the README do not matter; … stands for anything.</summary>
    private static bool Matches(string shown, string printed)
    {
        var pattern = string.Join(".*", Dense(shown).Split('…').Select(Regex.Escape));
        return Regex.IsMatch(Dense(printed), $"^{pattern}$", RegexOptions.Singleline);
    }

    private static string Dense(string text) => Whitespace().Replace(text, "");

    /// <summary>How the tour starts the service, and its commands, each with the output shown below it.</summary>
    private static (string Start, IReadOnlyList<(string Commands, string Output)> Steps) Tour()
    {
        var readme = File.ReadAllText(Path.Combine(Snapshot.Root, "README.md"));
        var chapter = readme[readme.IndexOf("## A tour", StringComparison.Ordinal)..readme.IndexOf("## Where to go next", StringComparison.Ordinal)];
        var start = "";
        var steps = new List<(string Commands, string Output)>();
        foreach (Match fence in Fence().Matches(chapter))
        {
            var text = fence.Groups[2].Value;
            switch (fence.Groups[1].Value)
            {
                case "sh":
                    start = text;
                    break;
                case "bash":
                    steps.Add((text, ""));
                    break;
                case "json":
                    steps[^1] = (steps[^1].Commands, text);
                    break;
            }
        }

        return (start, steps);
    }

    private static async Task<string> BashAsync(string script)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-s"])
        {
            WorkingDirectory = Snapshot.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
        })!;
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var errors = bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var printed = await bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await errors);
        return printed;
    }

    [GeneratedRegex("^```([a-z]+)\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"(\w+__\w+)=(\S+)")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
