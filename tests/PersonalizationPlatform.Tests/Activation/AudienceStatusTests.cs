using System.Net;
using PersonalizationPlatform.Tests.Definitions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

/// <summary>Audiences are held back, switched off and scheduled as every definition is.</summary>
public sealed class AudienceStatusTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_list_is_written_while_it_is_held_back_and_holds_somebody_only_while_it_is_live()
    {
        var list = await host.CreateAsync("audiences", """{ "name": "Held back", "key": "held-back", "status": "draft" }""");
        await host.CreateAsync("dynamic-blocks", """{ "name": "For the list", "key": "for-list", "content": "x", "audiences": ["held-back"] }""");
        await host.CreateAsync("segments", """{ "name": "Asks", "key": "asks", "condition": { "type": "inAudience", "audience": "held-back" } }""");
        await MembersAsync(HttpMethod.Put, "listed@example.com");
        Assert.Equal((false, false), await SeenAsync());

        await host.SendAsync(HttpMethod.Post, "audiences/held-back/publish", null);
        Assert.Equal((true, true), await SeenAsync());

        var paused = await host.SendAsync(HttpMethod.Post, $"audiences/{list}/pause", null, ifMatch: null);
        Assert.Equal("paused", (string)paused["status"]!);
        Assert.Equal((int)paused["version"]!, (int)(await host.SendAsync(HttpMethod.Post, $"audiences/{list}/pause", null))["version"]!);
        Assert.Equal((false, false), await SeenAsync());
        await MembersAsync(HttpMethod.Delete, "listed@example.com");
        await MembersAsync(HttpMethod.Post, "listed@example.com");
        Assert.Equal((false, false), await SeenAsync());

        await host.PutAsync("audiences/held-back", """{ "name": "Held back" }""");
        Assert.Equal("paused", (string)(await host.GetAsync("audiences/held-back"))["status"]!);
        await host.PutAsync("audiences/held-back", """{ "name": "Held back", "status": "live" }""");
        Assert.Equal((true, true), await SeenAsync());
    }

    [Fact]
    public async Task Its_status_is_part_of_lists_histories_and_publications()
    {
        await host.CreateAsync("audiences", """{ "name": "Scheduled", "key": "scheduled", "status": "draft" }""");
        Assert.Contains("scheduled", await KeysAsync(""));
        Assert.Contains("scheduled", await KeysAsync("?status=draft"));
        Assert.DoesNotContain("scheduled", await KeysAsync("?status=live"));

        await host.PublishAsync($"\"at\": \"{host.In(60)}\", \"until\": \"{host.In(120)}\",", """{ "collection": "audiences", "id": "scheduled", "action": "publish" }""");
        Assert.Equal("draft", await StatusAsync());
        await host.PassAsync(60);
        Assert.Equal("live", await StatusAsync());
        await host.PassAsync(60);
        Assert.Equal("draft", await StatusAsync());
        await host.SendAsync(HttpMethod.Post, "audiences/scheduled/rollback", """{ "version": 2, "restoreStatus": true }""");
        Assert.Equal("live", await StatusAsync());
        var refused = await host.SendAsync(HttpMethod.Put, "audiences/scheduled", """{ "name": "Scheduled", "status": "archived" }""", expected: HttpStatusCode.BadRequest);
        Assert.Equal("audience.status", (string)refused["errors"]![0]!["code"]!);
        await host.SendAsync(HttpMethod.Delete, "audiences/scheduled", null);
        Assert.DoesNotContain("scheduled", await KeysAsync(""));
        await host.SendAsync(HttpMethod.Post, "audiences/scheduled/publish", null, expected: HttpStatusCode.Conflict);
    }

    private async Task<string> StatusAsync() => (string)(await host.GetAsync("audiences/scheduled"))["status"]!;

    private async Task<IEnumerable<string>> KeysAsync(string query) =>
        (await host.GetAsync("audiences" + query))["items"]!.AsArray().Select(audience => (string)audience!["key"]!);

    private async Task MembersAsync(HttpMethod method, string email)
    {
        using var answer = await host.Admin.SendTextAsync(method, "/v1/audiences/held-back/members?namespace=email", email, "text/csv");
        await answer.JsonAsync(HttpStatusCode.OK);
    }

    /// <summary>Whether the block shows, and whether the segment has the shopper.</summary>
    private async Task<(bool Block, bool Segment)> SeenAsync()
    {
        var shown = await host.Admin.PostJsonAsync("/v1/decisions/dynamic-blocks", """
            { "shopper": { "identities": [ { "namespace": "email", "id": "listed@example.com" } ] }, "placements": ["for-list"] }
            """);
        var segments = await host.GetAsync("shoppers/email/listed@example.com/segments");
        return (shown["placements"]!["for-list"]!.AsArray().Count > 0, segments["items"]!.AsArray().Any(item => (string)item!["key"]! == "asks"));
    }
}
