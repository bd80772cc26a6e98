using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Workers of two nodes on the same work.</summary>
public sealed class RefresherTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Shoppers = 300;

    [Fact]
    public async Task Two_nodes_work_off_the_same_marks_while_more_come()
    {
        await SegmentsAsync();
        await using var other = await SecondNode.StartAsync(server, host);
        var nodes = new[] { host, other };
        using var written = new CancellationTokenSource();
        var workers = nodes.Select(node => Task.Run(async () =>
        {
            var refresher = node.Services.GetRequiredService<Refresher>();
            while (await refresher.RefreshOnceAsync(CancellationToken.None) > 0 || !written.IsCancellationRequested)
            {
            }
        })).ToList();
        await AtOnceAsync(4, async writer =>
        {
            for (var round = 0; round < 6; round++)
                await nodes[writer % 2].BrowseAsync([.. Enumerable.Range(0, Shoppers).Where(s => s % 2 == writer % 2)
                    .Select(s => Event($"{writer}-{round}-{s}", View, null, $"ECID:both-{s}"))]);
        });
        await written.CancelAsync();
        await Task.WhenAll(workers);
        // The clock has not moved: whatever still hides behind a lease would fail here.
        await host.RefreshAllAsync();
        await host.AssertSettledAsync();
        Assert.Equal(2 * Shoppers, await host.ValueAsync<long>(
            "select count(*) from membership m join identity i on i.own_profile = m.profile_id where i.value like 'both-%'"));
        Assert.Equal(0, await host.ValueAsync<long>(
            "select count(*) from (select 1 from membership_log group by profile_id, segment_id having count(*) > 1) twice"));
        await host.ReportDeadlocksAsync();
    }

    [Fact]
    public async Task Another_worker_takes_over_when_the_lease_of_one_that_died_runs_out()
    {
        await SegmentsAsync();
        await host.BrowseAsync(Event("orphan", View, null, "ECID:orphan"));
        await host.RefreshAllAsync();
        await host.BrowseAsync(Event("orphan-2", View, null, "ECID:orphan"));
        // What a worker leaves behind that died right after its claim.
        var lease = host.Clock.GetUtcNow().AddSeconds(30);
        Assert.Equal(1, await host.ValueAsync<long>("with c as (update identity set lease = $1 where dirty returning 1) select count(*) from c", lease));
        Assert.Equal(0, await host.Services.GetRequiredService<Refresher>().RefreshMarkedOnceAsync(TestContext.Current.CancellationToken));
        // Nothing that is read depends on it.
        Assert.Equal("one two", await host.SegmentsAsync("ECID:orphan", "?explain=true"));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await host.Services.GetRequiredService<Refresher>().RefreshMarkedOnceAsync(TestContext.Current.CancellationToken));
        await host.AssertSettledAsync();
    }

    private async Task SegmentsAsync()
    {
        if (await host.ValueAsync<long>("select count(*) from segment") == 0)
            await host.CreateSegmentsAsync();
    }
}
