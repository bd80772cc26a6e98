using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.SegmentApi;

/// <summary>A service whose storefront has the write key of the recordings.</summary>
public class TrackedHost(PlatformServer server) : PlatformHost(server)
{
    public const string WriteKey = "WRITEKEY";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Keys:Collect", WriteKey)];
}

/// <summary>Calls as trackers and server libraries make them, and what has become of them.</summary>
internal static class Tracker
{
    private const string EventSql = """
        select e.id, e.kind, e.event_type, e.door, e.occurred_at, e.counts_at, e.website, e.content::text, i.namespace || coalesce(':' || i.value, ''), e.order_id,
            (select coalesce(array_agg(n.namespace || ':' || n.value order by n.namespace, n.value), '{}')
             from identity n where n.identity_id = any(e.identity_ids) and n.identity_id <> e.identity_id)
        from event e join identity i on i.identity_id = e.identity_id
        where e.id = $1
        """;

    /// <summary>Posts JSON as a tracker with this write key does; with none, without the header.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        this PlatformHost host, string path, string body, string? key = TrackedHost.WriteKey, params (string Name, string Value)[] headers)
    {
        (string, string)[] all = key is null ? headers : [("Authorization", Basic(key)), .. headers];
        return await host.Anonymous.SendTextAsync(HttpMethod.Post, path, body, "text/plain", all);
    }

    /// <summary>The same; it must be answered with success.</summary>
    public static async Task SucceedAsync(this PlatformHost host, string path, string body, string? key = TrackedHost.WriteKey)
    {
        using var answer = await host.SendAsync(path, body, key);
        Assert.Equal("""{"success":true}""", (await answer.JsonAsync(HttpStatusCode.OK)).ToJsonString());
    }

    /// <summary>A refusal's status and code.</summary>
    public static async Task<(int Status, string Code)> RefusalAsync(this HttpResponseMessage answer) =>
        ((int)answer.StatusCode, (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]!);

    public static string Basic(string key) => new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":"))).ToString();

    /// <summary>The stored event of a message; null when there is none, and a failure when there are two.</summary>
    public static async Task<JsonObject?> EventAsync(this PlatformHost host, string messageId)
    {
        await using var command = host.Database.CreateCommand(EventSql);
        command.Parameters.Add(new NpgsqlParameter { Value = messageId });
        await using var row = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        if (!await row.ReadAsync(TestContext.Current.CancellationToken))
            return null;
        var picture = new JsonObject
        {
            ["id"] = row.GetString(0),
            ["kind"] = row.GetString(1),
            ["eventType"] = row.IsDBNull(2) ? null : row.GetString(2),
            ["door"] = row.GetInt16(3) switch { 0 => "storefront", 1 => "backOffice", _ => "profiles" },
            ["occurredAt"] = Time(row.GetFieldValue<DateTimeOffset>(4)),
            ["countsAt"] = Time(row.GetFieldValue<DateTimeOffset>(5)),
            ["website"] = row.IsDBNull(6) ? null : row.GetString(6),
            ["identity"] = row.GetString(8),
            ["alsoNames"] = new JsonArray([.. row.GetFieldValue<string[]>(10).Select(name => JsonValue.Create(name))]),
            ["orderId"] = row.IsDBNull(9) ? null : row.GetString(9),
            ["content"] = Plain(JsonNode.Parse(row.GetString(7))!),
        };
        Assert.False(await row.ReadAsync(TestContext.Current.CancellationToken), $"{messageId} was stored twice.");
        return picture;
    }

    /// <summary>Rows of a table.</summary>
    public static async Task<long> CountAsync(this PlatformHost host, string table)
    {
        await using var command = host.Database.CreateCommand($"select count(*) from {table}");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>What was refused, why and by the name its tracker had given it, oldest first.</summary>
    public static async Task<IReadOnlyList<string>> RefusedAsync(this PlatformHost host)
    {
        var page = await host.Admin.GetJsonAsync("/v1/refused-events?limit=200");
        return [.. page["items"]!.AsArray().Select(item => $"{item!["code"]} {(item["body"] as JsonObject)?["event"]}".TrimEnd()).Reverse()];
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffK", CultureInfo.InvariantCulture);

    /// <summary>Without what is empty, so that a picture shows only what was said.</summary>
    private static JsonNode Plain(JsonNode node)
    {
        if (node is not JsonObject members)
            return node;
        foreach (var (name, value) in members.ToList())
        {
            if (value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 })
                members.Remove(name);
            else if (value is JsonArray list)
                foreach (var element in list)
                    Plain(element!);
            else
                Plain(value);
        }

        return members;
    }
}
