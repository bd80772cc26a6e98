using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Hosting;

public sealed class HealthTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Fact]
    public async Task A_service_on_a_prepared_database_is_live_and_ready()
    {
        Assert.Equal("live", (string)(await host.Anonymous.GetJsonAsync("/health/live"))["status"]!);
        Assert.Equal("ready", (string)(await host.Anonymous.GetJsonAsync("/health/ready"))["status"]!);
    }
}
