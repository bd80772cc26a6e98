using Npgsql;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>This node's copy of every live block.</summary>
public sealed class LiveBlocks(NpgsqlDataSource database) : IDisposable
{
    private const string Select = """
        select id, key, name, priority, website, starts_at, ends_at, locations, contents, segments, audiences
        from dynamic_block where status = 'live'
        """;

    private readonly EpochCopy<BlockSet> copy = new(database, ReadAsync);

    /// <summary>The blocks as of <paramref name="epoch"/> or later.</summary>
    public ValueTask<BlockSet> AtAsync(long epoch, CancellationToken cancellationToken) => copy.AtAsync(epoch, cancellationToken);

    public void Dispose() => copy.Dispose();

    private static async Task<BlockSet> ReadAsync(long epoch, NpgsqlConnection connection, BlockSet? before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Select, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var blocks = new List<LiveBlock>();
        while (await row.ReadAsync(cancellationToken))
        {
            blocks.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5), row.IsDBNull(6) ? null : row.GetFieldValue<DateTimeOffset>(6),
                [.. row.GetFieldValue<string[]>(7).Select(name => Enum.Parse<BlockLocation>(name, true))], BlockContents.Read(row.GetString(8)),
                [.. row.GetFieldValue<Guid[]>(9).Select(id => new SegmentId(id))], [.. row.GetFieldValue<Guid[]>(10).Select(id => new AudienceId(id))]));
        }

        return new(epoch, blocks);
    }
}
