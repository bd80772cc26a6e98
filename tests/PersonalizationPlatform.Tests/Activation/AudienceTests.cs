using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Audiences;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

public sealed class AudienceTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_list_is_replaced_as_a_whole_by_one_step_of_the_epoch()
    {
        var id = await CreateAsync("whole");
        var before = await EpochAsync();
        var imported = await MembersAsync(HttpMethod.Put, id, Emails("old", 0, 2500) + "null\nold-0@x.y\n");
        Assert.Equal((2500, 1, 1, 2500), ((int)imported["imported"]!, (int)imported["duplicates"]!, (int)imported["refusedCount"]!, (int)imported["size"]!));
        Assert.Equal(before + 1, await EpochAsync());

        imported = await MembersAsync(HttpMethod.Put, id, Emails("new", 0, 10));
        Assert.Equal(10, (int)imported["size"]!);
        var members = await host.Admin.GetJsonAsync($"/v1/audiences/{id}/members?limit=200");
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"new-{i}@x.y"), members["items"]!.AsArray().Select(member => (string)member!["id"]!).Order());
        Assert.Equal(10, (int)(await host.Admin.GetJsonAsync("/v1/audiences/whole"))["size"]!);
    }

    [Fact]
    public async Task Adding_and_removing_marks_the_identities_and_leaves_the_epoch()
    {
        var id = await CreateAsync("marks");
        await MembersAsync(HttpMethod.Post, id, "m-1@x.y\n");
        var epoch = await EpochAsync();
        var mark = await MarkAsync("m-1@x.y");
        var added = await MembersAsync(HttpMethod.Post, id, "m-1@x.y\nm-2@x.y\n");
        Assert.Equal((1, 1, 2), ((int)added["imported"]!, (int)added["duplicates"]!, (int)added["size"]!));
        Assert.Equal(mark + 1, await MarkAsync("m-1@x.y"));

        var removed = await MembersAsync(HttpMethod.Delete, id, "m-1@x.y\nm-3@x.y\n");
        Assert.Equal((1, 1, 1), ((int)removed["removed"]!, (int)removed["unknown"]!, (int)removed["size"]!));
        Assert.Equal(mark + 2, await MarkAsync("m-1@x.y"));
        Assert.Null(await MarkAsync("m-3@x.y"));
        Assert.Equal(epoch, await EpochAsync());
    }

    [Fact]
    public async Task A_replacement_moves_no_mark()
    {
        var id = await CreateAsync("unmoved");
        await MembersAsync(HttpMethod.Post, id, "still@x.y\n");
        var mark = await MarkAsync("still@x.y");
        await MembersAsync(HttpMethod.Put, id, "still@x.y\n");
        Assert.Equal(mark, await MarkAsync("still@x.y"));
    }

    [Fact]
    public async Task Of_two_replacements_that_overlap_the_one_begun_last_wins()
    {
        var id = await CreateAsync("overlap");
        await using var scope = host.Services.CreateAsyncScope();
        await using var other = host.Services.CreateAsyncScope();
        var started = new TaskCompletionSource();
        var proceed = new TaskCompletionSource();
        var first = scope.ServiceProvider.GetRequiredService<ListImport>().ReplaceAsync(new(Guid.Parse(id)), SlowBody(), new(MemberFormat.Csv, "email"), TestContext.Current.CancellationToken);
        await started.Task;
        await MembersAsync(HttpMethod.Put, id, Emails("second", 0, 3));
        proceed.SetResult();
        Assert.Equal("audience.overtaken", (await Assert.ThrowsAsync<PersonalizationPlatform.Http.ProblemException>(() => first)).Code);
        Assert.Equal(3, (int)(await host.Admin.GetJsonAsync("/v1/audiences/overlap"))["size"]!);

        async IAsyncEnumerable<PersonalizationPlatform.Http.RequestLine> SlowBody()
        {
            yield return new(1, "first@x.y"u8.ToArray(), false);
            started.SetResult();
            await proceed.Task;
            yield return new(2, "first-2@x.y"u8.ToArray(), false);
        }
    }

    [Fact]
    public async Task A_replacement_that_fails_changes_nothing_and_what_it_wrote_is_deleted()
    {
        var id = await CreateAsync("fails");
        await MembersAsync(HttpMethod.Put, id, Emails("kept", 0, 5));
        await using (var scope = host.Services.CreateAsyncScope())
        {
            await Assert.ThrowsAsync<IOException>(() => scope.ServiceProvider.GetRequiredService<ListImport>().ReplaceAsync(
                new(Guid.Parse(id)), BrokenBody(), new(MemberFormat.Csv, "email"), TestContext.Current.CancellationToken));
        }

        Assert.Equal(1005, await EntriesAsync(id));
        await CleanAsync();
        Assert.Equal(5, await EntriesAsync(id));
        Assert.Equal(5, (int)(await host.Admin.GetJsonAsync("/v1/audiences/fails"))["size"]!);

        static async IAsyncEnumerable<PersonalizationPlatform.Http.RequestLine> BrokenBody()
        {
            for (var i = 0; i < 1500; i++)
                yield return new(i + 1, System.Text.Encoding.UTF8.GetBytes($"lost-{i}@x.y"), false);
            await Task.Yield();
            throw new IOException("The client has gone.");
        }
    }

    [Fact]
    public async Task Replaced_and_archived_entries_are_deleted_and_a_running_replacement_is_left_alone()
    {
        var id = await CreateAsync("cleaned");
        await MembersAsync(HttpMethod.Put, id, Emails("one", 0, 1200));
        await MembersAsync(HttpMethod.Put, id, Emails("two", 0, 7));
        await ExecuteAsync($"update audience set staged_version = staged_version + 1, staged_at = '{host.Clock.GetUtcNow():O}' where id = '{id}'");
        await ExecuteAsync($"insert into list_entry select gen_random_uuid(), id, staged_version, created_at from audience where id = '{id}'");
        await CleanAsync();
        Assert.Equal(8, await EntriesAsync(id));

        using var archived = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/audiences/" + id, null, headers: ("If-Match", "*"));
        Assert.Equal("archived", (string)(await archived.JsonAsync(HttpStatusCode.OK))["status"]!);
        await CleanAsync();
        Assert.Equal(0, await EntriesAsync(id));
    }

    [Fact]
    public async Task Members_are_paged_without_gaps()
    {
        var id = await CreateAsync("paged");
        await MembersAsync(HttpMethod.Put, id, Emails("page", 0, 120));
        var seen = new List<string>();
        for (string? cursor = null; ;)
        {
            var page = await host.Admin.GetJsonAsync($"/v1/audiences/{id}/members" + (cursor is null ? "" : "?cursor=" + cursor));
            seen.AddRange(page["items"]!.AsArray().Select(member => (string)member!["id"]!));
            if ((cursor = (string?)page["nextCursor"]) is null)
                break;
        }

        Assert.Equal(120, seen.Distinct().Count());
        Assert.Equal(120, seen.Count);
    }

    [Fact]
    public async Task A_published_segment_has_no_list_and_keeps_its_segment()
    {
        await host.Admin.PostJsonAsync("/v1/segments", """{ "name": "Publish me" }""", HttpStatusCode.Created);
        var audience = await host.Admin.PostJsonAsync("/v1/audiences", """{ "name": "Out there", "segment": "publish-me", "externalId": "ext-1" }""", HttpStatusCode.Created);
        var id = (string)audience["id"]!;
        Assert.Equal("segment", (string)audience["kind"]!);
        Assert.Null(audience["size"]);
        Assert.Equal("audience.publishesSegment", (string)(await MembersAsync(HttpMethod.Put, id, "a@b.c\n", HttpStatusCode.Conflict))["code"]!);

        var set = await host.Services.GetRequiredService<SegmentDefinitions>().AtAsync(await EpochAsync(), TestContext.Current.CancellationToken);
        Assert.Equal((string)audience["segment"]!, set.Audiences[new(Guid.Parse(id))].Segment.ToString());

        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/audiences/" + id, """{ "name": "Out there", "kind": "list" }""", headers: ("If-Match", "\"1\""));
        Assert.Equal("audience.kindImmutable", (string)(await put.JsonAsync(HttpStatusCode.BadRequest))["errors"]![0]!["code"]!);
        using var same = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/audiences/" + id, audience.ToJsonString(), headers: ("If-Match", "\"1\""));
        await same.JsonAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_unknown_format_is_refused_before_anything_is_written()
    {
        var id = await CreateAsync("format");
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Put, $"/v1/audiences/{id}/members", "[]", "application/json");
        Assert.Equal("http.contentType", (string)(await answer.JsonAsync(HttpStatusCode.UnsupportedMediaType))["code"]!);
    }

    private static string Emails(string prefix, int from, int count) =>
        string.Concat(Enumerable.Range(from, count).Select(i => $"{prefix}-{i}@x.y\n"));

    private async Task<string> CreateAsync(string name) =>
        (string)(await host.Admin.PostJsonAsync("/v1/audiences", $$"""{ "name": "{{name}}" }""", HttpStatusCode.Created))["id"]!;

    private async Task<JsonNode> MembersAsync(HttpMethod method, string id, string csv, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await host.Admin.SendTextAsync(method, $"/v1/audiences/{id}/members?namespace=email", csv, "text/csv");
        return await answer.JsonAsync(expected);
    }

    private async Task CleanAsync()
    {
        var cleanup = host.Services.GetRequiredService<ListCleanup>();
        while (await cleanup.OnceAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    private Task<long> EpochAsync() => DefinitionEpoch.CurrentAsync(host.Database, TestContext.Current.CancellationToken);

    private async Task<long?> MarkAsync(string email) => (long?)await ExecuteAsync($"select mark from identity where namespace = 'email' and value = '{email}'");

    private async Task<long> EntriesAsync(string id) => (long)(await ExecuteAsync($"select count(*) from list_entry where audience_id = '{id}'"))!;

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using var command = host.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
