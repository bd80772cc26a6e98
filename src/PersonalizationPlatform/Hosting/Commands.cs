using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Hosting;

/// <summary><c>healthcheck</c>: asks the service of this configuration whether it is ready.</summary>
internal static class HealthCheck
{
    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        // The same settings the server listens by: addresses, or only ports as the container images set them.
        var address = (configuration["urls"] ?? (configuration["http_ports"] is { Length: > 0 } port ? $"http://localhost:{port.Split(';')[0]}" : "http://localhost:5000"))
            .Split(';')[0].Replace("://+", "://localhost", StringComparison.Ordinal).Replace("://*", "://localhost", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://localhost", StringComparison.Ordinal);
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await client.GetAsync(new Uri(new Uri(address), "health/ready"));
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}

/// <summary><c>openapi &lt;file&gt;</c>: writes the OpenAPI document, without a database.</summary>
internal static class WriteOpenApi
{
    public static async Task<int> RunAsync(WebApplicationBuilder builder, IReadOnlyList<string> operands)
    {
        if (operands is not [var file])
        {
            await Console.Error.WriteLineAsync("Say where to: openapi <file>");
            return 2;
        }

        await using var app = builder.Build();
        app.MapControllers();
        await File.WriteAllTextAsync(file, await OpenApiDocument.WriteAsync(app.Services, CancellationToken.None));
        return 0;
    }
}

/// <summary>The server of our own.</summary>
internal static class PrivateServer
{
    /// <summary>Starts it when <c>ConnectionStrings:Platform</c> is not set, and sets that; otherwise null.</summary>
    public static async Task<PrivatePostgres?> StartPrivatePostgresAsync(this WebApplicationBuilder builder)
    {
        const string connection = "ConnectionStrings:" + DatabaseSetup.ConnectionName;
        if (!string.IsNullOrEmpty(builder.Configuration[connection]))
            return null;
        try
        {
            var postgres = await PrivatePostgres.StartAsync(
                new PrivatePostgresOptions(builder.Configuration["Data:Directory"] ?? ".data"), CancellationToken.None);
            builder.Configuration[connection] = postgres.ConnectionString;
            builder.Services.AddPrivatePostgres(postgres);
            return postgres;
        }
        catch (PrivatePostgresException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            Environment.Exit(1);
            return null;
        }
    }
}
