using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class DynamicBlockTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_block_is_read_as_it_was_written_with_references_as_ids()
    {
        var segment = await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Hot bag lovers" }""", HttpStatusCode.Created);
        using var created = await host.Admin.PostTextAsync("/v1/dynamic-blocks", """
            { "name": "Summer banner", "locations": ["header", "footer"], "content": "<b>Summer</b>", "segments": ["hot-bag-lovers"],
              "startsAt": "2026-06-01", "endsAt": "2026-07-01T00:00:00+02:00", "priority": 10, "website": "base" }
            """);
        var block = await created.JsonAsync(HttpStatusCode.Created);
        var read = await host.Admin.GetJsonAsync("/v1/dynamic-blocks/summer-banner");
        Assert.True(JsonNode.DeepEquals(block, read));
        Assert.Equal((string)segment["id"]!, (string)read["segments"]![0]!);
        Assert.Equal("<b>Summer</b>", (string)read["contents"]!["default"]!);
        Assert.Equal(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero), (DateTimeOffset)read["startsAt"]!);
        Assert.Equal(new DateTimeOffset(2026, 6, 30, 22, 0, 0, TimeSpan.Zero), (DateTimeOffset)read["endsAt"]!);

        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/dynamic-blocks/" + read["id"], read.ToJsonString(), headers: ("If-Match", created.Headers.ETag!.Tag));
        Assert.Equal(2, (int)(await put.JsonAsync(HttpStatusCode.OK))["version"]!);
    }

    [Fact]
    public async Task Contents_per_store_view_need_no_default()
    {
        var block = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Nur deutsch", "contents": { "de": "hallo" } }""", HttpStatusCode.Created);
        Assert.Null(block["content"]);
        Assert.Equal("hallo", (string)block["contents"]!["de"]!);
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_with_its_path()
    {
        var refused = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """
            { "name": "Header", "key": "header", "content": "a", "contents": { "default": "b" }, "segments": ["nobody"], "audiences": ["nobody"],
              "startsAt": "2026-07-01T00:00:00Z", "endsAt": "2026-06-01T00:00:00Z" }
            """, HttpStatusCode.BadRequest);
        Assert.Equal(
            ["$.audiences[0] block.unknownAudience", "$.content block.contentTwice", "$.endsAt block.schedule", "$.key block.keyIsLocation", "$.segments[0] block.unknownSegment"],
            refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}").Order(StringComparer.Ordinal));

        refused = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "x", "locations": ["top"], "priority": "1" }""", HttpStatusCode.BadRequest);
        Assert.Equal(["$.locations[0]", "$.priority"], refused["errors"]!.AsArray().Select(error => (string)error!["path"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_edit_needs_the_version_it_was_made_from_and_an_archived_block_stays()
    {
        var id = (string)(await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Edits", "content": "x" }""", HttpStatusCode.Created))["id"]!;
        Assert.Equal((HttpStatusCode)428, await SendAsync(HttpMethod.Delete, id));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await SendAsync(HttpMethod.Delete, id, ("If-Match", "\"2\"")));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Delete, id, ("If-Match", "\"1\"")));
        Assert.Equal(HttpStatusCode.Conflict, await SendAsync(HttpMethod.Delete, id, ("If-Match", "*")));
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Edits", "key": "edits", "content": "x" }""", HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_browser_that_opts_out_of_targeting_gets_default_content_and_no_reasons()
    {
        await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "All of them" }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Everybody left", "locations": ["left"], "content": "plain" }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Members left", "locations": ["left"], "content": "personal", "segments": ["all-of-them"] }""", HttpStatusCode.Created);
        using var decided = await host.Browser.SendTextAsync(
            HttpMethod.Post, "/v1/decisions/dynamic-blocks",
            """{ "shopper": { "identities": [ { "namespace": "ECID", "id": "12345678901234567890123456789012345678" } ], "theme": "dark" }, "placements": ["left", "nowhere"], "more": 1 }""",
            headers: ("Sec-GPC", "1"));
        var answer = await decided.JsonAsync(HttpStatusCode.OK);
        Assert.Equal("everybody-left", (string)answer["placements"]!["left"]!.AsArray().Single()!["key"]!);
        Assert.Null(answer["placements"]!["left"]![0]!["because"]);
        Assert.Empty(answer["placements"]!["nowhere"]!.AsArray());
        Assert.Equal(host.Clock.GetUtcNow().AddMinutes(5), (DateTimeOffset)answer["cacheableUntil"]!);
    }

    [Fact]
    public async Task A_shopper_put_on_a_list_sees_its_block_at_once_and_no_longer_when_taken_off_or_the_list_is_replaced()
    {
        var list = (string)(await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Invited" }""", HttpStatusCode.Created))["id"]!;
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Invitation", "content": "come", "audiences": ["invited"] }""", HttpStatusCode.Created);
        Assert.Null(await InvitationAsync());

        await MembersAsync(HttpMethod.Post, "guest@x.y\n");
        Assert.Equal(list, (string)(await InvitationAsync())!["because"]![0]!["audience"]!);
        await MembersAsync(HttpMethod.Delete, "guest@x.y\n");
        Assert.Null(await InvitationAsync());
        await MembersAsync(HttpMethod.Put, "guest@x.y\n");
        Assert.NotNull(await InvitationAsync());
        await MembersAsync(HttpMethod.Put, "other@x.y\n");
        Assert.Null(await InvitationAsync());

        async Task MembersAsync(HttpMethod method, string csv)
        {
            using var answer = await host.Admin.SendTextAsync(method, $"/v1/audiences/{list}/members?namespace=email", csv, "text/csv");
            await answer.JsonAsync(HttpStatusCode.OK);
        }

        async Task<JsonNode?> InvitationAsync() => (await host.Admin.PostJsonAsync(
            "/v1/decisions/dynamic-blocks",
            """{ "shopper": { "identities": [ { "namespace": "email", "id": "guest@x.y" } ] }, "placements": ["invitation"] }"""))["placements"]!["invitation"]!.AsArray().SingleOrDefault();
    }

    [Fact]
    public async Task A_block_follows_its_segment_when_that_is_paused_and_archived()
    {
        var segment = (string)(await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Any visitor", "applyTo": "visitors" }""", HttpStatusCode.Created))["id"]!;
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "For visitors", "content": "hello", "segments": ["any-visitor"] }""", HttpStatusCode.Created);
        Assert.Equal(1, await ShownAsync());
        await host.Admin.PostJsonAsync($"/v1/segments/{segment}/pause", "");
        Assert.Equal(0, await ShownAsync());
        await host.Admin.PostJsonAsync($"/v1/segments/{segment}/publish", "");
        Assert.Equal(1, await ShownAsync());
        using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/segments/" + segment, null, headers: ("If-Match", "*"));
        await archived.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(0, await ShownAsync());

        async Task<int> ShownAsync() => (await host.Browser.PostJsonAsync(
            "/v1/decisions/dynamic-blocks",
            """{ "shopper": { "identities": [ { "namespace": "ECID", "id": "22345678901234567890123456789012345678" } ] }, "placements": ["for-visitors"] }"""))["placements"]!["for-visitors"]!.AsArray().Count;
    }

    [Fact]
    public async Task A_public_key_may_not_name_a_person()
    {
        var refused = await host.Browser.PostJsonAsync(
            "/v1/decisions/dynamic-blocks", """{ "shopper": { "identities": [ { "namespace": "email", "id": "a@b.c" } ] }, "placements": ["left"] }""", HttpStatusCode.Forbidden);
        Assert.Equal("decision.personNeedsSecretKey", (string)refused["code"]!);
    }

    [Theory]
    [InlineData("""{ "shopper": {} }""")]
    [InlineData("""{ "placements": [] }""")]
    [InlineData("""{ "placements": [null] }""")]
    [InlineData("""{ "placements": "left" }""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task A_decision_for_no_placement_is_refused(string body)
    {
        var refused = await host.Browser.PostJsonAsync("/v1/decisions/dynamic-blocks", body, HttpStatusCode.BadRequest);
        Assert.NotNull(refused["code"]);
    }

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string id, params (string, string)[] headers)
    {
        using var answer = await host.Admin.SendTextAsync(method, "/v1/dynamic-blocks/" + id, null, headers: headers);
        return answer.StatusCode;
    }
}
