using Npgsql;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Database;

namespace PersonalizationPlatform.Activation.Live;

/// <summary>This node's copy of everything live; read again as soon as somebody has seen a newer publication.</summary>
public sealed class LiveDefinitions(NpgsqlDataSource database, IEnumerable<IPromoteBlocks> promoters) : IDisposable
{
    private readonly EpochCopy<LiveSet> copy = new(
        database, "publications", (publication, connection, _, cancellationToken) => ReadAsync(promoters, publication, connection, cancellationToken));

    /// <summary>The set as of <paramref name="publication"/> or later.</summary>
    public ValueTask<LiveSet> AtAsync(long publication, CancellationToken cancellationToken) => copy.AtAsync(publication, cancellationToken);

    public void Dispose() => copy.Dispose();

    private static async Task<LiveSet> ReadAsync(
        IEnumerable<IPromoteBlocks> promoters, long publication, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select value from epoch where name = 'definitions'", connection);
        var epoch = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        return new()
        {
            Publication = publication,
            Epoch = epoch,
            Blocks = await BlockRows.ReadAsync(connection, promoters, cancellationToken),
        };
    }
}
