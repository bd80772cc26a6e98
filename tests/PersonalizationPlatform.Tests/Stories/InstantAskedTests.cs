using System.Net;
using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Stories;

public sealed class InstantAskedTests(PlatformHost host) : IClassFixture<PlatformHost>
{
    [Theory]
    [InlineData("2026-06-15", "2026-06-15T00:00:00+00:00")]
    [InlineData("2026-06-15T12:00:00Z", "2026-06-15T12:00:00+00:00")]
    [InlineData("2026-06-15T12:00:00%2B02:00", "2026-06-15T10:00:00+00:00")]
    [InlineData("2026-06-15T12:00:00+02:00", "2026-06-15T10:00:00+00:00")]
    public async Task An_instant_is_read_in_utc_however_it_is_written(string asked, string read)
    {
        var answer = await host.Admin.GetStringAsync($"/v1/shoppers/ECID/4711/segments?at={asked}", TestContext.Current.CancellationToken);
        Assert.Contains($"\"at\":\"{read}\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-02-30")]
    public async Task What_is_no_instant_is_told(string asked)
    {
        using var answer = await host.Admin.GetAsync($"/v1/shoppers/ECID/4711/segments?at={asked}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("at.invalid", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
