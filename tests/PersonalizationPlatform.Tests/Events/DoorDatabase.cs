using Npgsql;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>A migrated database for tests that need the doors' tables and not the whole service.</summary>
public sealed class DoorDatabase(PlatformServer server) : IAsyncLifetime
{
    private string? connection;
    private NpgsqlDataSource? source;

    public NpgsqlDataSource Source => source ?? throw new InvalidOperationException("The database has not been made.");

    public async ValueTask InitializeAsync()
    {
        connection = await server.CloneAsync();
        source = NpgsqlDataSource.Create(connection);
    }

    public async ValueTask DisposeAsync()
    {
        if (source is not null)
            await source.DisposeAsync();
        if (connection is not null)
            await server.DropAsync(connection);
    }
}
