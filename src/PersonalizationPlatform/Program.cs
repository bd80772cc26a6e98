using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation;
using PersonalizationPlatform.Bench;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Demo;
using PersonalizationPlatform.Edge;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Hosting;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.SegmentApi;
using PersonalizationPlatform.Segments;
using PersonalizationPlatform.Shoppers;
using PersonalizationPlatform.Storefront;
using PersonalizationPlatform.Websites;

var commandLine = CommandLine.Parse(args);
if (commandLine.Command is ProgramCommand.Help or ProgramCommand.Unknown)
{
    var known = commandLine.Command == ProgramCommand.Help;
    await (known ? Console.Out : Console.Error).WriteLineAsync(CommandLine.Usage);
    return known ? 0 : 2;
}

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = commandLine.Settings, ContentRootPath = AppContext.BaseDirectory });
if (commandLine.Command == ProgramCommand.HealthCheck)
    return await HealthCheck.RunAsync(builder.Configuration);
await using var ground = commandLine.Command == ProgramCommand.Bench ? await BenchGround.PrepareAsync(builder) : null;

// Technical ground, then the capabilities from the lowest floor up.
builder.AddHosting(commandLine);
builder.Services.AddHttp(builder.Configuration);
builder.Services.AddDatabase(builder.Configuration);
builder.Services.AddAccess(builder.Configuration);
builder.Services.AddDefinitions(builder.Configuration);
builder.Services.AddWebsites(builder.Configuration);
builder.Services.AddCatalog(builder.Configuration);
builder.Services.AddProfiles();
builder.Services.AddEvents(builder.Configuration);
builder.Services.AddSegments(builder.Configuration);
builder.Services.AddShoppers();
builder.Services.AddActivation(builder.Configuration);
builder.Services.AddEdge(builder.Configuration);
builder.Services.AddSegmentApi(builder.Configuration);
builder.Services.AddStorefront();
builder.Services.AddDemo(builder.Configuration);

if (commandLine.Command == ProgramCommand.OpenApi)
    return await WriteOpenApi.RunAsync(builder, commandLine.Operands);

// From here on Ctrl-C must not simply end the process: it would leave a server behind.
using var interruption = new Interruption();

// Without a server of the operator's, one of our own, which starts before the service and stops after it.
await using var postgres = await builder.StartPrivatePostgresAsync();

var app = builder.Build();
app.UseHosting();
app.UseProblems();
app.UseRouting();
app.UseCors();
app.UseAuthentication();
app.UseAuthorization();
app.UseMiddleware<RateLimits>();
app.MapControllers().RequireAuthorization();
app.MapOpenApi().AllowAnonymous();

if (!await app.PrepareAsync(interruption.Token))
    return Interruption.ExitCode;
if (commandLine.Command == ProgramCommand.Bench)
    return await BenchRun.RunAsync(app, commandLine.Operands, interruption.Token);
app.PrintBannerWhenStarted();
await app.RunAsync(interruption.Token);
return 0;
