using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PersonalizationPlatform.Catalog;
using PersonalizationPlatform.Segments.Definitions;
using PersonalizationPlatform.Segments.Membership;
using PersonalizationPlatform.Tests.Harness;
using static PersonalizationPlatform.Tests.Concurrency.Traffic;

namespace PersonalizationPlatform.Tests.Concurrency;

/// <summary>Every page waits for these statements, and planning them takes several times as long as running them.</summary>
public sealed class FreshnessPlanTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    private const int Visitors = 2_000;

    /// <summary>PostgreSQL plans a prepared statement anew this often before it considers a plan for all values.</summary>
    private const int TrialPlans = 5;

    [Fact]
    public async Task A_session_plans_once_and_for_all_how_it_finds_out_who_somebody_is()
    {
        await host.CreateSegmentsAsync();
        var at = host.Clock.GetUtcNow();
        foreach (var visitors in Enumerable.Range(0, Visitors).Chunk(500))
            await host.BrowseAsync([.. visitors.Select(n => Event($"plan-{n}", Login, at, $"ECID:plan-{n} CustomerId:plan-{n}"))]);
        await host.RefreshAllAsync();

        await using var session = NpgsqlDataSource.Create(host.ConnectionString + ";Maximum Pool Size=1;Max Auto Prepare=10;Auto Prepare Min Usages=2");
        // Only with what is there in mind does a plan for one identity look cheaper.
        await using (var analyze = session.CreateCommand("analyze"))
            await analyze.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var snapshots = new SnapshotReader(session, host.Services.GetRequiredService<ProductCatalogue>());
        var needs = (await host.Services.GetRequiredService<SegmentDefinitions>().CurrentAsync(TestContext.Current.CancellationToken)).Needs;
        for (var n = 0; n < 30; n++)
        {
            Guid[] identities = [host.IdOf($"ECID:plan-{n}")];
            Assert.NotNull((await FreshnessReader.ReadAsync(session, identities, TestContext.Current.CancellationToken)).Settled);
            var profile = await snapshots.OwnerAsync(identities, TestContext.Current.CancellationToken);
            Assert.Single(await snapshots.ReadAsync([profile!.Value], needs, TestContext.Current.CancellationToken));
        }

        await using var plans = session.CreateCommand("select custom_plans, generic_plans from pg_prepared_statements where statement like '%sign_in s%'");
        await using var row = await plans.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var statements = 0;
        for (; await row.ReadAsync(TestContext.Current.CancellationToken); statements++)
        {
            Assert.Equal(TrialPlans, row.GetInt64(0));
            Assert.InRange(row.GetInt64(1), 20, 30);
        }

        Assert.Equal(3, statements);
    }
}
