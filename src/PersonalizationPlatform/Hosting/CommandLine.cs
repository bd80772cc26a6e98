namespace PersonalizationPlatform.Hosting;

/// <summary>What the program was started to do.</summary>
public enum ProgramCommand
{
    /// <summary>Run the service.</summary>
    Serve,

    /// <summary>Write the OpenAPI document to a file.</summary>
    OpenApi,

    /// <summary>Ask a running service whether it is ready, for containers without curl.</summary>
    HealthCheck,

    /// <summary>Measure the service on data of its own.</summary>
    Bench,

    /// <summary>Explain the command line.</summary>
    Help,

    /// <summary>A word that is none of these.</summary>
    Unknown,
}

/// <summary>The command line: an optional command word, <c>--empty</c>, and settings as ASP.NET Core takes them (<c>--Name:Key=value</c>).</summary>
/// <param name="Empty">Whether to start without the demo shop.</param>
/// <param name="Operands">What follows the command word without being an option.</param>
/// <param name="Settings">Everything else, for the configuration.</param>
public sealed record CommandLine(ProgramCommand Command, bool Empty, IReadOnlyList<string> Operands, string[] Settings)
{
    public const string Usage = """
        PersonalizationPlatform [command] [--empty] [--Name:Key=value ...]

          (no command)      run the service; --empty leaves out the demo shop
          openapi <file>    write the OpenAPI document
          healthcheck       exit with 0 when the service of this configuration is ready
          bench [name ...]  measure the service on data of its own; docs/performance.md
          help              this text

        Settings are described in docs/operating.md.
        """;

    public static CommandLine Parse(string[] args)
    {
        var command = args.FirstOrDefault() switch
        {
            "openapi" => ProgramCommand.OpenApi,
            "healthcheck" => ProgramCommand.HealthCheck,
            "bench" => ProgramCommand.Bench,
            "help" or "--help" or "-h" => ProgramCommand.Help,
            null or ['-', ..] => ProgramCommand.Serve,
            _ => ProgramCommand.Unknown,
        };
        var rest = (command == ProgramCommand.Serve ? args : args.Skip(1)).Where(arg => arg != "--empty").ToList();
        var operands = rest.TakeWhile(arg => command != ProgramCommand.Serve && !arg.StartsWith('-')).ToList();
        return new CommandLine(command, args.Contains("--empty"), operands, [.. rest.Skip(operands.Count)]);
    }
}
