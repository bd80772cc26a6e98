using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Hosting;
using PersonalizationPlatform.Http;

var commandLine = CommandLine.Parse(args);
if (commandLine.Command == ProgramCommand.Help)
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = commandLine.Settings, ContentRootPath = AppContext.BaseDirectory });
if (commandLine.Command == ProgramCommand.HealthCheck)
    return await HealthCheck.RunAsync(builder.Configuration);

// Technical ground, then the capabilities from the lowest floor up.
builder.AddHosting(commandLine);
builder.Services.AddHttp(builder.Configuration);
builder.Services.AddDatabase(builder.Configuration);
builder.Services.AddAccess(builder.Configuration);

if (commandLine.Command == ProgramCommand.OpenApi)
    return await WriteOpenApi.RunAsync(builder, commandLine.Operands);

// Without a server of the operator's, one of our own, which starts before the service and stops after it.
await using var postgres = await builder.StartPrivatePostgresAsync();

var app = builder.Build();
app.UseHosting();
app.UseProblems();
app.UseRouting();
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();
app.MapControllers().RequireAuthorization();
app.MapOpenApi().AllowAnonymous();

await app.PrepareAsync();
app.PrintBannerWhenStarted();
await app.RunAsync();
return 0;
