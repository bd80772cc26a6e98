using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Access;

public sealed class KeyTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_new_key_is_shown_once_works_and_is_stored_only_as_a_hash()
    {
        var created = await CreateAsync("secret", "admin");
        var key = (string)created["key"]!;
        Assert.Matches("^sk_[0-9A-Za-z]{43}$", key);
        await host.Client(key).GetJsonAsync("/v1/keys");
        var listed = (await host.Admin.GetJsonAsync("/v1/keys?limit=200")).ToJsonString();
        Assert.Contains((string)created["details"]!["id"]!, listed, StringComparison.Ordinal);
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", listed, StringComparison.OrdinalIgnoreCase);
        await using var command = host.Database.CreateCommand("select string_agg(k::text, ' ') from api_key k");
        Assert.DoesNotContain(key[3..], (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_revoked_here_stops_at_once_and_stays_listed()
    {
        var created = await CreateAsync("secret", "admin");
        var client = host.Client((string)created["key"]!);
        await client.GetJsonAsync("/v1/keys");
        using var revoked = await host.Admin.DeleteAsync($"/v1/keys/{created["details"]!["id"]}", TestContext.Current.CancellationToken);
        await revoked.JsonAsync(HttpStatusCode.NoContent);
        await client.GetJsonAsync("/v1/keys", HttpStatusCode.Unauthorized);
        var listed = (await host.Admin.GetJsonAsync("/v1/keys?limit=200"))["items"]!.AsArray();
        Assert.NotNull(listed.Single(key => (string)key!["id"]! == (string)created["details"]!["id"]!)!["revokedAt"]);
    }

    [Fact]
    public async Task A_key_that_is_revoked_elsewhere_stops_within_a_second()
    {
        var created = await CreateAsync("secret", "admin");
        var client = host.Client((string)created["key"]!);
        await client.GetJsonAsync("/v1/keys");
        await using var elsewhere = host.Database.CreateCommand("update api_key set revoked_at = $1 where id = $2");
        elsewhere.Parameters.Add(new() { Value = host.Clock.GetUtcNow() });
        elsewhere.Parameters.Add(new() { Value = Guid.Parse((string)created["details"]!["id"]!) });
        await elsewhere.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        host.Clock.Advance(ApiKeys.Staleness);
        await client.GetJsonAsync("/v1/keys", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_key_stops_at_the_instant_it_expires()
    {
        var expires = host.Clock.GetUtcNow().AddHours(1);
        var created = await host.Admin.PostJsonAsync(
            "/v1/keys", $$"""{ "name": "short", "kind": "secret", "scopes": ["admin"], "expiresAt": "{{expires:O}}" }""", HttpStatusCode.Created);
        var client = host.Client((string)created["key"]!);
        host.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMicroseconds(1));
        await client.GetJsonAsync("/v1/keys");
        host.Clock.Advance(TimeSpan.FromMicroseconds(1));
        await client.GetJsonAsync("/v1/keys", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Two_keys_overlap_so_that_callers_can_move_from_one_to_the_other()
    {
        var (first, second) = (await CreateAsync("public", "collect"), await CreateAsync("public", "collect"));
        Assert.NotEqual((string)first["key"]!, (string)second["key"]!);
        foreach (var key in new[] { first, second })
            await host.Client((string)key["key"]!).GetJsonAsync("/v1/keys", HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("public", "admin", "$.scopes[0]")]
    [InlineData("public", "export", "$.scopes[0]")]
    [InlineData("secret", "everything", "$.scopes[0]")]
    public async Task A_key_gets_no_scope_it_may_not_have(string kind, string scope, string path)
    {
        var problem = await host.Admin.PostJsonAsync(
            "/v1/keys", $$"""{ "name": "x", "kind": "{{kind}}", "scopes": ["{{scope}}"] }""", HttpStatusCode.BadRequest);
        Assert.Equal("key.scopes", (string)problem["code"]!);
        Assert.Equal(path, (string)problem["errors"]![0]!["path"]!);
    }

    [Theory]
    [InlineData(PlatformHost.CollectKey, HttpStatusCode.Forbidden)]
    [InlineData(PlatformHost.AdminKey, HttpStatusCode.Unauthorized)]
    [InlineData("pk_unknown", HttpStatusCode.Unauthorized)]
    public async Task In_the_address_only_public_keys_are_known(string key, HttpStatusCode expected)
    {
        var problem = await host.Anonymous.GetJsonAsync("/v1/keys?key=" + key, expected);
        Assert.DoesNotContain(key, problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_pages_through_every_key_once()
    {
        for (var i = 0; i < 5; i++)
            await CreateAsync("public", "decide");
        var (ids, cursor) = (new List<string>(), "");
        do
        {
            var page = await host.Admin.GetJsonAsync("/v1/keys?limit=2" + (cursor.Length > 0 ? "&cursor=" + cursor : ""));
            ids.AddRange(page["items"]!.AsArray().Select(key => (string)key!["id"]!));
            cursor = (string?)page["nextCursor"] ?? "";
        }
        while (cursor.Length > 0);
        await using var count = host.Database.CreateCommand("select count(*) from api_key");
        Assert.Equal((long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, ids.Distinct().Count());
        Assert.Distinct(ids);
    }

    [Fact]
    public async Task Guessing_keys_costs_no_queries()
    {
        await host.Anonymous.GetJsonAsync("/v1/keys?key=guess", HttpStatusCode.Unauthorized);
        await ExecuteAsync("alter table api_key rename to hidden");
        try
        {
            for (var i = 0; i < 50; i++)
                await host.Anonymous.GetJsonAsync("/v1/keys?key=guess" + i, HttpStatusCode.Unauthorized);
            // Once the copy in memory is too old, it does ask.
            host.Clock.Advance(ApiKeys.Staleness);
            await host.Anonymous.GetJsonAsync("/v1/keys?key=guess", HttpStatusCode.InternalServerError);
        }
        finally
        {
            await ExecuteAsync("alter table hidden rename to api_key");
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = host.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private Task<JsonNode> CreateAsync(string kind, string scope) =>
        host.Admin.PostJsonAsync("/v1/keys", $$"""{ "name": "test", "kind": "{{kind}}", "scopes": ["{{scope}}"] }""", HttpStatusCode.Created);
}
