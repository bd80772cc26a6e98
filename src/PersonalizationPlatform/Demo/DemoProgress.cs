using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Demo;

/// <summary>
/// How far the demo shop has been loaded, told by two events of its own, stored like any other: begun without completed was
/// interrupted. Events are kept and cannot be edited, so nobody can rename or archive the mark.
/// </summary>
public sealed class DemoProgress(NpgsqlDataSource database, EventIntake intake, IdentityHash hash)
{
    private const string Begun = "demoShop.begun";
    private const string Completed = "demoShop.completed";
    private const string Namespace = "DemoShop";
    private const string Name = "progress";

    private const string ReadSql = "select kind, occurred_at from event where identity_id = $1";

    /// <summary>When loading began, which is what the made-up past leads up to, and whether it was completed; null when it never began.</summary>
    public async Task<(DateTimeOffset BegunAt, bool Completed)?> ReadAsync(CancellationToken cancellationToken)
    {
        _ = Identity.TryCreate(Namespace, Name, out var identity);
        await using var command = database.CreateCommand(ReadSql);
        command.Parameters.Add(new() { Value = hash.Of(identity).Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        DateTimeOffset? begun = null;
        var completed = false;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetString(0) == Begun)
                begun = reader.GetFieldValue<DateTimeOffset>(1);
            completed |= reader.GetString(0) == Completed;
        }

        return begun is { } at ? (at, completed) : null;
    }

    public Task BeginAsync(DateTimeOffset at, CancellationToken cancellationToken) => RecordAsync(Begun, at, cancellationToken);

    public Task CompleteAsync(DateTimeOffset at, CancellationToken cancellationToken) => RecordAsync(Completed, at, cancellationToken);

    private async Task RecordAsync(string type, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var xdm = new JsonObject
        {
            ["_id"] = type,
            ["eventType"] = type,
            ["timestamp"] = XdmText.Of(at),
            ["identityMap"] = new JsonObject { [Namespace] = new JsonArray(new JsonObject { ["id"] = Name, ["primary"] = true }) },
        };
        await intake.TakeAsync(XdmText.Bytes([xdm]), EventDoor.BackOffice, null, cancellationToken);
    }
}
