using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace PersonalizationPlatform.Tests.Harness;

/// <summary>Requests in one line, and answers that say what they were when a test did not expect them.</summary>
public static class HttpExtensions
{
    public static Task<HttpResponseMessage> PostTextAsync(this HttpClient client, string path, string body, string mediaType = "application/json") =>
        client.SendTextAsync(HttpMethod.Post, path, body, mediaType);

    public static async Task<HttpResponseMessage> SendTextAsync(
        this HttpClient client, HttpMethod method, string path, string? body, string mediaType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Posts JSON and returns the answer, which must have the status.</summary>
    public static async Task<JsonNode> PostJsonAsync(this HttpClient client, string path, string body, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.PostTextAsync(path, body);
        return await answer.JsonAsync(expected);
    }

    /// <summary>Gets JSON, which must come with the status.</summary>
    public static async Task<JsonNode> GetJsonAsync(this HttpClient client, string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return await answer.JsonAsync(expected);
    }

    /// <summary>The body as JSON (an empty object when there is none), after checking the status.</summary>
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == expected, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}, not {(int)expected}: {body}");
        return body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!;
    }

    /// <summary>Describes a website that is not there yet.</summary>
    public static async Task WebsiteAsync(this PlatformHost host, string code, string body = "{}")
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/websites/" + code, body);
        await put.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>A new key of a kind (<c>public</c>, <c>secret</c>) with some scopes.</summary>
    public static async Task<string> NewKeyAsync(this PlatformHost host, string kind, params string[] scopes)
    {
        var body = new JsonObject { ["name"] = "test", ["kind"] = kind, ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) };
        return (string)(await host.Admin.PostJsonAsync("/v1/keys", body.ToJsonString(), HttpStatusCode.Created))["key"]!;
    }
}
