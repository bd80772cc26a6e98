using Npgsql;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.DynamicBlocks;

/// <summary>Reads every live block.</summary>
internal static class BlockRows
{
    private const string Select = """
        select id, key, name, priority, website, starts_at, ends_at, locations, contents, segments, audiences
        from dynamic_block where status = 'live'
        """;

    /// <param name="connection">Stands in a snapshot.</param>
    public static async Task<BlockSet> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
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

        return new(blocks);
    }
}
