using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class RotatorTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_rotator_is_read_as_it_was_written_and_put_again()
    {
        var block = await BlockAsync("Read one");
        using var created = await host.Admin.PostTextAsync("/v1/rotators", """
            { "name": "Read hero", "blocks": ["read-one", "read-one"], "rotation": "oneShuffle", "locations": ["header"], "storeViews": ["de"], "website": "base", "externalId": "17" }
            """);
        var rotator = await created.JsonAsync(HttpStatusCode.Created);
        var read = await host.Admin.GetJsonAsync("/v1/rotators/read-hero");
        Assert.True(JsonNode.DeepEquals(rotator, read));
        Assert.Equal(block, (string)read["blocks"]!.AsArray().Single()!);
        Assert.Equal("specified", (string)read["blocksToDisplay"]!);
        Assert.Equal("17", (string)read["externalId"]!);

        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/rotators/" + read["id"], read.ToJsonString(), headers: ("If-Match", created.Headers.ETag!.Tag));
        Assert.Equal(2, (int)(await put.JsonAsync(HttpStatusCode.OK))["version"]!);
        Assert.Contains(await ListAsync(), key => key == "read-hero");
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_with_its_path()
    {
        var refused = await host.Admin.PostJsonAsync("/v1/rotators", """{ "name": "", "key": "Bad Key", "blocks": ["nobody"], "storeViews": [""], "website": "" }""", HttpStatusCode.BadRequest);
        Assert.Equal(
            ["$.blocks[0] rotator.unknownBlock", "$.key key.invalid", "$.name rotator.name", "$.storeViews rotator.storeViews", "$.website rotator.website"],
            refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}").Order(StringComparer.Ordinal));
        await RefusedAsync("""{ "name": "None" }""", "$.blocks");
        await RefusedAsync("""{ "name": "Both", "blocksToDisplay": "cartPriceRuleRelated", "blocks": ["x"] }""", "$.blocks");
        await RefusedAsync("""{ "name": "Odd", "number": 1 }""", "$.number");

        async Task RefusedAsync(string body, string path) =>
            Assert.Equal(path, (string)(await host.Admin.PostJsonAsync("/v1/rotators", body, HttpStatusCode.BadRequest))["errors"]![0]!["path"]!);
    }

    [Fact]
    public async Task A_key_means_one_thing()
    {
        await BlockAsync("Taken");
        Assert.Equal("rotator.keyTaken", await CodeAsync("/v1/rotators", """{ "name": "x", "key": "taken", "blocks": ["taken"] }"""));
        Assert.Equal("rotator.keyTaken", await CodeAsync("/v1/rotators", """{ "name": "x", "key": "header", "blocks": ["taken"] }"""));
        await host.Admin.PostJsonAsync("/v1/rotators", """{ "name": "Mine", "blocks": ["taken"] }""", HttpStatusCode.Created);
        Assert.Equal("block.keyIsRotator", await CodeAsync("/v1/dynamic-blocks", """{ "name": "Mine", "key": "mine", "content": "x" }"""));

        async Task<string> CodeAsync(string path, string body) => (string)(await host.Admin.PostJsonAsync(path, body, HttpStatusCode.Conflict))["code"]!;
    }

    [Fact]
    public async Task A_series_goes_on_with_what_the_answer_before_said_on_any_node()
    {
        foreach (var name in new[] { "Series one", "Series two", "Series three" })
            await BlockAsync(name);
        await host.Admin.PostJsonAsync("/v1/rotators", """{ "name": "Series", "blocks": ["series-two", "series-one", "series-three"], "rotation": "oneSeries" }""", HttpStatusCode.Created);
        var shown = new List<string>();
        JsonNode? rotation = null;
        for (var turn = 0; turn < 4; turn++)
        {
            var answer = await DecideAsync("series", rotation);
            rotation = answer["rotation"]!.DeepClone();
            shown.Add((string)answer["placements"]!["series"]![0]!["key"]!);
            Assert.Equal(host.Clock.GetUtcNow(), (DateTimeOffset)answer["cacheableUntil"]!);
        }

        Assert.Equal(["series-two", "series-one", "series-three", "series-two"], shown);
        foreach (var odd in new[] { """{ "series": null }""", """{ "series": "forged" }""", "{}" })
            Assert.Equal("series-two", (string)(await DecideAsync("series", JsonNode.Parse(odd)))["placements"]!["series"]![0]!["key"]!);
    }

    [Fact]
    public async Task A_shuffle_shows_each_once_before_any_again()
    {
        var keys = new[] { "shuffle-1", "shuffle-2", "shuffle-3", "shuffle-4" };
        foreach (var key in keys)
            await BlockAsync(key);
        await host.Admin.PostJsonAsync("/v1/rotators", """{ "name": "Shuffle", "blocks": ["shuffle-1", "shuffle-2", "shuffle-3", "shuffle-4"], "rotation": "oneShuffle" }""", HttpStatusCode.Created);
        var shown = new List<string>();
        JsonNode? rotation = null;
        for (var turn = 0; turn < 8; turn++)
        {
            var answer = await DecideAsync("shuffle", rotation);
            rotation = answer["rotation"]!.DeepClone();
            shown.Add((string)answer["placements"]!["shuffle"]![0]!["key"]!);
        }

        Assert.Equal(keys, shown.Take(4).Order(StringComparer.Ordinal));
        Assert.Equal(keys, shown.Skip(4).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_paused_or_archived_rotator_shows_nothing()
    {
        await BlockAsync("Paused one");
        var id = (string)(await host.Admin.PostJsonAsync("/v1/rotators", """{ "name": "Pausing", "blocks": ["paused-one"], "status": "draft" }""", HttpStatusCode.Created))["id"]!;
        Assert.Equal(0, await ShownAsync());
        await host.Admin.PostJsonAsync($"/v1/rotators/{id}/publish", "");
        Assert.Equal(1, await ShownAsync());
        await host.Admin.PostJsonAsync($"/v1/rotators/{id}/pause", "");
        Assert.Equal(0, await ShownAsync());
        await host.Admin.PostJsonAsync($"/v1/rotators/{id}/publish", "");
        using (var unconditional = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/rotators/" + id, null))
            Assert.Equal(HttpStatusCode.PreconditionRequired, unconditional.StatusCode);
        using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/rotators/" + id, null, headers: ("If-Match", "*"));
        await archived.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(0, await ShownAsync());
        Assert.DoesNotContain(await ListAsync(), key => key == "pausing");

        async Task<int> ShownAsync() => (await DecideAsync("pausing", null))["placements"]!["pausing"]!.AsArray().Count;
    }

    private Task<JsonNode> DecideAsync(string placement, JsonNode? rotation) => host.Browser.PostJsonAsync(
        "/v1/decisions/dynamic-blocks", new JsonObject { ["placements"] = new JsonArray(placement), ["rotation"] = rotation?.DeepClone() }.ToJsonString());

    private async Task<string> BlockAsync(string name) =>
        (string)(await host.Admin.PostJsonAsync("/v1/dynamic-blocks", $$"""{ "name": "{{name}}", "content": "x", "locations": ["header"] }""", HttpStatusCode.Created))["id"]!;

    private async Task<IEnumerable<string>> ListAsync() =>
        (await host.Admin.GetJsonAsync("/v1/rotators"))["items"]!.AsArray().Select(rotator => (string)rotator!["key"]!);
}
