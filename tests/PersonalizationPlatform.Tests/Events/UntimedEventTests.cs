using Microsoft.Extensions.DependencyInjection;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Events;

public sealed class UntimedEventTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task Keys_of_events_without_a_time_are_forgotten_after_their_24_hours_and_not_before()
    {
        var partitions = host.Services.GetRequiredService<EventPartitions>();
        using var content = new StringContent("""{"_id":"untimed-1","eventType":"shop.waved","identityMap":{"ECID":[{"id":"77001"}]}}""");
        using var answer = await host.Browser.PostAsync("/v1/events/storefront", content, TestContext.Current.CancellationToken);
        Assert.Contains("\"accepted\":1", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var received = host.Clock.GetUtcNow();
        Assert.Equal(0, await partitions.ForgetUntimedOnceAsync(received.AddHours(24).AddMicroseconds(-1), TestContext.Current.CancellationToken));
        Assert.Equal(1, await partitions.ForgetUntimedOnceAsync(received.AddHours(24), TestContext.Current.CancellationToken));
        Assert.Equal(0, await partitions.ForgetUntimedOnceAsync(received.AddHours(24), TestContext.Current.CancellationToken));
    }
}
