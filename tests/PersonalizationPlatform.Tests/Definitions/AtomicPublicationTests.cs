using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Definitions.Merchant;

namespace PersonalizationPlatform.Tests.Definitions;

/// <summary>No decision, on any node, sees half of a publication.</summary>
public sealed class AtomicPublicationTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Rounds = 30;
    private const string OnceSeen = """{ "type": "happened", "event": "productPageView", "atLeast": 1 }""";
    private const string Never = """{ "type": "happened", "event": "productPageView", "atLeast": 99 }""";

    /// <summary>One state of the shop shows a, and c to the members of a segment that shoppers are in; the other b, and has emptied the segment.</summary>
    private static readonly string[] States = ["a c", "b"];

    [Fact]
    public async Task Under_decisions_on_two_nodes_there_is_one_block_or_the_other_never_both_and_never_neither()
    {
        await using var other = await SecondNode.StartAsync(server, host);
        await host.CreateAsync("segments", $$"""{ "name": "s", "key": "s", "condition": {{OnceSeen}} }""");
        await BlockAsync("a", "live", "");
        await BlockAsync("b", "paused", "");
        await BlockAsync("c", "live", """, "segments": ["s"] """);
        foreach (var shopper in Enumerable.Range(0, 8))
            await host.BrowseAsync(Traffic.Event("e-" + shopper, Traffic.View, null, "ECID:atom-" + shopper));

        var over = false;
        var seen = new ConcurrentDictionary<string, int>();
        var deciding = Traffic.AtOnceAsync(8, async n =>
        {
            while (!Volatile.Read(ref over))
                seen.AddOrUpdate(await DecideAsync(n % 2 == 0 ? host : other, n), 1, (_, times) => times + 1);
        });
        try
        {
            for (var round = 1; round <= Rounds; round++)
            {
                var b = round % 2 == 1;
                await (round % 3 == 0 ? other : host).PublishAsync("", $$"""
                    {{Block("a", b ? "pause" : "publish")}},
                    { "collection": "segments", "id": "s", "action": "replace", "body": { "name": "s", "condition": {{(b ? Never : OnceSeen)}} } },
                    {{Block("b", b ? "publish" : "pause")}}
                    """);
                // What is live is live on every node as soon as the answer has arrived.
                Assert.Equal([States[round % 2], States[round % 2]], [await DecideAsync(host, round % 8), await DecideAsync(other, round % 8)]);
            }
        }
        finally
        {
            Volatile.Write(ref over, true);
            await deciding;
        }

        Assert.Equal(States, seen.Keys.Order(StringComparer.Ordinal));
        Assert.True(seen.Values.Min() > Rounds / 4, string.Join(' ', seen.Values));
    }

    [Fact]
    public async Task Segments_that_a_node_has_read_ahead_are_never_mixed_with_the_blocks_of_before()
    {
        await host.CreateAsync("segments", """{ "name": "ahead", "key": "ahead" }""");
        await host.CreateAsync("dynamic-blocks", """{ "name": "ahead-c", "key": "ahead-c", "content": "c", "segments": ["ahead"] }""");
        await host.CreateBlockAsync("ahead-a", "a");
        await host.CreateBlockAsync("ahead-b", "b", "paused");
        string[] placements = ["ahead-a", "ahead-b", "ahead-c"];
        Assert.Equal("a c", await host.ShownAsync(placements));
        var before = await NumbersAsync();
        await host.PublishAsync("", $$"""
            {{Block("ahead-a", "pause")}}, {{Block("ahead-b", "publish")}},
            { "collection": "segments", "id": "ahead", "action": "replace", "body": { "name": "ahead", "condition": {{Never}} } }
            """);
        var after = await NumbersAsync();
        await host.Services.GetRequiredService<SegmentDefinitions>().CurrentAsync(TestContext.Current.CancellationToken);

        // The moment of a request that looked at the shopper just before the publication, while others on its node have looked since.
        await SetNumbersAsync(before);
        var overtaken = await host.Admin.PostJsonAsync(
            "/v1/decisions/dynamic-blocks", """{ "shopper": { }, "placements": ["ahead-a", "ahead-b", "ahead-c"] }""", HttpStatusCode.ServiceUnavailable);
        Assert.Equal("decision.overtaken", (string)overtaken["code"]!);
        await SetNumbersAsync(after);
        Assert.Equal("b", await host.ShownAsync(placements));
    }

    private Task<(long Epoch, long Publication)> NumbersAsync() => DefinitionEpoch.CurrentPublicationAsync(host.Database, TestContext.Current.CancellationToken);

    private Task SetNumbersAsync((long Epoch, long Publication) numbers) => host.ExecuteAsync(
        $"update epoch set value = case name when 'definitions' then {numbers.Epoch} else {numbers.Publication} end where name in ('definitions', 'publications')");

    private Task<string> BlockAsync(string key, string status, string more) => host.CreateAsync(
        "dynamic-blocks", $$"""{ "name": "{{key}}", "key": "{{key}}", "content": "{{key}}", "status": "{{status}}", "locations": ["header"]{{more}} }""");

    private static async Task<string> DecideAsync(PlatformHost node, int shopper)
    {
        var answer = await node.Admin.PostJsonAsync(
            "/v1/decisions/dynamic-blocks", $$"""{ "shopper": { "identities": [ { "namespace": "ECID", "id": "atom-{{shopper}}" } ] }, "placements": ["header"] }""");
        return string.Join(' ', answer["placements"]!["header"]!.AsArray().Select(block => (string)block!["key"]!));
    }
}
