using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Definitions;

public sealed class HistoryTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Once = """{ "type": "happened", "event": "productPageView", "atLeast": 1 }""";
    private const string Twice = """{ "type": "happened", "event": "productPageView", "atLeast": 2 }""";

    [Fact]
    public async Task Every_version_of_a_block_is_kept_and_listed_newest_first_page_by_page()
    {
        var id = await host.CreateBlockAsync("kept", "one", "draft");
        await host.PutAsync("dynamic-blocks/" + id, """{ "name": "Kept longer", "content": "two" }""");
        await host.Admin.PostJsonAsync($"/v1/dynamic-blocks/{id}/publish", "");
        await host.Admin.PostJsonAsync($"/v1/dynamic-blocks/{id}/publish", "");
        await host.Admin.PostJsonAsync($"/v1/dynamic-blocks/kept/pause", "");

        var first = await host.GetAsync("dynamic-blocks/kept/versions?limit=3");
        Assert.Equal(["4 paused Kept longer", "3 live Kept longer", "2 draft Kept longer"], Lines(first));
        var second = await host.GetAsync($"dynamic-blocks/{id}/versions?limit=3&cursor={first["nextCursor"]}");
        Assert.Equal(["1 draft kept"], Lines(second));
        Assert.Null(second["nextCursor"]);
        Assert.Equal(host.Clock.GetUtcNow(), (DateTimeOffset)second["items"]![0]!["savedAt"]!);
        Assert.Equal("one", (string)(await host.GetAsync($"dynamic-blocks/{id}/versions/1"))["body"]!["contents"]!["default"]!);
        Assert.Equal("two", (string)(await host.GetAsync($"dynamic-blocks/{id}/versions/2"))["body"]!["contents"]!["default"]!);
    }

    [Theory]
    [InlineData("segments", """{ "name": "Whole", "key": "whole", "description": "d", "applyTo": "registered", "website": "base", "condition": { "type": "compare", "field": "profile.registered", "operator": "equals", "value": true } }""")]
    [InlineData("audiences", """{ "name": "Whole", "key": "whole", "kind": "list", "externalId": "e-1" }""")]
    [InlineData("dynamic-blocks", """{ "name": "Whole", "key": "whole", "status": "paused", "locations": ["header"], "contents": { "default": "a", "de": "b" }, "startsAt": "2026-06-01T00:00:00Z", "endsAt": "2027-06-01T00:00:00Z", "priority": 7, "website": "base" }""")]
    public async Task Putting_a_version_again_restores_all_of_it(string collection, string body)
    {
        var id = await host.CreateAsync(collection, body);
        var before = await host.GetAsync($"{collection}/{id}");
        await host.PutAsync($"{collection}/whole", collection == "dynamic-blocks"
            ? """{ "name": "Other", "key": "other", "content": "c" }"""
            : """{ "name": "Other", "key": "other" }""");
        var kept = (await host.GetAsync($"{collection}/{id}/versions/1"))["body"]!;
        await host.PutAsync($"{collection}/other", kept.ToJsonString());
        var after = await host.GetAsync($"{collection}/whole");
        Assert.Equal(3, (int)after["version"]!);
        after["version"] = before["version"]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(before, after), after.ToJsonString());
    }

    [Fact]
    public async Task Memberships_follow_a_segment_back_to_what_it_said()
    {
        await host.BrowseAsync(Traffic.Event("h-1", Traffic.View, null, "ECID:historian"));
        var id = await host.CreateAsync("segments", $$"""{ "name": "Back", "key": "back", "condition": {{Once}} }""");
        Assert.True(await IsBackAsync());
        await host.RefreshAllAsync();
        await host.PutAsync("segments/back", $$"""{ "name": "Back again", "condition": {{Twice}} }""");
        Assert.False(await IsBackAsync());
        await host.RefreshAllAsync();
        Assert.Equal(0, await MembersAsync());

        var head = await host.RollBackAsync("segments/back", 1);
        Assert.Equal((3, "Back", "live"), ((int)head["version"]!, (string)head["name"]!, (string)head["status"]!));
        Assert.True(await IsBackAsync());
        await host.RefreshAllAsync();
        Assert.Equal(1, await MembersAsync());

        await host.RollBackAsync("segments/back", 2);
        Assert.False(await IsBackAsync());
        Assert.Equal(["4 live Back again", "3 live Back", "2 live Back again", "1 live Back"], Lines(await host.GetAsync("segments/back/versions")));

        async Task<int> MembersAsync() => (await host.GetAsync($"segments/{id}/members"))["items"]!.AsArray().Count;
    }

    [Fact]
    public async Task The_status_stays_unless_it_is_to_be_restored_too()
    {
        await host.CreateBlockAsync("status-stays", "one", "draft");
        await host.PutAsync("dynamic-blocks/status-stays", """{ "name": "n", "content": "two", "status": "live" }""");
        await host.RollBackAsync("dynamic-blocks/status-stays", 1);
        Assert.Equal("one", await host.ShownAsync("status-stays"));
        var head = await host.SendAsync(HttpMethod.Post, "dynamic-blocks/status-stays/rollback", """{ "version": 1, "restoreStatus": true }""", "\"3\"");
        Assert.Equal("draft", (string)head["status"]!);
        Assert.Equal("", await host.ShownAsync("status-stays"));
    }

    [Fact]
    public async Task Going_back_needs_the_version_it_goes_back_from_and_one_to_go_to()
    {
        await host.CreateBlockAsync("way-back");
        await host.PutAsync("dynamic-blocks/way-back", """{ "name": "n", "content": "two" }""");
        const string Body = """{ "version": 1 }""";
        await host.SendAsync(HttpMethod.Post, "dynamic-blocks/way-back/rollback", Body, null, (HttpStatusCode)428);
        await host.SendAsync(HttpMethod.Post, "dynamic-blocks/way-back/rollback", Body, "\"1\"", HttpStatusCode.PreconditionFailed);
        Assert.Equal("definition.unknownVersion", (string)(await host.RollBackAsync("dynamic-blocks/way-back", 9, HttpStatusCode.BadRequest))["code"]!);
        await host.SendAsync(HttpMethod.Post, "dynamic-blocks/way-back/rollback", """{ "version": 1, "sure": true }""", "*", HttpStatusCode.BadRequest);
        await host.Admin.GetJsonAsync("/v1/dynamic-blocks/way-back/versions/9", HttpStatusCode.NotFound);
        await host.Admin.GetJsonAsync("/v1/dynamic-blocks/nowhere/versions", HttpStatusCode.NotFound);
        await host.Admin.GetJsonAsync("/v1/no-such-things/way-back/versions", HttpStatusCode.NotFound);
        await host.Browser.GetJsonAsync("/v1/dynamic-blocks/way-back/versions", HttpStatusCode.Forbidden);
        await host.SendAsync(HttpMethod.Post, "dynamic-blocks/way-back/rollback", Body, "\"2\"");

        await host.SendAsync(HttpMethod.Delete, "dynamic-blocks/way-back", null);
        Assert.Equal("block.archived", (string)(await host.RollBackAsync("dynamic-blocks/way-back", 1, HttpStatusCode.Conflict))["code"]!);
        Assert.Equal("4 archived way-back", Lines(await host.GetAsync("dynamic-blocks/way-back/versions"))[0]);
    }

    [Fact]
    public async Task What_an_old_version_refers_to_and_is_no_more_is_listed()
    {
        var gone = await host.CreateAsync("segments", """{ "name": "Soon gone", "key": "soon-gone" }""");
        await host.CreateAsync("dynamic-blocks", """{ "name": "Refers", "key": "refers", "content": "x", "segments": ["soon-gone"] }""");
        await host.PutAsync("dynamic-blocks/refers", """{ "name": "Refers", "content": "x" }""");
        await host.ExecuteAsync($"delete from segment where id = '{gone}'");
        var refused = await host.RollBackAsync("dynamic-blocks/refers", 1, HttpStatusCode.BadRequest);
        Assert.Equal("$.segments[0] block.unknownSegment", refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}").Single());
        Assert.Equal(2, (int)(await host.GetAsync("dynamic-blocks/refers"))["version"]!);
    }

    [Theory]
    [InlineData("segments", "")]
    [InlineData("audiences", "")]
    [InlineData("dynamic-blocks", """, "content": "x" """)]
    public async Task A_definition_older_than_histories_shows_what_it_says_now_and_keeps_it_with_the_first_edit(string collection, string more)
    {
        var id = await host.CreateAsync(collection, $$"""{ "name": "Old one", "key": "old-one"{{more}} }""");
        await host.ExecuteAsync($"delete from definition_version where definition_id = '{id}'");
        Assert.Equal(["1 live Old one"], Lines(await host.GetAsync($"{collection}/{id}/versions")));
        Assert.Equal("Old one", (string)(await host.GetAsync($"{collection}/{id}/versions/1"))["body"]!["name"]!);

        host.Clock.Advance(TimeSpan.FromMinutes(1));
        await host.PutAsync($"{collection}/{id}", $$"""{ "name": "Edited"{{more}} }""");
        var versions = await host.GetAsync($"{collection}/{id}/versions");
        Assert.Equal(["2 live Edited", "1 live Old one"], Lines(versions));
        Assert.Equal(TimeSpan.FromMinutes(1), (DateTimeOffset)versions["items"]![0]!["savedAt"]! - (DateTimeOffset)versions["items"]![1]!["savedAt"]!);
        await host.RollBackAsync($"{collection}/{id}", 1);
        Assert.Equal("Old one", (string)(await host.GetAsync($"{collection}/{id}"))["name"]!);
    }

    /// <summary>Other tests of the class have segments of their own.</summary>
    private async Task<bool> IsBackAsync() => (await host.SegmentsAsync("ECID:historian")).Split(' ').Contains("back");

    private static List<string> Lines(JsonNode page) =>
        [.. page["items"]!.AsArray().Select(version => $"{version!["version"]} {version["status"]} {version["name"]}")];
}
