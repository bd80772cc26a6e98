using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Tests.Events;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Contracts;

/// <summary>Recorded requests of the official storefront client, posted as they are: the answer, the rows, and the answer to a repeat.</summary>
public sealed class ReplayTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string RowSql = """
        select e.kind, e.event_type, e.occurred_at, e.counts_at, e.received_at, e.door, e.website, e.store_view, e.skus, e.categories, e.order_id, e.value,
            e.currency, i.namespace || ':' || i.value
        from event e join identity i on i.identity_id = e.identity_id
        where e.id is not distinct from $1 and e.occurred_at = $2
        """;

    [Fact]
    public async Task Every_recorded_request_is_answered_and_stored_as_written_down()
    {
        // The recordings were made after the day on which tests begin.
        host.Clock.SetUtcNow(new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero));
        var differences = new List<string>();
        var cases = ContractCase.All("adobe");
        foreach (var contract in cases)
        {
            var answer = await PostAsync(contract);
            Compare(contract.Name + " answer", contract.Expect.Answer, answer);
            foreach (var expected in contract.Expect.Events)
                Compare(contract.Name, Row(expected!), await RowAsync((string?)expected!["id"], (DateTimeOffset)expected["occurredAt"]!));
            var again = contract.Expect.Answer.DeepClone();
            (again["accepted"], again["duplicates"]) = (0, (int)again["accepted"]! + (int)again["duplicates"]!);
            Compare(contract.Name + " again", again, await PostAsync(contract));
        }

        Assert.True(cases.Count >= 44, $"Only {cases.Count} cases were found.");
        Assert.True(differences.Count == 0, string.Join('\n', differences));

        void Compare(string name, JsonNode expected, JsonNode actual) =>
            differences.AddRange(EventPicture.Differences(expected, actual).Select(difference => $"{name} {difference}"));
    }

    private Task<JsonNode> PostAsync(ContractCase contract) => host.Browser.PostJsonAsync(contract.Request.Path, contract.Request.BodyText, HttpStatusCode.Accepted);

    /// <summary>What the row must hold, from what the event was understood as.</summary>
    private JsonObject Row(JsonNode picture) => new()
    {
        ["kind"] = picture["kind"]!.DeepClone(),
        ["eventType"] = picture["eventType"]?.DeepClone(),
        ["occurredAt"] = picture["occurredAt"]!.DeepClone(),
        ["countsAt"] = picture["occurredAt"]!.DeepClone(),
        ["receivedAt"] = Time(host.Clock.GetUtcNow()),
        ["door"] = 0,
        ["website"] = (string?)picture["website"] ?? "base",
        ["storeView"] = picture["storeView"]?.DeepClone(),
        ["skus"] = Distinct(picture["skus"]),
        ["categories"] = Distinct(picture["categories"]),
        ["orderId"] = picture["orderId"]?.DeepClone(),
        ["value"] = picture["value"]?.DeepClone(),
        ["currency"] = picture["currency"]?.DeepClone() ?? picture["items"]!.AsArray().Select(i => i!["currency"]).FirstOrDefault(c => c is not null)?.DeepClone(),
        ["identity"] = picture["identities"]![0]?.DeepClone(),
    };

    private async Task<JsonNode> RowAsync(string? id, DateTimeOffset at)
    {
        await using var command = host.Database.CreateCommand(RowSql);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)id ?? DBNull.Value });
        command.Parameters.Add(new() { Value = at });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        if (!await reader.ReadAsync(TestContext.Current.CancellationToken))
            return "no row";
        var row = new JsonObject
        {
            ["kind"] = reader.GetString(0),
            ["eventType"] = Text(reader, 1),
            ["occurredAt"] = Time(reader.GetFieldValue<DateTimeOffset>(2)),
            ["countsAt"] = Time(reader.GetFieldValue<DateTimeOffset>(3)),
            ["receivedAt"] = Time(reader.GetFieldValue<DateTimeOffset>(4)),
            ["door"] = reader.GetInt16(5),
            ["website"] = Text(reader, 6),
            ["storeView"] = Text(reader, 7),
            ["skus"] = List(reader, 8),
            ["categories"] = List(reader, 9),
            ["orderId"] = Text(reader, 10),
            ["value"] = reader.IsDBNull(11) ? null : reader.GetDecimal(11),
            ["currency"] = Text(reader, 12),
            ["identity"] = Text(reader, 13),
        };
        return await reader.ReadAsync(TestContext.Current.CancellationToken) ? "two rows" : row;
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffK", System.Globalization.CultureInfo.InvariantCulture);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static JsonArray? List(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : [.. reader.GetFieldValue<string[]>(column).Select(text => JsonValue.Create(text))];

    private static JsonArray? Distinct(JsonNode? list) =>
        list is JsonArray { Count: > 0 } all ? [.. all.Select(text => (string)text!).Distinct().Select(text => JsonValue.Create(text))] : null;
}
