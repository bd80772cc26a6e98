using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Segments;

/// <summary>Counting a draft before it is saved.</summary>
public sealed class EstimateTests(ListeningPlatformHost host) : IClassFixture<ListeningPlatformHost>
{
    private const string Everybody = """{ "type": "group", "match": "all", "of": [] }""";

    [Fact]
    public async Task A_whole_definition_may_be_estimated_as_it_is_written_and_as_it_is_kept()
    {
        await host.Admin.PostJsonAsync("/v1/segments/estimate", await File.ReadAllTextAsync(Path.Combine(Snapshot.Root, "docs/tour/segment.json"), TestContext.Current.CancellationToken));
        var kept = await host.Admin.PostJsonAsync(
            "/v1/segments", $$"""{ "name": "Kept", "description": "d", "externalId": "7", "condition": {{Everybody}} }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/segments/estimate", kept.ToJsonString());
    }

    [Theory]
    [InlineData("{}", "$.condition json.missingMember")]
    [InlineData("""{ "condition": null }""", "$.condition json.missingMember")]
    [InlineData("""{ "conditon": {} }""", "$.conditon json.unknownMember", "$.condition json.missingMember")]
    [InlineData("""{ "condition": {}, "applyTo": "all" }""", "$.applyTo json.type")]
    [InlineData("""{ "condition": {} }""", "$.condition.type condition.missingMember")]
    public async Task What_is_not_meant_is_refused_rather_than_counted(string body, params string[] wrong)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/segments/estimate", body, HttpStatusCode.BadRequest);
        Assert.Equal(wrong, problem["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}"));
    }

    [Fact]
    public async Task A_body_longer_than_any_definition_is_not_read()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/segments/estimate")
        {
            Content = new StringContent($$"""{ "condition": {{Everybody}}, "description": "{{new string('x', 2 << 20)}}" }""", System.Text.Encoding.UTF8, "application/json"),
            // Else the server may hang up on who is still writing.
            Headers = { ExpectContinue = true },
        };
        using var answer = await host.Admin.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }
}
