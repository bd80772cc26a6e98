using Npgsql;
using Xunit;

namespace PersonalizationPlatform.Tests.Events;

/// <summary>The doors' own two tables in a schema of their own, on the server that <c>ConnectionStrings__Platform</c> names.</summary>
public sealed class DoorDatabase : IAsyncLifetime
{
    private readonly string schema = "doors_" + Guid.NewGuid().ToString("n");
    private NpgsqlDataSource? source;

    public NpgsqlDataSource Source
    {
        get
        {
            Assert.SkipWhen(source is null, "ConnectionStrings__Platform names no server.");
            return source!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__Platform") is not { Length: > 0 } connection)
            return;
        source = NpgsqlDataSource.Create(connection + ";Search Path=" + schema);
        var ddl = await File.ReadAllTextAsync(Path.Combine(ContractCase.Root(), "src", "PersonalizationPlatform", "Events", "Refused", "schema.sql"));
        await using var command = source.CreateCommand($"create schema {schema}; {ddl}");
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (source is null)
            return;
        await using (var command = source.CreateCommand($"drop schema {schema} cascade"))
            await command.ExecuteNonQueryAsync();
        await source.DisposeAsync();
    }
}
