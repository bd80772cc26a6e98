using PersonalizationPlatform.Hosting;

namespace PersonalizationPlatform.Tests.Hosting;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", ProgramCommand.Serve, false, "", "")]
    [InlineData("--empty", ProgramCommand.Serve, true, "", "")]
    [InlineData("--urls http://127.0.0.1:1 --empty", ProgramCommand.Serve, true, "", "--urls http://127.0.0.1:1")]
    [InlineData("--empty --Keys:Admin=sk_x", ProgramCommand.Serve, true, "", "--Keys:Admin=sk_x")]
    [InlineData("openapi api.json --Limits:RequestBytes=1", ProgramCommand.OpenApi, false, "api.json", "--Limits:RequestBytes=1")]
    [InlineData("healthcheck", ProgramCommand.HealthCheck, false, "", "")]
    [InlineData("bench ingest fresh --seconds 2", ProgramCommand.Bench, false, "ingest fresh", "--seconds 2")]
    [InlineData("--help", ProgramCommand.Help, false, "", "")]
    [InlineData("serve", ProgramCommand.Unknown, false, "", "")]
    public void A_command_line_is_a_command_its_operands_and_settings(string line, ProgramCommand command, bool empty, string operands, string settings)
    {
        var parsed = CommandLine.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(command, parsed.Command);
        Assert.Equal(empty, parsed.Empty);
        Assert.Equal(operands, string.Join(' ', parsed.Operands));
        Assert.Equal(settings, string.Join(' ', parsed.Settings));
    }
}
