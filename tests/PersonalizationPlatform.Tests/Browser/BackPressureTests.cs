using System.Globalization;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Tests.Crash;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Browser;

/// <summary>While PostgreSQL is away, browsers are told to come again; they do, and what they have arrives once.</summary>
public sealed class BackPressureTests(BackPressureTests.AwayHost host) : IClassFixture<BackPressureTests.AwayHost>
{
    private const string Collecting = """
        async url => {
            const answer = await fetch(url + '/v1/events/storefront?key=pk_test_collect', {
                method: 'POST', headers: { 'content-type': 'text/plain' },
                body: JSON.stringify({ _id: 'own-door', eventType: 'commerce.productViews', identityMap: { ECID: [{ id: 'own-door' }] } }),
            });
            return [answer.status, Number(answer.headers.get('retry-after'))];
        }
        """;

    [Fact]
    public async Task Every_door_asks_to_come_again_and_the_official_clients_drain()
    {
        await using var shopper = await host.VisitorAsync();
        await using var tracked = await host.VisitorAsync();
        // Both have all they need to send; their identity too.
        await shopper.GoToAsync(BrowserHost.Shop + "/alloy-2.32");
        await shopper.RunAsync("alloy('setConsent', { consent: [{ standard: 'Adobe', version: '1.0', value: { general: 'in' } }] })");
        await shopper.RunAsync("alloy('sendEvent', { xdm: { _id: 'before', eventType: 'commerce.productViews' } })");
        var ecid = await shopper.EcidAsync();
        await tracked.GoToAsync(BrowserHost.Shop + "/segment");
        await tracked.UntilAsync("() => window.analytics");
        await tracked.RunAsync("analytics.track('Product Viewed', { sku: 'before' })");
        await Eventually.TrueAsync("What was sent before", async () => (await host.EventsAsync()).Count(ev => ev.Kind == "productPageView") == 2);

        Assert.NotEqual(0, PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Kill));
        var own = await shopper.RunAsync<int[]>(Collecting, BrowserHost.FirstParty);
        Assert.Equal(503, own[0]);
        Assert.True(own[1] > 0, "Our door says no Retry-After that the page may read.");
        await tracked.RunAsync("() => { analytics.track('Product Added', { sku: 'away', quantity: 1, price: 5 }); }");
        await AssertToldToComeAgainAsync(tracked, "/v1/t");
        // Last, because Adobe's client gives up after three more tries.
        await shopper.RunAsync("() => { window.sent = alloy('sendEvent', { xdm: { eventType: 'commerce.productListAdds' } }).then(() => 'sent', error => String(error)); }");
        await AssertToldToComeAgainAsync(shopper, "/v1/interact");
        await host.Postgres.EnsureRunningAsync(TestContext.Current.CancellationToken);
        Assert.Equal("sent", await shopper.RunAsync<string>("window.sent"));
        await Eventually.TrueAsync("What was sent while it was away", async () => (await AddedAsync()).Count >= 2);
        var added = await AddedAsync();
        Assert.Equal(2, added.Count);
        Assert.Contains(added, ev => ev.Identities.Contains("ECID:" + ecid));
        Assert.Equal(2, (await host.EventsAsync()).Count(ev => ev.Kind == "productPageView"));
        // Nothing of it was accepted, and so nothing of it is there; until it is sent again.
        Assert.DoesNotContain(await host.EventsAsync(), ev => ev.Id == "own-door");
        Assert.Equal(202, (await shopper.RunAsync<int[]>(Collecting, BrowserHost.FirstParty))[0]);
        Assert.Single(await host.EventsAsync("ECID", "own-door", 1));
    }

    private async Task<IReadOnlyList<StoredEvent>> AddedAsync() => [.. (await host.EventsAsync()).Where(ev => ev.Kind == "addToCart")];

    private static async Task AssertToldToComeAgainAsync(Visitor visitor, string path)
    {
        var (status, retryAfter) = await Eventually.SuchAsync(
            "An answer of 503 to " + path,
            async () =>
            {
                foreach (var request in visitor.Requests.Where(request => new Uri(request.Url).AbsolutePath.EndsWith(path, StringComparison.Ordinal)))
                    if (request.ExistingResponse is { Status: >= 400 } answer)
                        return (answer.Status, await answer.HeaderValueAsync("retry-after"));
                return (0, null);
            },
            answer => answer.Item1 != 0);
        Assert.Equal(503, status);
        Assert.InRange(int.Parse(retryAfter!, CultureInfo.InvariantCulture), 1, 300);
    }

    /// <summary>On a PostgreSQL of its own, which may be killed.</summary>
    public sealed class AwayHost(PlatformServer server, Chromium chromium) : StorefrontHost(server, chromium)
    {
        private readonly string directory = Path.Combine(Path.GetTempPath(), "personalization-away-" + Guid.NewGuid().ToString("n")[..12]);
        private PrivatePostgres? postgres;

        public PrivatePostgres Postgres => postgres!;

        public string DataDirectory => Path.Combine(Postgres.Home, "data");

        protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
            [.. base.Settings, new("Serilog:MinimumLevel:Default", "Fatal"), new("Serilog:MinimumLevel:Override:Microsoft.EntityFrameworkCore", "Fatal")];

        protected override async Task<string> TakeDatabaseAsync()
        {
            postgres = await PrivatePostgres.StartAsync(new PrivatePostgresOptions(directory), TestContext.Current.CancellationToken);
            return postgres.ConnectionString + ";Timeout=2;Command Timeout=3;Cancellation Timeout=200";
        }

        protected override async Task GiveBackDatabaseAsync(string database)
        {
            var home = Postgres.Home;
            await Postgres.DisposeAsync();
            foreach (var left in new[] { directory, home }.Where(Directory.Exists))
                Directory.Delete(left, recursive: true);
        }
    }
}
