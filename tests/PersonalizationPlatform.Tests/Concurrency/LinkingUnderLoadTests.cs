using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Appends, sign-ins and links of the same few people and devices, all at once, read and refreshed on two nodes meanwhile.</summary>
public sealed class LinkingUnderLoadTests(PlatformServer server, PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Writers = 8;
    private const int EventsEach = 60;
    private const int Devices = 6;
    private const int Persons = 4;

    private static readonly IEnumerable<string> Everybody = Enumerable.Range(0, Devices).Select(n => $"ECID:d{n}")
        .Concat(Enumerable.Range(0, Persons).SelectMany(n => (string[])[$"CustomerId:c{n}", $"email:e{n}@example.com"]));

    [Fact]
    public async Task Appends_against_links_end_where_a_judgement_from_nothing_ends()
    {
        if (await host.ValueAsync<long>("select count(*) from segment") == 0)
            await host.CreateSegmentsAsync();
        await using var other = await SecondNode.StartAsync(server, host);
        using var quiet = new CancellationTokenSource();
        var background = new[] { host, other }.SelectMany(node => (Task[])[RefreshUntilAsync(node, quiet.Token), ReadUntilAsync(node, quiet.Token)]).ToList();
        await AtOnceAsync(Writers, n => WriteAsync(n % 2 == 0 ? host : other, n));
        await quiet.CancelAsync();
        await Task.WhenAll(background);
        foreach (var node in (PlatformHost[])[host, other])
            await node.Services.GetRequiredService<SettleWriter>().DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Writers * EventsEach, await host.ValueAsync<long>("select count(*) from event where id like 'w%'"));
        // What readers overtook again and again is left behind a lease.
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        await host.RefreshAllAsync();
        await host.AssertSettledAsync();
        foreach (var identity in Everybody)
            Assert.Equal(await host.SegmentsAsync(identity, "?explain=true"), await other.SegmentsAsync(identity));
        await host.ReportDeadlocksAsync();
    }

    [Fact]
    public async Task A_reader_never_falls_between_the_visitor_and_the_person_she_becomes()
    {
        await using var other = await SecondNode.StartAsync(server, host);
        if (await host.ValueAsync<long>("select count(*) from segment") == 0)
            await host.CreateSegmentsAsync();
        for (var n = 0; n < 25; n++)
        {
            var device = $"ECID:becomes-{n}";
            await host.BrowseAsync(Event($"becomes-{n}", View, null, device));
            var login = host.BrowseAsync(Event($"becomes-{n}-in", Login, null, $"{device} CustomerId:becomes-{n}"));
            await AtOnceAsync(8, async reader => Assert.Equal("one", await (reader % 2 == 0 ? host : other).SegmentsAsync(device, reader < 4 ? "" : "?explain=true")));
            await login;
        }
    }

    private static async Task WriteAsync(PlatformHost node, int writer)
    {
        var random = new Random(writer);
        for (var n = 0; n < EventsEach; n++)
        {
            var (device, person, another) = (random.Next(Devices), random.Next(Persons), random.Next(Persons));
            // Some come late, into intervals that others have closed.
            var at = node.Clock.GetUtcNow().AddSeconds(-random.Next(random.Next(2) == 0 ? 2 : 7200));
            var id = $"w{writer}-{n}";
            var (door, e) = random.Next(6) switch
            {
                0 => ("storefront", Event(id, Login, at, $"ECID:d{device} CustomerId:c{person}")),
                1 => ("storefront", Event(id, View, at, $"ECID:d{device} email:e{person}@example.com")),
                2 => ("storefront", Event(id, View, at, $"CustomerId:c{person} email:e{another}@example.com ECID:d{device}")),
                3 => ("back-office", Event(id, OrderPlaced, at, $"CustomerId:c{person} email:e{another}@example.com", "o" + random.Next(10))),
                _ => ("storefront", Event(id, View, at, $"ECID:d{device}")),
            };
            Assert.Equal((1, 0), await PostAsync(door == "storefront" ? node.Browser : node.BackOffice, door, e));
            if (n % 10 == 0)
                node.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private static async Task RefreshUntilAsync(PlatformHost node, CancellationToken quiet)
    {
        while (!quiet.IsCancellationRequested)
            if (await node.Services.GetRequiredService<Refresher>().RefreshOnceAsync(CancellationToken.None) == 0)
                await Task.Yield();
    }

    private static async Task ReadUntilAsync(PlatformHost node, CancellationToken quiet)
    {
        while (!quiet.IsCancellationRequested)
            foreach (var identity in Everybody)
                await node.SegmentsAsync(identity);
    }
}
