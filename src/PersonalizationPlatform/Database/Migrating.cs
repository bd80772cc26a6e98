using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace PersonalizationPlatform.Database;

/// <summary>
/// Brings the database up to this program before anything else runs: waits for the server, applies migrations under a lock
/// that orders nodes starting together, and reads the identity secret.
/// </summary>
public sealed partial class Migrating(
    NpgsqlDataSource database, IServiceScopeFactory scopes, IConfiguration configuration, TimeProvider time, ILogger<Migrating> logger)
{
    /// <summary>Any fixed number will do, as long as every node uses the same.</summary>
    private const long Lock = 5_302_026_061_500;

    private byte[]? identityKey;

    /// <summary>The key under which identities are hashed.</summary>
    internal byte[] IdentityKey => identityKey ?? throw new InvalidOperationException("The database has not been prepared yet.");

    /// <summary>Does all of it, then <paramref name="underLock"/>, still alone among the nodes. Safe to repeat.</summary>
    public async Task PrepareAsync(Func<CancellationToken, Task> underLock, CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await ExecuteAsync(connection, "select pg_advisory_lock($1)", cancellationToken);
        try
        {
            await using (var scope = scopes.CreateAsyncScope())
            {
                var schema = scope.ServiceProvider.GetRequiredService<PlatformDb>().Database;
                var pending = (await schema.GetPendingMigrationsAsync(cancellationToken)).ToList();
                if (pending.Count > 0)
                {
                    LogMigrating(pending.Count);
                    schema.SetCommandTimeout(TimeSpan.FromHours(1));
                    await schema.MigrateAsync(cancellationToken);
                }
            }

            identityKey = ConfiguredKey() ?? await PlatformSecret.ReadOrMakeAsync(database, "identity", cancellationToken);
            await underLock(cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, "select pg_advisory_unlock($1)", CancellationToken.None);
        }
    }

    /// <summary>Whether the database answers and knows every migration of this program.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return !(await scope.ServiceProvider.GetRequiredService<PlatformDb>().Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        }
        catch (Exception exception) when (exception is NpgsqlException or SocketException or TimeoutException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Waits up to <c>Database:StartTimeout</c> for a server that is itself still starting.</summary>
    private async Task<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var patience = configuration.GetValue("Database:StartTimeout", TimeSpan.FromMinutes(1));
        while (true)
        {
            try
            {
                return await database.OpenConnectionAsync(cancellationToken);
            }
            catch (NpgsqlException exception) when (IsComingUp(exception) && time.GetElapsedTime(started) < patience)
            {
                LogWaiting(exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
            }
        }
    }

    /// <summary>Not there yet, or there and not yet open (57P03); a wrong password is not worth waiting for.</summary>
    private static bool IsComingUp(NpgsqlException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow }
        || (exception is not PostgresException && exception.InnerException is SocketException or TimeoutException or IOException);

    private byte[]? ConfiguredKey()
    {
        var configured = configuration["Identity:HashKey"];
        if (string.IsNullOrEmpty(configured))
            return null;
        var key = System.Text.Encoding.UTF8.GetBytes(configured);
        return key.Length >= 16 ? key : throw new InvalidOperationException("Identity:HashKey must have at least 16 characters.");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = Lock } }, CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Applying {Count} database migrations")]
    private partial void LogMigrating(int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the database: {Reason}")]
    private partial void LogWaiting(string reason);
}
