using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Definitions.Merchant;

namespace PersonalizationPlatform.Tests.Definitions;

public sealed class PublicationTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Changes_of_several_kinds_take_effect_together_when_the_answer_arrives()
    {
        var segment = await host.CreateAsync("segments", """{ "name": "Together", "status": "draft" }""");
        await host.CreateAsync("dynamic-blocks", """{ "name": "Now for them", "key": "t-a", "content": "a", "segments": ["together"] }""");
        await host.CreateBlockAsync("t-b", "b");
        await host.CreateBlockAsync("t-c", "c");
        await host.PutAsync("dynamic-blocks/t-c", """{ "name": "c", "content": "c2" }""");
        await host.CreateAsync("audiences", """{ "name": "t-list", "key": "t-list" }""");
        Assert.Equal("b c2", await host.ShownAsync("t-a", "t-b", "t-c"));

        var publication = await host.PublishAsync("", $$"""
            { "collection": "segments", "id": "{{segment}}", "action": "publish", "ifMatch": 1 },
            {{Block("t-b", "replace", """, "body": { "name": "b", "content": "b2" } """)}},
            {{Block("t-c", "rollback", """, "version": 1 """)}},
            { "collection": "audiences", "id": "t-list", "action": "archive" }
            """);
        Assert.Equal("a b2 c", await host.ShownAsync("t-a", "t-b", "t-c"));
        Assert.Equal("live", (string)publication["status"]!);
        Assert.Equal(["1 2", "1 2", "2 3", "1 2"], publication["changes"]!.AsArray().Select(change => $"{change!["fromVersion"]} {change["toVersion"]}"));
        Assert.True(JsonNode.DeepEquals(publication, await host.GetAsync($"publications/{publication["id"]}")));
        Assert.Equal("archived", (string)(await host.GetAsync("audiences/t-list"))["status"]!);
    }

    [Fact]
    public async Task One_change_that_cannot_be_made_undoes_all_of_them_and_is_named()
    {
        await host.CreateBlockAsync("u-a", "a");
        await host.CreateBlockAsync("u-b", "b");
        var refused = await host.PublishAsync(
            "", $"{Block("u-a", "pause")}, {Block("u-b", "replace", """, "body": { "name": "b", "content": "b", "segments": ["nobody"] } """)}", HttpStatusCode.BadRequest);
        Assert.Equal("block.invalid", (string)refused["code"]!);
        Assert.Equal("$.changes[1].body.segments[0]", (string)refused["errors"]![0]!["path"]!);
        refused = await host.PublishAsync("", $"{Block("u-a", "pause")}, {Block("u-b", "publish", """, "ifMatch": 7 """)}", HttpStatusCode.PreconditionFailed);
        Assert.Equal("$.changes[1] http.versionMismatch", $"{refused["errors"]![0]!["path"]} {refused["errors"]![0]!["code"]}");
        Assert.Equal("a b", await host.ShownAsync("u-a", "u-b"));
        Assert.Equal(1, (int)(await host.GetAsync("dynamic-blocks/u-a"))["version"]!);
    }

    [Fact]
    public async Task What_cannot_be_meant_is_refused_with_every_place()
    {
        await host.CreateBlockAsync("m-a");
        var block = await host.CreateBlockAsync("m-b");
        var refused = await host.PublishAsync(
            $"\"until\": \"{host.In(60)}\",",
            $$"""
            { "collection": "things", "id": "m-a", "action": "publish" }, {{Block("nowhere", "publish")}}, {{Block("m-a", "replace")}}, {{Block("m-a", "rollback")}},
            {{Block("m-a", "archive")}}, {{Block("m-a", "publish", """, "body": { } """)}}, {{Block("m-b", "pause")}}, {{Block(block, "publish")}}, null
            """,
            HttpStatusCode.BadRequest);
        Assert.Equal(
            ["$.changes[0].collection", "$.changes[1].id", "$.changes[2].body", "$.changes[3].version", "$.changes[4].action", "$.changes[5].body", "$.changes[7].id", "$.changes[8]"],
            refused["errors"]!.AsArray().Select(error => (string)error!["path"]!));
        await RefusedAsync("$.until", $"\"at\": \"{host.In(60)}\", \"until\": \"{host.In(60)}\",", Block("m-a", "pause"));
        await RefusedAsync("$.until", $"\"at\": \"{host.In(-60)}\", \"until\": \"{host.In(-1)}\",", Block("m-a", "pause"));
        await RefusedAsync("$.changes", "", "");
        await RefusedAsync("$.changes", "", string.Join(',', Enumerable.Range(0, 501).Select(n => Block(n.ToString(CultureInfo.InvariantCulture), "pause"))));
        await RefusedAsync("$.whenever", "\"whenever\": 1,", Block("m-a", "pause"));

        async Task RefusedAsync(string path, string when, string changes) =>
            Assert.Equal(path, (string)(await host.PublishAsync(when, changes, HttpStatusCode.BadRequest))["errors"]![0]!["path"]!);
    }

    [Fact]
    public async Task Five_hundred_changes_are_one_publication()
    {
        for (var n = 0; n < 500; n++)
            await host.CreateBlockAsync("many-" + n, "m", "draft");
        var before = await host.Database.CreateCommand("select value from epoch where name = 'publications'").ExecuteScalarAsync(TestContext.Current.CancellationToken);
        await host.PublishAsync("", string.Join(',', Enumerable.Range(0, 500).Select(n => Block("many-" + n, "publish"))));
        Assert.Equal("m m", await host.ShownAsync("many-0", "many-499"));
        var after = await host.Database.CreateCommand("select value from epoch where name = 'publications'").ExecuteScalarAsync(TestContext.Current.CancellationToken);
        Assert.Equal((long)before! + 1, after);
    }

    [Fact]
    public async Task Publications_are_listed_newest_first_page_by_page_and_by_status()
    {
        await host.CreateBlockAsync("l-a");
        List<string> made = [];
        for (var n = 0; n < 3; n++)
        {
            var publication = await host.PublishAsync($"\"at\": \"{host.In(3600)}\",", Block("l-a", "pause"));
            made.Insert(0, (string)publication["id"]!);
            await host.SendAsync(HttpMethod.Delete, $"publications/{publication["id"]}", null);
        }

        var first = await host.GetAsync("publications?status=cancelled&limit=2");
        var second = await host.GetAsync($"publications?status=cancelled&limit=2&cursor={first["nextCursor"]}");
        Assert.Equal(made, first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(item => (string)item!["id"]!).Take(3));
        Assert.Equal(1, (int)first["items"]![0]!["changes"]!);
        await host.Admin.GetJsonAsync("/v1/publications?cursor=abc", HttpStatusCode.BadRequest);
        await host.Admin.GetJsonAsync($"/v1/publications/{Guid.NewGuid()}", HttpStatusCode.NotFound);
        await host.Browser.GetJsonAsync("/v1/publications", HttpStatusCode.Forbidden);
    }
}
