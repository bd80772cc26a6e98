using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Tests.Crash;

/// <summary>A PostgreSQL of a test class's own, which may be killed, frozen and set up anew.</summary>
internal sealed class PostgresOfItsOwn : IAsyncDisposable
{
    private readonly string directory = Path.Combine(Path.GetTempPath(), "personalization-own-" + Guid.NewGuid().ToString("n")[..12]);
    private PrivatePostgres? postgres;

    public PrivatePostgres Server => postgres ?? throw new InvalidOperationException("The server has not been started.");

    public string DataDirectory => Path.Combine(Server.Home, "data");

    public async Task<string> StartAsync()
    {
        postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(directory), TestContext.Current.CancellationToken);
        return postgres.ConnectionString;
    }

    public async ValueTask DisposeAsync()
    {
        var home = Server.Home;
        await Server.DisposeAsync();
        foreach (var left in new[] { directory, home }.Where(Directory.Exists))
            Directory.Delete(left, recursive: true);
    }
}
