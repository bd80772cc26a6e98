using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions.Publications;
using PersonalizationPlatform.Demo;
using Serilog;

namespace PersonalizationPlatform.Hosting;

/// <summary>The process around the capabilities: server limits, log, documentation, and what happens before the first request.</summary>
public static class HostingSetup
{
    public static WebApplicationBuilder AddHosting(this WebApplicationBuilder builder, CommandLine commandLine)
    {
        if (commandLine.Empty)
            builder.Configuration["Demo:Load"] = "false";
        builder.Services.AddSingleton(TimeProvider.System);
        // Nothing static: several services may run in one process, each with its own log.
        builder.Services.AddSerilog(log => log.ReadFrom.Configuration(builder.Configuration), preserveStaticLogger: true);
        builder.Services.AddOpenApiDocument();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = builder.Configuration.GetValue("Limits:RequestBytes", 64L << 20);
            // Slow phones are slow: the server would answer 408, which makes browsers send the request again by themselves.
            // Whoever must be protected from deliberately slow clients puts a reverse proxy in front.
            server.Limits.MinRequestBodyDataRate = null;
            // Not infinite: the server computes with that until it overflows, and then any request whose head comes in two pieces
            // around one of its ticks, a second apart, is answered 408.
            server.Limits.RequestHeadersTimeout = TimeSpan.FromHours(1);
        });
        return builder;
    }

    /// <summary>The road of a request, outermost first.</summary>
    public static WebApplication UseHosting(this WebApplication app)
    {
        app.UseMiddleware<RequestLog>();
        app.UseSwaggerUI(options =>
        {
            options.RoutePrefix = "swagger";
            options.SwaggerEndpoint("/openapi/v1.json", "PersonalizationPlatform v1");
            options.DocumentTitle = "PersonalizationPlatform API";
            options.EnablePersistAuthorization();
            options.EnableDeepLinking();
            options.EnableTryItOutByDefault();
            options.DefaultModelsExpandDepth(0);
        });
        return app;
    }

    /// <summary>
    /// Migrations, secrets, the demo shop, first keys, and publications whose time came while nobody ran: no decision is to see the state
    /// before them. The service does not listen before that is done. False when interrupted.
    /// </summary>
    public static async Task<bool> PrepareAsync(this WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.Services.GetRequiredService<Migrating>().PrepareAsync(FirstTimeAsync, cancellationToken);
            await app.Services.GetRequiredService<DuePublications>().ApplyOnceAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        // Only now is the identity secret known, without which nothing can be loaded. Keys come last: generated ones are told
        // once, by this start, and must not be made by one that is interrupted while it loads.
        async Task FirstTimeAsync(CancellationToken underLock)
        {
            await app.Services.GetRequiredService<DemoShop>().EnsureAsync(underLock);
            await app.Services.GetRequiredService<KeySeeds>().EnsureAsync(underLock);
        }
    }

    /// <summary>Has the banner printed once the server listens.</summary>
    public static void PrintBannerWhenStarted(this WebApplication app) =>
        app.Lifetime.ApplicationStarted.Register(() => Banner.Print(app.Services, Console.Out));
}
