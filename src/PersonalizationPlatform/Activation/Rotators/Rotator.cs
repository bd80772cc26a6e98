using System.Text.Json;
using Npgsql;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Rotators;

/// <summary>
/// A place of a page at which blocks take turns (the dynamic block rotator widget of Adobe Commerce). It is edited and kept as rules
/// are; its key is never that of a block or a location.
/// </summary>
public sealed class Rotator : Rule;

internal sealed class RotatorTable() : RuleTable<Rotator>("rotator");

/// <summary>Reads every live rotator.</summary>
internal static class RotatorRows
{
    /// <param name="connection">Stands in a snapshot.</param>
    public static async Task<IReadOnlyList<LiveRotator>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select id, key, name, body from rotator where status = 'live'", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rotators = new List<LiveRotator>();
        while (await row.ReadAsync(cancellationToken))
        {
            var body = Read(row.GetString(3));
            rotators.Add(new(row.GetGuid(0), row.GetString(1), row.GetString(2))
            {
                Source = body.BlocksToDisplay ?? RotatorSource.Specified,
                Blocks = [.. (body.Blocks ?? []).Select(Guid.Parse)],
                Locations = body.Locations ?? [],
                Rotation = body.Rotation ?? RotationMode.DisplayAll,
                Website = body.Website,
                StoreViews = body.StoreViews ?? [],
            });
        }

        return rotators;
    }

    public static RotatorRequest Read(string body) => JsonSerializer.Deserialize<RotatorRequest>(body, HttpSetup.Json)!;
}
