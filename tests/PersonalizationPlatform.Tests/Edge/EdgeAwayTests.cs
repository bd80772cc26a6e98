using System.Net;
using System.Text.Json.Nodes;
using PersonalizationPlatform.Tests.Concurrency;
using PersonalizationPlatform.Tests.Crash;

namespace PersonalizationPlatform.Tests.Edge;

/// <summary>What pages are told while nothing can be stored.</summary>
public sealed class EdgeAwayTests(StorageAwayTests.AwayHost host) : IClassFixture<StorageAwayTests.AwayHost>
{
    [Fact]
    public async Task While_postgresql_is_gone_pages_are_told_to_come_again_and_then_lose_nothing()
    {
        await host.CreateDatastreamAsync();
        var ecid = EdgeShop.NewEcid();
        await host.EdgeJsonAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), "before");
        Assert.NotEqual(0, PostgresProcesses.Signal(host.DataDirectory, PostgresProcesses.Kill));
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var (action, body) in new[]
        {
            ("interact", EdgeShop.Events(EdgeShop.PageView(ecid))), ("collect", EdgeShop.Events(EdgeShop.PageView(ecid))), ("privacy/set-consent", EdgeShop.Consent("in")),
        })
        {
            using var answer = await host.EdgeAsync(action, body, "away-" + action, headers: EdgeShop.Cookies(ecid));
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
            Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, problem.ToJsonString());
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.Contains("Retry-After", string.Join(',', answer.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);
        }

        // Who is only asked for a name needs no database.
        await host.EdgeJsonAsync("identity/acquire", "{}", "away");
        await host.Postgres.EnsureRunningAsync(TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            // As the collector does, with the same request.
            using var answer = await host.EdgeAsync("interact", EdgeShop.Events(EdgeShop.PageView(ecid)), "away-interact", headers: EdgeShop.Cookies(ecid));
            if (answer.StatusCode == HttpStatusCode.OK)
                break;
            await Task.Delay(20, patience.Token);
        }

        Assert.Equal(2, await host.ValueAsync<long>("select count(*) from event where kind = 'pageView' and identity_id = $1", host.IdOf("ECID:" + ecid)));
    }
}
