using System.Collections.Concurrent;
using System.Net;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>A person is erased while everybody goes on writing about her and about whoever shares her device.</summary>
public sealed class ErasureUnderLoadTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private static readonly string[] Persons = ["CustomerId:ann-7007", "email:ann-7007@example.com"];

    private readonly ConcurrentBag<Posted> posted = [];

    [Fact]
    public async Task Nothing_from_before_the_erasure_is_left_or_comes_back_and_nothing_from_after_it_is_lost()
    {
        await host.CreateSegmentsAsync();
        await using var other = await SecondNode.StartAsync(server, host);
        host.Clock.AutoAdvanceAmount = TimeSpan.FromMilliseconds(1);
        var erased = new TaskCompletionSource();
        var warm = new SemaphoreSlim(0);
        var writers = Enumerable.Range(0, 6).Select(n => Task.Run(() => WriteAsync(n % 2 == 0 ? host : other, n, warm, erased.Task))).ToList();
        for (var n = 0; n < 60; n++)
            await warm.WaitAsync(TestContext.Current.CancellationToken);
        using (var answer = await other.Admin.DeleteAsync("/v1/profiles/CustomerId/ann-7007", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        erased.SetResult();
        await Task.WhenAll(writers);
        var instant = await host.ValueAsync<DateTime>("select erased_at from identity where identity_id = $1", host.IdOf(Persons[0]));
        Assert.Contains(posted, e => e.OfAnn && e.At <= instant);
        Assert.Contains(posted, e => e.OfAnn && e.At > instant);

        await AssertGoneAsync(instant);
        foreach (var again in posted.OrderBy(e => e.Id, StringComparer.Ordinal).Chunk(100))
            await AssertOnlyRepeatsAsync(again);
        await AssertGoneAsync(instant);
        await host.RefreshAllAsync();
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from membership join profile using (profile_id) where erased_at is not null"));
        await host.ReportDeadlocksAsync();
    }

    [Fact]
    public async Task Old_events_posted_again_bring_no_value_back()
    {
        // Much of what a person leaves: several identities, an order, attributes, a shared device.
        string[] old =
        [
            Event("bo-1", OrderPlaced, PlatformHost.Start.AddMinutes(-5), "CustomerId:eve-4711 email:eve-4711@example.com ECID:eve-4711-phone", "order-eve-4711"),
            Event("sf-1", View, PlatformHost.Start.AddMinutes(-4), "ECID:eve-4711-phone email:eve-4711@example.com"),
            Event("sf-2", View, PlatformHost.Start.AddMinutes(-3), "ECID:eve-4711-phone"),
            Event("sf-3", Purchase, PlatformHost.Start.AddMinutes(-2), "CustomerId:eve-4711", "order-two-eve-4711"),
        ];
        await PostAsync(host.BackOffice, "back-office", Batch(old));
        Assert.NotEmpty(await host.TablesNamingAsync("eve-4711"));
        using (await host.Admin.DeleteAsync("/v1/profiles/email/eve-4711@example.com", TestContext.Current.CancellationToken))
            Assert.Empty(await host.TablesNamingAsync("eve-4711"));
        Assert.Equal((0, 4), await PostAsync(host.BackOffice, "back-office", Batch(old)));
        foreach (var single in old)
            Assert.Equal((0, 1), await PostAsync(host.BackOffice, "back-office", single));
        Assert.Empty(await host.TablesNamingAsync("eve-4711"));
    }

    private async Task WriteAsync(PlatformHost node, int writer, SemaphoreSlim warm, Task erased)
    {
        var random = new Random(writer);
        var left = 15;
        for (var n = 0; !erased.IsCompleted || left-- > 0; n++)
        {
            var at = node.Clock.GetUtcNow();
            at = at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMicrosecond));
            var id = $"w{writer}-{n}-end";
            var (back, ann, body) = random.Next(7) switch
            {
                0 => (false, true, Event(id, Login, at, $"ECID:tablet {Persons[0]}")),
                1 => (false, false, Event(id, Login, at, "ECID:tablet CustomerId:ben-1001")),
                2 => (true, true, Event(id, OrderPlaced, at, string.Join(' ', Persons), "o" + random.Next(5))),
                3 => (false, true, Event(id, View, at, $"ECID:phone{random.Next(20)} {Persons[1]}")),
                4 => (false, false, Event(id, View, at, "CustomerId:ben-1001")),
                5 => (false, true, Event(id, View, at, Persons[1])),
                _ => (false, false, Event(id, View, at, "ECID:elsewhere")),
            };
            var answer = await PostAsync(back ? node.BackOffice : node.Browser, back ? "back-office" : "storefront", body);
            posted.Add(new Posted(id, at, ann, back, body, answer.Accepted == 1));
            warm.Release();
        }
    }

    private async Task AssertGoneAsync(DateTime instant)
    {
        var stored = (await host.ValueAsync<string[]>("select coalesce(array_agg(id), '{}') from event")).ToHashSet();
        var ann = Persons.Select(host.IdOf).ToArray();
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from event where identity_ids && $1 and counts_at <= $2", ann, instant));
        Assert.Empty(posted.Where(e => e.OfAnn && e.At <= instant && stored.Contains(e.Id)).Select(e => e.Id));
        Assert.Empty(posted.Where(e => e.Accepted && (!e.OfAnn || e.At > instant) && !stored.Contains(e.Id)).Select(e => e.Id));
        // What was answered as a repeat although it was new happened before the erasure.
        Assert.Empty(posted.Where(e => !e.Accepted && !(e.At <= instant)).Select(e => e.Id));
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from order_part where identity_id = any($1) and counts_at <= $2", ann, instant));
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from sign_in where person_id = any($1) and at <= $2", ann, instant));
        Assert.Equal(0, await host.ValueAsync<long>("select count(*) from person_link where customer_id = any($1) and at <= $2", ann, instant));
    }

    private async Task AssertOnlyRepeatsAsync(IReadOnlyList<Posted> again)
    {
        var before = await host.ValueAsync<long>("select count(*) from event");
        foreach (var door in again.GroupBy(e => e.BackOffice))
        {
            var answer = await PostAsync(door.Key ? host.BackOffice : host.Browser, door.Key ? "back-office" : "storefront", Batch(door.Select(e => e.Body)));
            Assert.Equal((0, door.Count()), answer);
        }

        Assert.Equal(before, await host.ValueAsync<long>("select count(*) from event"));
    }

    private sealed record Posted(string Id, DateTimeOffset At, bool OfAnn, bool BackOffice, string Body, bool Accepted);
}
