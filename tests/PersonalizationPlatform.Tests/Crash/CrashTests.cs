using System.Globalization;
using Npgsql;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Crash;

/// <summary>
/// kill -9 under load, with a PostgreSQL of its own that writes through to the disk: what was acknowledged is there once, and what was
/// not is there at most once.
/// </summary>
public abstract class CrashTests : IAsyncLifetime
{
    private protected const int Clients = 6;

    private readonly string directory = Path.Combine(Path.GetTempPath(), "personalization-crash-" + Guid.NewGuid().ToString("n")[..12]);

    private protected string DataDirectory => Path.Combine(directory, "postgres", "data");

    private protected RealService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Service = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Service.DisposeAsync();
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private protected async Task RestartAsync()
    {
        await Service.KillAsync();
        await Service.DisposeAsync();
        Service = await StartAsync();
    }

    private protected async Task AssertStoredOnceAsync(IReadOnlyCollection<string> acknowledged)
    {
        var home = Path.Combine(directory, "postgres");
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(await File.ReadAllTextAsync(Path.Combine(home, "port"), TestContext.Current.CancellationToken), CultureInfo.InvariantCulture),
            Username = "platform",
            Password = await File.ReadAllTextAsync(Path.Combine(home, "password"), TestContext.Current.CancellationToken),
            Database = "platform",
            Pooling = false,
        }.ConnectionString);
        Assert.Equal("on", await ValueAsync<string>(database, "show fsync"));
        var stored = await ValueAsync<string[]>(database, "select array_agg(id) from event");
        Assert.Equal(stored.Length, stored.Distinct().Count());
        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal(stored.Length, await ValueAsync<decimal>(database, "select sum(count) from identity_kind"));
        Assert.Equal(
            await ValueAsync<long>(database, "select count(*) from event where kind = 'completeCheckout'"), await ValueAsync<long>(database, "select count(*) from order_part"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{acknowledged.Count} events acknowledged, {stored.Length} stored");
    }

    private Task<RealService> StartAsync() => RealService.StartAsync(new Dictionary<string, string?> { ["Data__Directory"] = directory });

    private static async Task<T> ValueAsync<T>(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}

public sealed class ServiceCrashTests : CrashTests
{
    [Fact]
    public async Task What_a_killed_service_acknowledged_is_stored_once()
    {
        await using var clients = new RetryingClients(Clients, () => Service.Browser);
        for (var round = 0; round < 3; round++)
        {
            await clients.MoreAsync(200);
            await RestartAsync();
        }

        await clients.MoreAsync(200);
        await clients.FinishAsync();
        await AssertStoredOnceAsync(clients.Acknowledged);
    }
}

public sealed class PostgresCrashTests : CrashTests
{
    [Fact]
    public async Task What_was_acknowledged_before_postgresql_was_killed_five_times_is_stored_once()
    {
        await using var clients = new RetryingClients(Clients, () => Service.Browser);
        for (var round = 0; round < 5; round++)
        {
            await clients.MoreAsync(200);
            Assert.NotEqual(0, PostgresProcesses.Signal(DataDirectory, PostgresProcesses.Kill));
        }

        await clients.MoreAsync(200);
        await clients.FinishAsync();
        await AssertStoredOnceAsync(clients.Acknowledged);
    }
}
