using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>
/// A fresh read looks only at the identities that the last settle saw. It must never trust a profile that has another set of them by
/// now, and need not distrust one that has the same.
/// </summary>
public sealed class FreshnessLawTests(PlatformServer server)
{
    private const int Steps = 100;
    private const int Devices = 4;
    private const int Persons = 4;

    private static readonly string[] Everybody = [.. Enumerable.Range(0, Devices).Select(n => $"ECID:d{n}")
        .Concat(Enumerable.Range(0, Persons).SelectMany(n => (string[])[$"CustomerId:c{n}", $"email:e{n}@example.com"]))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whom_a_fresh_read_trusts_has_the_identities_and_marks_that_were_settled(int seed)
    {
        await using var host = new PlatformHost(server);
        await host.InitializeAsync();
        await host.CreateSegmentsAsync();
        var random = new Random(seed);
        var (trusted, distrusted) = (0, 0);
        for (var step = 0; step < Steps; step++)
        {
            await DoAsync(host, random, $"{seed}-{step}");
            var set = await host.Services.GetRequiredService<SegmentDefinitions>().CurrentAsync(TestContext.Current.CancellationToken);
            foreach (var identity in Everybody)
            {
                var freshness = await FreshnessReader.ReadAsync(host.Database, [host.IdOf(identity)], TestContext.Current.CancellationToken);
                if (freshness.Profile is not { } profile)
                    continue;
                var snapshot = Assert.Single(await host.Services.GetRequiredService<SnapshotReader>().ReadAsync([profile], set.Needs, TestContext.Current.CancellationToken));
                var same = snapshot.SameMarks;
                Assert.True(same == freshness.Settled is not null, $"Step {step}, {identity} of {profile}: the same {same}, trusted {freshness.Settled is not null}.");
                if (freshness.Settled is { } settled)
                {
                    Assert.Equal(snapshot.Facts.Lists.Order(), settled.Lists.Order());
                    Assert.Equal(snapshot.Consents.Order(), settled.Consents.Order());
                }

                _ = freshness.Settled is null ? distrusted++ : trusted++;
            }

            // Some are read, and what was found is stored.
            for (var reads = random.Next(4); reads > 0; reads--)
                await host.SegmentsAsync(Everybody[random.Next(Everybody.Length)]);
            await host.Services.GetRequiredService<SettleWriter>().DrainAsync(TestContext.Current.CancellationToken);
        }

        Assert.InRange(trusted, Steps, int.MaxValue);
        Assert.InRange(distrusted, Steps, int.MaxValue);
    }

    [Fact]
    public async Task A_claim_that_bears_once_a_rival_is_erased_is_noticed_by_the_customer_it_leads_to()
    {
        await using var host = new PlatformHost(server);
        await host.InitializeAsync();
        await host.CreateSegmentsAsync();
        var at = host.Clock.GetUtcNow();
        // Two customers claim one address, so it is nobody's but its own; then one of them is erased.
        await host.BrowseAsync(Event("first", View, at.AddHours(-3), "CustomerId:c1 email:e@example.com"));
        await host.BrowseAsync(Event("second", View, at.AddHours(-2), "CustomerId:c2 email:e@example.com"));
        await EraseAsync(host, "CustomerId:c2");
        Assert.Equal("one", await host.SegmentsAsync("CustomerId:c1"));
        await host.Services.GetRequiredService<SettleWriter>().DrainAsync(TestContext.Current.CancellationToken);
        // What makes the claims be looked at again names the address alone.
        await PostAsync(host.BackOffice, "back-office", Event("order", OrderPlaced, at, "email:e@example.com", "o1"));
        Assert.Equal("buyer one", await host.SegmentsAsync("CustomerId:c1", "?explain=true"));
        Assert.Equal("buyer one", await host.SegmentsAsync("CustomerId:c1"));
    }

    private static async Task DoAsync(PlatformHost host, Random random, string id)
    {
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var (device, person, another) = ($"ECID:d{random.Next(Devices)}", random.Next(Persons), random.Next(Persons));
        // Some come late, into intervals that others have closed.
        var at = host.Clock.GetUtcNow().AddSeconds(-random.Next(random.Next(2) == 0 ? 2 : 600));
        var (customer, email) = ($"CustomerId:c{person}", $"email:e{another}@example.com");
        _ = random.Next(12) switch
        {
            0 or 1 => await host.BrowseAsync(Event(id, Login, at, $"{device} {customer}")),
            2 => await host.BrowseAsync(Event(id, View, at, $"{device} {email}")),
            3 => await host.BrowseAsync(Event(id, View, at, $"{customer} {email}")),
            4 => await host.BrowseAsync(Event(id, View, at, $"{customer} {email} {device}")),
            5 => await PostAsync(host.BackOffice, "back-office", Event(id, OrderPlaced, at, $"{customer} {email}", "o" + random.Next(6))),
            6 => await PostAsync(host.BackOffice, "back-office", Event(id, OrderPlaced, at, customer, "o" + random.Next(6))),
            7 => await PostAsync(host.BackOffice, "back-office", Event(id, OrderPlaced, at, email, "o" + random.Next(6))),
            8 when random.Next(3) == 0 => await EraseAsync(host, random.Next(2) == 0 ? customer : random.Next(2) == 0 ? email : device),
            _ => await host.BrowseAsync(Event(id, View, at, device)),
        };
    }

    private static async Task<(int, int)> EraseAsync(PlatformHost host, string identity)
    {
        using var answer = await host.Admin.SendTextAsync(HttpMethod.Delete, "/v1/profiles/" + identity.Replace(':', '/'), null);
        return (0, 0);
    }
}
