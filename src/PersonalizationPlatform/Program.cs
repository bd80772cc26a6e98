using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Hosting;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Profiles;
using PersonalizationPlatform.Segments;
using PersonalizationPlatform.Shoppers;

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
builder.Services.AddCatalog(builder.Configuration);
builder.Services.AddProfiles();
builder.Services.AddEvents(builder.Configuration);
builder.Services.AddSegments(builder.Configuration);
builder.Services.AddShoppers();
builder.Services.AddActivation(builder.Configuration);

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
