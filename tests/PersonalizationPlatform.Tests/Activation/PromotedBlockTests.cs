using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Activation.DynamicBlocks;
using PersonalizationPlatform.Activation.Rotators;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Activation;

/// <summary>Blocks and the rules they are tied to, from both sides; a table of the same form stands for a kind of rule.</summary>
public sealed class PromotedBlockTests(PromotedBlockTests.Host host) : IClassFixture<PromotedBlockTests.Host>
{
    [Fact]
    public async Task A_block_that_names_a_rule_shows_only_while_the_rule_applies()
    {
        var rule = await RuleAsync("live");
        var block = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", $$"""{ "name": "Names a rule", "content": "x", "cartRules": ["{{rule}}", "rule-{{rule}}"] }""", HttpStatusCode.Created);
        Assert.Equal(rule.ToString(), (string)block["cartRules"]!.AsArray().Single()!);
        Assert.False(await ShownAsync("names-a-rule"));
        Assert.True(await ShownAsync("names-a-rule", rule));
        Assert.False(await ShownAsync("names-a-rule", Guid.CreateVersion7()));
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("draft")]
    [InlineData("archived")]
    public async Task A_block_that_names_a_rule_waits_for_it_whatever_state_it_is_in(string status)
    {
        var rule = await RuleAsync("live");
        await host.Admin.PostJsonAsync("/v1/dynamic-blocks", $$"""{ "name": "Waits {{status}}", "content": "x", "cartRules": ["{{rule}}"] }""", HttpStatusCode.Created);
        await using var change = host.Database.CreateCommand("update rotator set status = $2 where id = $1");
        change.Parameters.Add(new() { Value = rule });
        change.Parameters.Add(new() { Value = status });
        await change.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        Assert.False(await ShownAsync("waits-" + status));
        Assert.True(await ShownAsync("waits-" + status, rule));
    }

    [Fact]
    public async Task An_unknown_rule_is_refused()
    {
        var refused = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "x", "content": "x", "cartRules": ["no-such"], "catalogRules": ["no-such"] }""", HttpStatusCode.BadRequest);
        Assert.Equal(
            ["$.cartRules[0] block.unknownCartRule", "$.catalogRules[0] block.unknownCatalogRule"],
            refused["errors"]!.AsArray().Select(error => $"{error!["path"]} {error["code"]}"));
    }

    [Theory]
    [InlineData("live", false, true)]
    [InlineData("paused", false, true)]
    [InlineData("draft", true, true)]
    [InlineData("archived", false, true)]
    public async Task A_rule_that_names_a_block_ties_it_as_well(string status, bool shownWithout, bool shownWith)
    {
        var key = "named-by-" + status;
        var block = Guid.Parse((string)(await host.Admin.PostJsonAsync("/v1/dynamic-blocks", $$"""{ "name": "{{key}}", "content": "x" }""", HttpStatusCode.Created))["id"]!);
        Assert.True(await ShownAsync(key));
        var rule = await RuleAsync(status, block);
        Assert.Equal(shownWithout, await ShownAsync(key));
        Assert.Equal(shownWith, await ShownAsync(key, rule));
    }

    [Fact]
    public async Task A_block_saved_after_its_rule_was_archived_is_free_of_it()
    {
        var created = await host.Admin.PostJsonAsync("/v1/dynamic-blocks", """{ "name": "Freed", "content": "x" }""", HttpStatusCode.Created);
        await RuleAsync("archived", Guid.Parse((string)created["id"]!));
        Assert.False(await ShownAsync("freed"));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        using var put = await host.Admin.SendTextAsync(HttpMethod.Put, "/v1/dynamic-blocks/" + created["id"], created.ToJsonString(), headers: ("If-Match", "*"));
        await put.JsonAsync(HttpStatusCode.OK);
        Assert.True(await ShownAsync("freed"));
    }

    private async Task<bool> ShownAsync(string placement, params Guid[] applied)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var ground = await scope.ServiceProvider.GetRequiredService<DecisionReader>().ReadAsync(null, null, TestContext.Current.CancellationToken);
        var answer = await scope.ServiceProvider.GetRequiredService<BlockDecisions>().DecideAsync(
            ground, new BlockDecisionRequest(), [placement], new DecisionCaller([], 0, NamedAudiences.None, IsTrusted: true, IsAdmin: false),
            new PromotionsApplied { CartRules = applied.ToHashSet() }, TestContext.Current.CancellationToken);
        return answer.Placements[placement].Count > 0;
    }

    private async Task<Guid> RuleAsync(string status, params Guid[] blocks)
    {
        var id = Guid.CreateVersion7();
        await using (var insert = host.Database.CreateCommand($$"""
            insert into rotator (id, key, name, status, version, number, body, created_at, updated_at)
            values ($1, $2, 'rule', $3, 1, 1, $4::json, $5, $5);
            """))
        {
            insert.Parameters.Add(new() { Value = id });
            insert.Parameters.Add(new() { Value = "rule-" + id });
            insert.Parameters.Add(new() { Value = status });
            insert.Parameters.Add(new() { Value = $$"""{ "name": "rule", "dynamicBlocks": [{{string.Join(',', blocks.Select(block => $"\"{block}\""))}}] }""" });
            insert.Parameters.Add(new() { Value = host.Clock.GetUtcNow() });
            await insert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        // As an editor does with every change.
        await using var publish = host.Database.CreateCommand("update epoch set value = value + 1 where name = 'publications'");
        await publish.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return id;
    }

    public sealed class Host(PlatformServer server) : PlatformHost(server)
    {
        protected override void ConfigureServices(IServiceCollection services)
        {
            services.AddScoped<IRuleReferences>(provider => new RuleReferences<Rotator>(provider.GetRequiredService<PlatformDb>(), PromotionKind.CartRule));
            services.AddSingleton<IPromoteBlocks>(new PromotingRules(PromotionKind.CartRule, "rotator"));
        }
    }
}
