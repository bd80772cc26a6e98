using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Harness;

[assembly: AssemblyFixture(typeof(PlatformServer))]

namespace PersonalizationPlatform.Tests.Harness;

/// <summary>
/// The one PostgreSQL of a test run, started the way the service itself starts one, with a migrated template that each
/// test class gets a copy of.
/// </summary>
public sealed class PlatformServer : IAsyncLifetime
{
    private const string Template = "platform_template";
    private const string Prefix = "personalization-tests-";

    private readonly SemaphoreSlim cloning = new(1);
    private readonly string directory = Path.Combine(Path.GetTempPath(), Prefix + Guid.NewGuid().ToString("n")[..12]);
    private PrivatePostgres? postgres;
    private int databases;

    public PrivatePostgres Postgres => postgres ?? throw new InvalidOperationException("The server has not been started.");

    public async ValueTask InitializeAsync()
    {
        await SweepAsync();
        // Tests kill the server's processes, never the machine: what is written survives without being forced to the disk.
        postgres = await PrivatePostgres.StartAsync(
            new PrivatePostgresOptions(directory) { MaxConnections = 400, Settings = new Dictionary<string, string> { ["fsync"] = "off", ["shared_buffers"] = "256MB" } },
            TestContext.Current.CancellationToken);
        await ExecuteAsync($"create database {Template}");
        var options = new DbContextOptionsBuilder<PlatformDb>().UseNpgsql(Postgres.Connection(Template) + ";Pooling=false").Options;
        await using var schema = new PlatformDb(options);
        await schema.Database.MigrateAsync();
    }

    /// <summary>A database of its own with the schema and nothing in it. Returns how to reach it.</summary>
    public async Task<string> CloneAsync()
    {
        var name = "test_" + Interlocked.Increment(ref databases);
        // PostgreSQL copies a template only while nobody else is using it.
        await cloning.WaitAsync();
        try
        {
            await ExecuteAsync($"create database {name} template {Template}");
        }
        finally
        {
            cloning.Release();
        }

        return Postgres.Connection(name);
    }

    /// <summary>A database of its own with nothing in it, not even the schema.</summary>
    public async Task<string> CreateEmptyAsync()
    {
        var name = "empty_" + Interlocked.Increment(ref databases);
        await ExecuteAsync($"create database {name} template template0");
        return Postgres.Connection(name);
    }

    public Task DropAsync(string connectionString) =>
        ExecuteAsync($"drop database if exists {new NpgsqlConnectionStringBuilder(connectionString).Database} with (force)");

    public async ValueTask DisposeAsync()
    {
        if (postgres is null)
            return;
        var home = postgres.Home;
        await postgres.DisposeAsync();
        Remove(directory, home);
        cloning.Dispose();
    }

    /// <summary>Stops and removes what test runs that were killed have left behind.</summary>
    private static async Task SweepAsync()
    {
        foreach (var left in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            try
            {
                string home;
                await using (var orphan = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(left), CancellationToken.None))
                    home = orphan.Home;
                Remove(left, home);
            }
            catch (Exception exception) when (exception is PrivatePostgresException or IOException or NpgsqlException)
            {
                Trace.WriteLine($"{left} is in use or cannot be removed: {exception.Message}");
            }
        }
    }

    private static void Remove(params string[] directories)
    {
        foreach (var left in directories.Where(Directory.Exists))
            Directory.Delete(left, recursive: true);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Postgres.Connection("postgres") + ";Pooling=false;Command Timeout=120");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
