using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>A settle takes effect only if it follows the one its snapshot read; who is slower writes nothing.</summary>
public sealed class SettleRaceTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>, IAsyncLifetime
{
    private SecondNode? other;

    public async ValueTask InitializeAsync()
    {
        if (await host.ValueAsync<long>("select count(*) from segment") == 0)
            await host.CreateSegmentsAsync();
        other = await SecondNode.StartAsync(server, host);
    }

    public ValueTask DisposeAsync() => other!.DisposeAsync();

    [Fact]
    public async Task The_slower_of_two_workers_with_the_older_snapshot_writes_nothing()
    {
        var older = await FindAsync(host, "ECID:slow", "slow-1");
        var newer = await FindAsync(other!, "ECID:slow", "slow-2");
        Assert.True(await SettleAsync(other!, newer));
        var settled = await StateAsync("ECID:slow");
        Assert.False(await SettleAsync(host, older));
        Assert.Equal(settled, await StateAsync("ECID:slow"));
        Assert.Equal("one two", await host.SegmentsAsync("ECID:slow"));
        await AssertEachFlipOnceAsync();
    }

    [Fact]
    public async Task An_older_snapshot_that_comes_first_is_followed_by_what_it_did_not_know()
    {
        var older = await FindAsync(host, "ECID:first", "first-1");
        var newer = await FindAsync(other!, "ECID:first", "first-2");
        Assert.True(await SettleAsync(host, older));
        Assert.False(await SettleAsync(other!, newer));
        Assert.Equal("one two", await other!.SegmentsAsync("ECID:first"));
        await AssertEachFlipOnceAsync();
    }

    [Fact]
    public async Task Of_two_workers_that_settle_the_same_profile_at_once_one_takes_effect()
    {
        for (var round = 0; round < 20; round++)
        {
            var found = new[] { await FindAsync(host, "ECID:both", $"both-{round}a"), await FindAsync(other!, "ECID:both", $"both-{round}b") };
            var settled = new bool[2];
            await AtOnceAsync(2, async n => settled[n] = await SettleAsync(n == 0 ? host : other!, found[n]));
            Assert.Single(settled, true);
        }

        await AssertEachFlipOnceAsync();
    }

    [Fact]
    public async Task One_profile_that_cannot_be_written_keeps_no_other_from_being_settled()
    {
        var found = new List<(ProfileSnapshot Snapshot, Judgement Judgement)>();
        for (var n = 0; n < 10; n++)
            found.Add(await FindAsync(host, $"ECID:beside-{n}", $"beside-{n}"));
        // Twice in the same segment: the database refuses the whole statement.
        found[5] = (found[5].Snapshot, found[5].Judgement with { Members = [.. found[5].Judgement.Members, .. found[5].Judgement.Members] });
        var settled = await Task.WhenAll(found.Select(f => SettleAsync(host, f)));
        Assert.Equal(Enumerable.Range(0, 10).Select(n => n != 5), settled);
        await AssertEachFlipOnceAsync();
    }

    [Fact]
    public async Task Ten_readers_of_one_stale_profile_are_all_right_and_log_once()
    {
        for (var shopper = 0; shopper < 20; shopper++)
        {
            var name = $"ECID:read-{shopper}";
            await host.BrowseAsync(Event($"read-{shopper}", View, null, name));
            await AtOnceAsync(10, async n => Assert.Equal("one", await (n % 2 == 0 ? host : other!).SegmentsAsync(name)));
            await host.BrowseAsync(Event($"read-{shopper}-again", View, null, name));
            await AtOnceAsync(10, async n => Assert.Equal("one two", await (n % 2 == 0 ? host : other!).SegmentsAsync(name)));
        }

        await AssertEachFlipOnceAsync();
    }

    private static async Task<(ProfileSnapshot, Judgement)> FindAsync(PlatformHost node, string identity, string id)
    {
        await node.BrowseAsync(Event(id, View, node.Clock.GetUtcNow(), identity));
        var set = await node.Services.GetRequiredService<SegmentDefinitions>().CurrentAsync(TestContext.Current.CancellationToken);
        var reader = node.Services.GetRequiredService<SnapshotReader>();
        var profile = await reader.OwnerAsync([node.IdOf(identity)], TestContext.Current.CancellationToken);
        var snapshot = Assert.Single(await reader.ReadAsync([profile!.Value], set.Needs, TestContext.Current.CancellationToken));
        return (snapshot, Judge.Run(snapshot, set, node.Clock.GetUtcNow()));
    }

    private static Task<bool> SettleAsync(PlatformHost node, (ProfileSnapshot Snapshot, Judgement Judgement) found) =>
        node.Services.GetRequiredService<SettleWriter>().SettleAsync(found.Snapshot, found.Judgement, TestContext.Current.CancellationToken);

    private Task<string> StateAsync(string identity) => host.ValueAsync<string>(
        """
        select concat(p, (select json_agg(m order by m.segment_id) from membership m where m.profile_id = p.profile_id),
            (select json_agg(l order by l.position) from membership_log l where l.profile_id = p.profile_id))
        from profile p where $1 = any(p.seen_ids)
        """, host.IdOf(identity));

    private async Task AssertEachFlipOnceAsync()
    {
        foreach (var node in (PlatformHost[])[host, other!])
            await node.Services.GetRequiredService<SettleWriter>().DrainAsync(TestContext.Current.CancellationToken);
        await host.RefreshAllAsync();
        await host.AssertSettledAsync();
        Assert.Equal(0, await host.ValueAsync<long>(
            "select count(*) from (select 1 from membership_log group by profile_id, segment_id having count(*) > 1) twice"));
    }
}
