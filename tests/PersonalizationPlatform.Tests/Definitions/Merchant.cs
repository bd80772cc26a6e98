using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PersonalizationPlatform.Definitions.Publications;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Definitions;

/// <summary>What a merchant does with definitions, in one line.</summary>
internal static class Merchant
{
    public static async Task<string> CreateAsync(this PlatformHost host, string collection, string body) =>
        (string)(await host.Admin.PostJsonAsync("/v1/" + collection, body, HttpStatusCode.Created))["id"]!;

    public static Task<string> CreateBlockAsync(this PlatformHost host, string key, string content = "x", string status = "live") =>
        host.CreateAsync("dynamic-blocks", $$"""{ "name": "{{key}}", "key": "{{key}}", "content": "{{content}}", "status": "{{status}}" }""");

    public static Task<JsonNode> GetAsync(this PlatformHost host, string path) => host.Admin.GetJsonAsync("/v1/" + path);

    public static async Task<JsonNode> SendAsync(
        this PlatformHost host, HttpMethod method, string path, string? body, string? ifMatch = "*", HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await host.Admin.SendTextAsync(method, "/v1/" + path, body, headers: ifMatch is null ? [] : [("If-Match", ifMatch)]);
        return await answer.JsonAsync(expected);
    }

    public static Task<JsonNode> PutAsync(this PlatformHost host, string path, string body) => host.SendAsync(HttpMethod.Put, path, body);

    public static Task<JsonNode> RollBackAsync(this PlatformHost host, string path, int version, HttpStatusCode expected = HttpStatusCode.OK) =>
        host.SendAsync(HttpMethod.Post, path + "/rollback", $$"""{ "version": {{version}} }""", expected: expected);

    /// <param name="when">Members <c>at</c> and <c>until</c>, if any, with a comma after each.</param>
    public static Task<JsonNode> PublishAsync(this PlatformHost host, string when, string changes, HttpStatusCode expected = HttpStatusCode.Created) =>
        host.Admin.PostJsonAsync("/v1/publications", $$"""{ "name": "p", {{when}} "changes": [{{changes}}] }""", expected);

    /// <summary>How a publication stands.</summary>
    public static async Task<string> StandsAsync(this PlatformHost host, JsonNode publication) => (string)(await host.GetAsync($"publications/{publication["id"]}"))["status"]!;

    public static string Block(string id, string action, string more = "") =>
        $$"""{ "collection": "dynamic-blocks", "id": "{{id}}", "action": "{{action}}"{{more}} }""";

    /// <summary>An instant so many seconds from now, as text.</summary>
    public static string In(this PlatformHost host, double seconds) => host.Clock.GetUtcNow().AddSeconds(seconds).UtcDateTime.ToString("O");

    public static Task<int> ApplyDueAsync(this PlatformHost host) =>
        host.Services.GetRequiredService<DuePublications>().ApplyOnceAsync(TestContext.Current.CancellationToken);

    /// <summary>Time passes, and what is due is done.</summary>
    public static Task<int> PassAsync(this PlatformHost host, double seconds)
    {
        host.Clock.Advance(TimeSpan.FromSeconds(seconds));
        return host.ApplyDueAsync();
    }

    /// <summary>The contents that a shopper never seen is shown at some placements, in order.</summary>
    public static async Task<string> ShownAsync(this PlatformHost host, params string[] placements)
    {
        var request = new JsonObject
        {
            ["shopper"] = new JsonObject { ["identities"] = new JsonArray() },
            ["placements"] = new JsonArray([.. placements.Select(placement => JsonValue.Create(placement))]),
        };
        var answer = await host.Admin.PostJsonAsync("/v1/decisions/dynamic-blocks", request.ToJsonString());
        return string.Join(' ', placements.SelectMany(placement => answer["placements"]![placement]!.AsArray()).Select(block => (string)block!["content"]!));
    }

    public static async Task ExecuteAsync(this PlatformHost host, string sql)
    {
        await using var database = NpgsqlDataSource.Create(host.ConnectionString + ";Pooling=false");
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
