using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Events;

public sealed class EventPartitionsTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Retention_drops_whole_months_and_an_old_event_makes_its_month_again()
    {
        var partitions = host.Services.GetRequiredService<EventPartitions>();
        await PostAsync("old-1", "2024-03-31T23:59:59.999999Z");
        await PostAsync("old-2", "2024-04-01T00:00:00Z");

        // The month that retention reaches into is kept whole.
        Assert.Equal(["event_2024_03"], await partitions.DropOlderThanOnceAsync(new(2024, 4, 30, 0, 0, 0, TimeSpan.Zero), TestContext.Current.CancellationToken));
        Assert.Equal(1L, await CountAsync());

        await PostAsync("old-3", "2024-03-15T00:00:00Z");
        Assert.Equal(2L, await CountAsync());
    }

    private async Task PostAsync(string id, string at)
    {
        var body = $$"""{"_id":"{{id}}","timestamp":"{{at}}","eventType":"shop.waved","identityMap":{"ECID":[{"id":"88001"} ]} }""";
        using var content = new StringContent(body);
        using var answer = await host.Browser.PostAsync("/v1/events/storefront", content, TestContext.Current.CancellationToken);
        Assert.Contains("\"accepted\":1", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private async Task<object?> CountAsync()
    {
        await using var command = host.Database.CreateCommand("select count(*) from event");
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
