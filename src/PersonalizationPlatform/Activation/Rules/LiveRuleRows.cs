using Npgsql;

namespace PersonalizationPlatform.Activation.Rules;

/// <summary>A live rule as it is kept.</summary>
internal sealed record LiveRuleRow(Guid Id, string Key, string Name, int Version, long Number, string? ExternalId, string Body);

/// <summary>Reads the live rules of a kind.</summary>
internal static class LiveRuleRows
{
    /// <param name="connection">Stands in a snapshot.</param>
    /// <param name="table">The kind's table.</param>
    public static async Task<List<LiveRuleRow>> ReadAsync(NpgsqlConnection connection, string table, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select id, key, name, version, number, external_id, body::text from {table} where status = 'live'", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<LiveRuleRow>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetInt32(3), row.GetInt64(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6)));
        }

        return rows;
    }
}
