using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

public sealed class SameEventTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    [Theory]
    [InlineData("timed", true)]
    [InlineData("untimed", false)]
    public async Task The_same_event_posted_50_times_at_once_is_stored_once(string id, bool timed)
    {
        var answers = new (int Accepted, int Duplicates)[50];
        var body = Event(id, View, timed ? PlatformHost.Start : null, $"ECID:{id}");
        await AtOnceAsync(50, async n => answers[n] = await PostAsync(host.Browser, "storefront", body));
        await AssertOnceAsync(id, answers);
    }

    [Fact]
    public async Task The_same_event_50_times_in_one_batch_is_stored_once()
    {
        var answer = await host.BrowseAsync([.. Enumerable.Repeat(Event("batched", View, PlatformHost.Start, "ECID:batched"), 50)]);
        await AssertOnceAsync("batched", answer);
    }

    [Fact]
    public async Task The_same_order_through_two_nodes_at_once_is_stored_and_counted_once()
    {
        await using var other = await SecondNode.StartAsync(server, host);
        var answers = new (int Accepted, int Duplicates)[50];
        var body = Event("nodes", Purchase, PlatformHost.Start, "ECID:nodes email:nodes@example.com", "order-nodes");
        await AtOnceAsync(50, async n => answers[n] = await PostAsync(n % 2 == 0 ? host.Browser : other.Browser, "storefront", body));
        await AssertOnceAsync("nodes", answers);
        Assert.Equal(1, await host.ValueAsync<long>("select count(*) from order_part p join order_key k using (order_id) where p.content ->> 'purchaseId' = 'order-nodes'"));
    }

    private async Task AssertOnceAsync(string id, params (int Accepted, int Duplicates)[] answers)
    {
        Assert.Equal((1, 49), (answers.Sum(a => a.Accepted), answers.Sum(a => a.Duplicates)));
        Assert.Equal(1, await host.ValueAsync<long>("select count(*) from event where id = $1", id));
        Assert.Equal(1, await host.ValueAsync<long>("select count from identity_kind where identity_id = $1", host.IdOf("ECID:" + id)));
    }
}
