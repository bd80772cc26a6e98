using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Everybody writes about the same people and orders, in any order: nobody fails, nothing is lost.</summary>
public sealed class OverlappingBatchesTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Clients = 8;
    private const int Batches = 30;
    private const int BatchSize = 15;

    [Fact]
    public async Task Batches_that_overlap_in_any_order_lose_nothing_and_fail_nowhere()
    {
        await using var other = await SecondNode.StartAsync(server, host);
        var answers = new (int Accepted, int Duplicates)[Clients];
        await AtOnceAsync(Clients, async client =>
        {
            var random = new Random(client);
            var node = client % 2 == 0 ? host : other;
            for (var batch = 0; batch < Batches; batch++)
            {
                var events = Enumerable.Range(0, BatchSize).Select(n => Random(random, $"{client}-{batch}-{n}")).ToArray();
                random.Shuffle(events);
                var answer = await PostAsync(node.BackOffice, "back-office", Batch(events));
                answers[client] = (answers[client].Accepted + answer.Accepted, answers[client].Duplicates + answer.Duplicates);
            }
        });
        const long total = Clients * Batches * BatchSize;
        Assert.Equal((total, 0L), (answers.Sum(a => (long)a.Accepted), answers.Sum(a => (long)a.Duplicates)));
        Assert.Equal(total, await host.ValueAsync<long>("select count(*) from event"));
        Assert.Equal(total, await host.ValueAsync<long>("select count(distinct id) from event"));
        Assert.Equal((decimal)total, await host.ValueAsync<decimal>("select sum(count) from identity_kind"));
        Assert.Equal(
            await host.ValueAsync<long>("select count(*) from event where order_id is not null"), await host.ValueAsync<long>("select count(*) from order_part"));
        // Whom an order concerns is everybody whom any of its events named as its own.
        Assert.Equal(0, await host.ValueAsync<long>(
            "select count(*) from order_part p join order_key k using (order_id) where not p.identity_id = any(k.identity_ids)"));
        await host.ReportDeadlocksAsync();
    }

    [Fact]
    public async Task A_batch_about_thousands_locks_at_most_a_thousand_at_a_time()
    {
        await using var fresh = new PlatformHost(server);
        await fresh.InitializeAsync();
        var events = Enumerable.Range(0, 900).Select(n => Event($"wide-{n}", View, null, $"ECID:wide-{n} CustomerId:wide-{n} email:wide-{n}@example.com"));
        Assert.Equal((900, 0), await PostAsync(fresh.BackOffice, "back-office", Batch(events)));
        Assert.Equal(2700, await fresh.ValueAsync<long>("select count(*) from identity"));
        // Linking writes the e-mails a second time, in the same transaction.
        Assert.InRange(await fresh.ValueAsync<long>("select max(n) from (select count(*) as n from identity group by xmin::text) t"), 900, 1000);
    }

    private static string Random(Random random, string id)
    {
        var at = PlatformHost.Start.AddSeconds(-random.Next(86_400));
        var device = $"ECID:d{random.Next(12)}";
        var customer = $"CustomerId:c{random.Next(8)}";
        var email = $"email:e{random.Next(8)}@example.com";
        return random.Next(5) switch
        {
            0 => Event(id, OrderPlaced, at, $"{customer} {email}", "o" + random.Next(15)),
            1 => Event(id, OrderPlaced, at, $"{email} {device}", "o" + random.Next(15)),
            2 => Event(id, View, at, $"{device} {customer}"),
            3 => Event(id, View, at, $"{customer} {device} {email}"),
            _ => Event(id, View, at, device),
        };
    }
}
