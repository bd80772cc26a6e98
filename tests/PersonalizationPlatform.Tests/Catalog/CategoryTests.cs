using System.Net;
using System.Text;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Catalog;

public sealed class CategoryTests(PlatformServer server) : IAsyncLifetime
{
    private readonly PlatformHost host = new(server);

    public ValueTask InitializeAsync() => host.InitializeAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task The_category_tree_of_Adobe_Commerce_is_taken_as_it_is()
    {
        var answer = await host.Admin.PostJsonAsync("/v1/categories", """
            { "id": 2, "parent_id": 1, "name": "Default Category", "is_active": true, "position": 1, "level": 1, "product_count": 1181,
              "children_data": [
                { "id": 38, "parent_id": 2, "name": "What's New", "is_active": true, "position": 1, "level": 2, "product_count": 0, "children_data": [] },
                { "id": 3, "parent_id": 2, "name": "Gear", "is_active": true, "position": 4, "level": 2, "product_count": 46,
                  "children_data": [
                    { "id": 4, "parent_id": 3, "name": "Bags", "is_active": true, "position": 1, "level": 3, "product_count": 14, "children_data": [] },
                    { "id": 5, "parent_id": 3, "name": "Fitness Equipment", "is_active": false, "position": 2, "level": 3, "product_count": 23, "children_data": [] } ] } ] }
            """);
        Assert.Equal((5, 0), ((int)answer["stored"]!, (int)answer["refusedCount"]!));
        var bags = await host.Admin.GetJsonAsync("/v1/categories/4");
        Assert.Equal(("Bags", "3", 1, true), ((string)bags["name"]!, (string)bags["parentId"]!, (int)bags["position"]!, (bool)bags["active"]!));
        Assert.False((bool)(await host.Admin.GetJsonAsync("/v1/categories/5"))["active"]!);
        Assert.Equal(["3", "38"], (await host.Admin.GetJsonAsync("/v1/categories?parent=2"))["items"]!.AsArray().Select(item => (string)item!["id"]!));

        // As the flat list returns them, the top one included.
        answer = await host.Admin.PostJsonAsync("/v1/categories", """
            { "items": [
                { "id": 1, "parent_id": 0, "name": "Root Catalog", "position": 0, "level": 0, "children": "2", "path": "1", "include_in_menu": true, "custom_attributes": [] },
                { "id": 6, "parent_id": 3, "name": "Watches", "is_active": true, "position": 3, "level": 3, "path": "1/2/3/6" } ],
              "search_criteria": { "filter_groups": [] }, "total_count": 2 }
            """);
        Assert.Equal(2, (int)answer["stored"]!);
        Assert.Null((await host.Admin.GetJsonAsync("/v1/categories/1"))["parentId"]);
    }

    [Fact]
    public async Task A_circle_is_refused_however_long_it_is()
    {
        await PutAsync("a", """{ "name": "A" }""", HttpStatusCode.OK);
        await PutAsync("b", """{ "name": "B", "parentId": "a" }""", HttpStatusCode.OK);
        await PutAsync("c", """{ "name": "C", "parentId": "b" }""", HttpStatusCode.OK);
        Assert.Equal("category.circle", await PutAsync("a", """{ "name": "A", "parentId": "c" }""", HttpStatusCode.BadRequest));
        Assert.Equal("category.circle", await PutAsync("a", """{ "name": "A", "parentId": "a" }""", HttpStatusCode.BadRequest));
        Assert.Equal("category.unknownParent", await PutAsync("a", """{ "name": "A", "parentId": "x" }""", HttpStatusCode.BadRequest));
        Assert.Equal("category.invalid", await PutAsync("a", """{ "name": " ", "parentId": "a/b" }""", HttpStatusCode.BadRequest));
        Assert.Null((await host.Admin.GetJsonAsync("/v1/categories/a"))["parentId"]);
    }

    [Fact]
    public async Task Only_the_final_tree_of_a_bulk_counts_and_bad_lines_are_listed()
    {
        await PutAsync("top", """{ "name": "Top" }""", HttpStatusCode.OK);
        await PutAsync("under", """{ "name": "Under", "parentId": "top" }""", HttpStatusCode.OK);
        // Top and under change places; the child comes before its parent; x and y hold each other; z lies in y.
        const string Lines = """
            {"id":"top","name":"Top","parentId":"under"}
            {"id":"under","name":"Under"}
            {"id":"child","name":"Child","parentId":"parent"}
            {"id":"parent","name":"Parent","parentId":"under"}
            {"id":"x","name":"X","parentId":"y"}
            {"id":"y","name":"Y","parentId":"x"}
            {"id":"z","name":"Z","parentId":"y"}
            {"id":"q","name":"Q","colour":"red"}
            nonsense
            """;
        using var answer = await host.Admin.PostTextAsync("/v1/categories/bulk", Lines, "application/x-ndjson");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(4, (int)json["stored"]!);
        Assert.Equal(
            ["5 category.circle", "6 category.circle", "7 category.unknownParent", "8 json.unknownMember", "9 json.syntax"],
            json["refused"]!.AsArray().Select(line => $"{line!["line"]} {line["code"]}"));
        Assert.Equal("under", (string)(await host.Admin.GetJsonAsync("/v1/categories/top"))["parentId"]!);
        Assert.Equal("parent", (string)(await host.Admin.GetJsonAsync("/v1/categories/child"))["parentId"]!);
        await host.Admin.GetJsonAsync("/v1/categories/z", HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("""{ "id": 2 }""", "$.id json.type", "$.name json.missingMember")]
    [InlineData("""{ "id": 2, "children_data": [] }""", "$.name category.name")]
    [InlineData("""{ "id": "alone", "name": "Alone", "parentId": "nowhere" }""", "$.parentId category.unknownParent")]
    public async Task A_single_category_that_is_wrong_is_a_wrong_request(string body, params string[] wrong)
    {
        var problem = await host.Admin.PostJsonAsync("/v1/categories", body, HttpStatusCode.BadRequest);
        Assert.Equal("category.invalid", (string)problem["code"]!);
        Assert.Equal(wrong, problem["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}"));
        var page = await host.Admin.PostJsonAsync("/v1/categories", $$"""{ "items": [ {{body}}, { "id": "kept-in-page", "name": "Kept" } ] }""");
        Assert.Equal((1, 1), ((int)page["stored"]!, (int)page["refusedCount"]!));
    }

    [Fact]
    public async Task A_category_that_contains_others_stays()
    {
        await PutAsync("a", """{ "name": "A" }""", HttpStatusCode.OK);
        await PutAsync("b", """{ "name": "B", "parentId": "a" }""", HttpStatusCode.OK);
        using var refused = await host.Admin.DeleteAsync("/v1/categories/a", TestContext.Current.CancellationToken);
        Assert.Equal("category.hasChildren", (string)(await refused.JsonAsync(HttpStatusCode.Conflict))["code"]!);
        foreach (var (id, status) in new[] { ("b", HttpStatusCode.NoContent), ("a", HttpStatusCode.NoContent), ("a", HttpStatusCode.NotFound) })
        {
            using var deleted = await host.Admin.DeleteAsync("/v1/categories/" + id, TestContext.Current.CancellationToken);
            Assert.Equal(status, deleted.StatusCode);
        }
    }

    [Fact]
    public async Task Nesting_ends_at_a_thousand_also_for_what_is_moved_with_a_category()
    {
        var lines = new StringBuilder("{\"id\":\"0\",\"name\":\"N\"}\n");
        for (var i = 1; i <= 1001; i++)
            lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{{\"id\":\"{i}\",\"name\":\"N\",\"parentId\":\"{i - 1}\"}}\n");
        using var answer = await host.Admin.PostTextAsync("/v1/categories/bulk", lines.ToString(), "application/x-ndjson");
        var json = await answer.JsonAsync(HttpStatusCode.OK);
        Assert.Equal(1001, (int)json["stored"]!);
        Assert.Equal("category.depth", (string)json["refused"]!.AsArray().Single()!["code"]!);
        await PutAsync("new-top", """{ "name": "New" }""", HttpStatusCode.OK);
        Assert.Equal("category.depth", await PutAsync("0", """{ "name": "N", "parentId": "new-top" }""", HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Ten_thousand_categories_come_in_one_request()
    {
        var lines = string.Join('\n', Enumerable.Range(1, 10_000).Select(i => $$"""{"id":"{{i}}","name":"Category {{i}}"{{(i == 1 ? "" : $",\"parentId\":\"{i / 2}\"")}}}""").Reverse());
        using var answer = await host.Admin.PostTextAsync("/v1/categories/bulk", lines, "application/x-ndjson");
        Assert.Equal(10_000, (int)(await answer.JsonAsync(HttpStatusCode.OK))["stored"]!);
    }

    /// <summary>The code of the problem, if there is one.</summary>
    private async Task<string?> PutAsync(string id, string body, HttpStatusCode expected)
    {
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/categories/" + id, body);
        return (string?)(await put.JsonAsync(expected))["code"];
    }
}
