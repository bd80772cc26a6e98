using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Tests.Harness;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>An event as it stands in the database.</summary>
/// <param name="Kind">The documented name, e.g. <c>addToCart</c>.</param>
/// <param name="Identities">Everything it names, as <c>namespace:value</c>, in no order.</param>
/// <param name="Body">As it was sent.</param>
public sealed record StoredEvent(
    string Kind, string? Id, string? EventType, DateTimeOffset OccurredAt, DateTimeOffset CountsAt, string? Website, string[] Identities, EventContent Content, JsonNode Body)
{
    public override string ToString() => $"{Kind} of {string.Join(" ", Identities)}";
}

/// <summary>Reads what has been stored, past the service.</summary>
public static class StoredEvents
{
    /// <summary>The kind of a choice of consent made through the Edge.</summary>
    public const string Consent = "privacy.setConsent";

    private const string Sql = """
        select kind, id, event_type, occurred_at, counts_at, website, content::text, body::text,
               array(select namespace || ':' || value from identity i where i.identity_id = any(e.identity_ids || e.identity_id) and namespace is not null)
        from event e
        where $1 is null or exists (
            select from identity i where i.identity_id = any(e.identity_ids || e.identity_id) and i.namespace = $1 and i.value = $2)
        order by received_at, occurred_at, key
        """;

    /// <summary>Every event that names an identity, in the order they came; all events there are without one.</summary>
    public static async Task<IReadOnlyList<StoredEvent>> EventsAsync(this PlatformHost host, string? ns = null, string? id = null)
    {
        await using var command = host.Database.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = ns });
        command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = id });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<StoredEvent> events = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            events.Add(new StoredEvent(
                reader.GetString(0), Text(1), Text(2), reader.GetFieldValue<DateTimeOffset>(3), reader.GetFieldValue<DateTimeOffset>(4), Text(5),
                reader.GetFieldValue<string[]>(8), EventContentJson.ReadContent(reader.GetString(6)), JsonNode.Parse(reader.GetString(7))!));
        return events;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    /// <summary>Waits until that many events name an identity, and returns them; more than that is a failure too.</summary>
    /// <param name="host">Where they are stored.</param>
    /// <param name="ns">Namespace.</param>
    /// <param name="id">Value.</param>
    /// <param name="count">How many there will be, without choices of consent, which are kept as events of their own.</param>
    public static async Task<IReadOnlyList<StoredEvent>> EventsAsync(this PlatformHost host, string ns, string id, int count)
    {
        var found = await Eventually.SuchAsync(
            $"The {count} events of {ns}:{id}", async () => new Several([.. (await host.EventsAsync(ns, id)).Where(ev => ev.Kind != Consent)]), several => several.Events.Count >= count);
        Assert.True(found.Events.Count == count, $"More than {count} events of {ns}:{id}: {found}");
        return found.Events;
    }

    private sealed record Several(IReadOnlyList<StoredEvent> Events)
    {
        public override string ToString() => $"[{string.Join(", ", Events)}]";
    }
}
