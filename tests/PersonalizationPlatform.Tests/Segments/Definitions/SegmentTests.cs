using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Segments.Definitions;

public sealed class SegmentTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const string Registered = """{ "type": "compare", "field": "profile.registered", "operator": "equals", "value": true }""";

    [Fact]
    public async Task A_segment_is_live_when_created_and_found_by_id_and_key()
    {
        using var created = await host.Admin.PostTextAsync("/v1/segments", $$"""{ "name": "First ones", "description": "d", "website": "base", "condition": {{Registered}} }""");
        var segment = await created.JsonAsync(HttpStatusCode.Created);
        Assert.Equal("first-ones", (string)segment["key"]!);
        Assert.Equal("live", (string)segment["status"]!);
        Assert.Equal("both", (string)segment["applyTo"]!);
        Assert.Equal("\"1\"", created.Headers.ETag!.Tag);
        var byId = await host.Admin.GetJsonAsync(created.Headers.Location!.ToString());
        var byKey = await host.Admin.GetJsonAsync("/v1/segments/first-ones");
        Assert.True(JsonNode.DeepEquals(byId, byKey));
        Assert.Equal("profile.registered", (string)byKey["condition"]!["field"]!);
    }

    [Fact]
    public async Task An_edit_needs_the_version_it_was_made_from()
    {
        var id = await CreateAsync("edits");
        Assert.Equal((HttpStatusCode)428, await PutAsync(id, "edits", null));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(id, "edits", "\"7\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(id, "edits", "W/\"1\""));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(id, "edits", "\"1\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync(id, "edits", "\"1\""));
        Assert.Equal(HttpStatusCode.OK, await PutAsync(id, "edits", "*"));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(id, "edits", "3"));
    }

    [Fact]
    public async Task What_was_read_can_be_written_back_as_it_is()
    {
        var id = await CreateAsync("round-trip", Registered);
        var read = await host.Admin.GetJsonAsync("/v1/segments/" + id);
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/segments/" + id, read.ToJsonString(), headers: ("If-Match", "\"1\""));
        var written = await put.JsonAsync(HttpStatusCode.OK);
        Assert.True(JsonNode.DeepEquals(read["condition"], written["condition"]));
    }

    [Fact]
    public async Task The_population_stays_what_it_was()
    {
        var id = await CreateAsync("population");
        using var put = await host.Admin.SendTextAsync(
            HttpMethod.Put, "/v1/segments/" + id, """{ "name": "population", "applyTo": "visitors" }""", headers: ("If-Match", "*"));
        Assert.Equal("segment.applyToImmutable", (string)(await put.JsonAsync(HttpStatusCode.BadRequest))["code"]!);
    }

    [Fact]
    public async Task A_key_is_taken_only_once_even_by_an_archived_segment()
    {
        var id = await CreateAsync("taken");
        await ArchiveAsync(id);
        var refused = await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Taken", "key": "taken" }""", HttpStatusCode.Conflict);
        Assert.Equal("segment.keyTaken", (string)refused["code"]!);
    }

    [Fact]
    public async Task Everything_wrong_is_told_at_once_with_its_path()
    {
        var refused = await host.Admin.PostJsonAsync("/v1/segments", """{ "nme": "x", "applyTo": "all", "key": "k" }""", HttpStatusCode.BadRequest);
        Assert.Equal(["$.applyTo", "$.name", "$.nme"], Paths(refused));

        refused = await host.Admin.PostJsonAsync(
            "/v1/segments",
            """{ "name": "", "key": "No Slug", "condition": { "type": "group", "match": "all", "of": [ { "type": "inSegment", "segment": "nowhere" }, { "type": "compare", "field": "profile.registerd", "operator": "equals", "value": true } ] } }""",
            HttpStatusCode.BadRequest);
        Assert.Equal("segment.invalid", (string)refused["code"]!);
        Assert.Equal(["$.condition.of[0].segment", "$.condition.of[1].field", "$.key", "$.name"], Paths(refused));
    }

    [Fact]
    public async Task Text_that_postgres_cannot_keep_is_refused_and_not_an_error_of_ours()
    {
        var refused = await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "a\u0000b", "description": "\ud800" }""", HttpStatusCode.BadRequest);
        Assert.Equal(["$.description", "$.name"], Paths(refused));
    }

    [Fact]
    public async Task References_are_kept_as_ids_and_must_not_form_a_circle()
    {
        var a = await CreateAsync("circle-a");
        var b = await CreateAsync("circle-b", InSegment("circle-a"));
        Assert.Equal(a, (string)(await host.Admin.GetJsonAsync("/v1/segments/circle-b"))["condition"]!["segment"]!);

        using var put = await host.Admin.SendTextAsync(
            HttpMethod.Put, "/v1/segments/" + a, $$"""{ "name": "circle-a", "condition": {{InSegment(b)}} }""", headers: ("If-Match", "*"));
        var refused = await put.JsonAsync(HttpStatusCode.BadRequest);
        Assert.Equal("segment.circle", (string)refused["errors"]![0]!["code"]!);
        Assert.Contains("this segment → circle-b → this segment", (string)refused["errors"]![0]!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_edits_at_the_same_time_cannot_form_a_circle_together()
    {
        for (var round = 0; round < 5; round++)
        {
            var a = await CreateAsync($"race-a-{round}");
            var b = await CreateAsync($"race-b-{round}");
            var answers = await Task.WhenAll(
                PutAsync(a, $"race-a-{round}", "*", InSegment(b)), PutAsync(b, $"race-b-{round}", "*", InSegment(a)));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.BadRequest], answers.Order());
        }
    }

    [Fact]
    public async Task A_draft_waits_publishing_is_idempotent_and_an_archived_segment_stays_archived()
    {
        var draft = await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Draft", "status": "draft" }""", HttpStatusCode.Created);
        var id = (string)draft["id"]!;
        Assert.Null((await SetAsync()).Find(new(Guid.Parse(id))));

        Assert.Equal(2, (int)(await host.Admin.PostJsonAsync($"/v1/segments/{id}/publish", ""))["version"]!);
        Assert.Equal(2, (int)(await host.Admin.PostJsonAsync($"/v1/segments/{id}/publish", ""))["version"]!);
        Assert.NotNull((await SetAsync()).Find(new(Guid.Parse(id))));

        await host.Admin.PostJsonAsync($"/v1/segments/{id}/pause", "");
        Assert.Null((await SetAsync()).Find(new(Guid.Parse(id))));

        await ArchiveAsync(id);
        Assert.Equal("segment.archived", (string)(await host.Admin.PostJsonAsync($"/v1/segments/{id}/publish", "", HttpStatusCode.Conflict))["code"]!);
    }

    [Fact]
    public async Task Archiving_names_what_refers_to_the_segment()
    {
        var used = await CreateAsync("used");
        await CreateAsync("user", InSegment("used"));
        await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Used audience", "segment": "used" }""", HttpStatusCode.Created);
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Used block", "content": "x", "segments": ["used"] }""", HttpStatusCode.Created);
        var archived = await ArchiveAsync(used);
        Assert.Equal(
            ["audience used-audience", "dynamicBlock used-block", "segment user"],
            archived["usedBy"]!.AsArray().Select(use => $"{use!["kind"]} {use["key"]}").Order());
    }

    [Fact]
    public async Task Archived_segments_are_listed_only_when_asked_for()
    {
        var id = await CreateAsync("hidden");
        await ArchiveAsync(id);
        Assert.DoesNotContain("hidden", await KeysAsync("?limit=200"));
        Assert.Contains("\"hidden\"", await host.Admin.GetStringAsync("/v1/segments?limit=200&status=archived", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_shoppers_could_notice_takes_an_epoch_and_a_new_name_keeps_the_meaning()
    {
        var id = await CreateAsync("epochs", Registered);
        var before = (await SetAsync()).Find(new(Guid.Parse(id)))!;
        Assert.Equal(HttpStatusCode.OK, await PutAsync(id, "Epochs renamed", "*", Registered));
        var set = await SetAsync();
        var renamed = set.Find(before.Id)!;
        Assert.Equal("Epochs renamed", renamed.Name);
        Assert.Equal(before.ChangedEpoch, renamed.ChangedEpoch);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(id, "Epochs renamed", "*"));
        var changed = (await SetAsync()).Find(before.Id)!;
        Assert.True(changed.ChangedEpoch > set.Epoch);
        Assert.Null(changed.Condition);
    }

    [Fact]
    public async Task A_condition_nested_deeply_is_kept_and_read_again()
    {
        var condition = string.Concat(Enumerable.Repeat("""{"type":"group","match":"all","of":[""", 400)) + Registered + string.Concat(Enumerable.Repeat("]}", 400));
        using var created = await host.Admin.PostTextAsync("/v1/segments", $$"""{ "name": "Deep", "condition": {{condition}} }""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var id = created.Headers.Location!.ToString().Split('/')[^1];
        Assert.NotNull((await SetAsync()).Find(new(Guid.Parse(id)))!.Condition);
        using var answer = await host.Admin.GetAsync("/v1/segments/deep", TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(401, text.Split("\"type\":").Length - 1);

        // Out of the way of tests that list, whose reader does not go so deep.
        using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/segments/" + id, null, headers: ("If-Match", "*"));
        Assert.Equal(HttpStatusCode.OK, archived.StatusCode);
    }

    [Fact]
    public async Task The_words_of_the_language_are_listed()
    {
        var fields = await host.Admin.GetJsonAsync("/v1/fields");
        var registered = fields["fields"]!.AsArray().Single(field => (string)field!["name"]! == "profile.registered")!;
        Assert.Contains("equals", registered["operators"]!.AsArray().Select(op => (string)op!));
        Assert.Contains("inSegment", fields["conditions"]!.AsArray().Select(kind => (string)kind!["type"]!));
    }

    private static IEnumerable<string> Paths(JsonNode problem) => problem["errors"]!.AsArray().Select(error => (string)error!["path"]!).Order(StringComparer.Ordinal);

    private static string InSegment(string idOrKey) => $$"""{ "type": "inSegment", "segment": "{{idOrKey}}" }""";

    private async Task<SegmentSet> SetAsync() => await host.Services.GetRequiredService<SegmentDefinitions>().AtAsync(
        await DefinitionEpoch.CurrentAsync(host.Database, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    private async Task<string> CreateAsync(string name, string? condition = null) => (string)(await host.Admin.PostJsonAsync(
        "/v1/segments", $$"""{ "name": "{{name}}"{{(condition is null ? "" : ", \"condition\": " + condition)}} }""", HttpStatusCode.Created))["id"]!;

    private async Task<HttpStatusCode> PutAsync(string id, string name, string? ifMatch, string? condition = null)
    {
        var body = $$"""{ "name": "{{name}}"{{(condition is null ? "" : ", \"condition\": " + condition)}} }""";
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/segments/" + id, body, headers: ifMatch is null ? [] : [("If-Match", ifMatch)]);
        return answer.StatusCode;
    }

    private async Task<JsonNode> ArchiveAsync(string id)
    {
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/segments/" + id, null, headers: ("If-Match", "*"));
        return await answer.JsonAsync(HttpStatusCode.OK);
    }

    private async Task<List<string>> KeysAsync(string query) =>
        [.. (await host.Admin.GetJsonAsync("/v1/segments" + query))["items"]!.AsArray().Select(item => (string)item!["key"]!)];
}
