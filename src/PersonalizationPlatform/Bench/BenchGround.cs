using System.Security.Cryptography;
using Npgsql;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Bench;

/// <summary>
/// The ground a run stands on, and cleared away after it: a data directory of its own for a private PostgreSQL, or on a configured
/// server a database of its own. Nothing that exists is ever written to.
/// </summary>
public sealed class BenchGround : IAsyncDisposable
{
    private const string Connection = "ConnectionStrings:" + DatabaseSetup.ConnectionName;
    private readonly string? directory;
    private readonly string? server;
    private readonly string name = "personalization_bench_" + Guid.NewGuid().ToString("n")[..12];

    private BenchGround(string? server)
    {
        this.server = server;
        directory = server is null ? Path.Combine(Path.GetTempPath(), name) : null;
    }

    /// <summary>Sets the service up to be measured: on a free port of the loopback address, with keys of its own and nothing running in the background.</summary>
    public static async Task<BenchGround> PrepareAsync(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var configured = settings[Connection];
        var ground = new BenchGround(string.IsNullOrEmpty(configured) ? null : configured);
        if (ground.server is not null)
        {
            await ground.ExecuteAsync($"create database {ground.name}");
            settings[Connection] = new NpgsqlConnectionStringBuilder(ground.server) { Database = ground.name }.ConnectionString;
        }
        else
        {
            settings["Data:Directory"] = ground.directory;
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        settings["Keys:Admin"] = "sk_bench_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        settings["Keys:Collect"] = "pk_bench_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        settings["Background:Enabled"] = "false";
        settings["Demo:Load"] = "false";
        settings["Serilog:MinimumLevel:Default"] = "Warning";
        settings["Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime"] = "Warning";
        return ground;
    }

    /// <summary>Clears away. The service, and the server that was started for it, have stopped by now.</summary>
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await ExecuteAsync($"drop database if exists {name} with (force)");
        if (directory is null || !Directory.Exists(directory))
            return;
        // Where the cluster could not live below the directory, a file there says where it does.
        var elsewhere = Path.Combine(directory, "postgres.location");
        if (File.Exists(elsewhere) && (await File.ReadAllTextAsync(elsewhere)).Trim() is { } home && Directory.Exists(home))
            Directory.Delete(home, recursive: true);
        Directory.Delete(directory, recursive: true);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false, CommandTimeout = 120 }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
