using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Stories;

/// <summary>Tests that tell a story each, in a shop of its own: its shoppers are nobody else's, and its clock starts anew.</summary>
public abstract class StoryTest(PlatformHost host) : IAsyncLifetime
{
    private protected PlatformHost Host { get; } = host;

    private protected Story Story { get; } = new(host);

    public ValueTask InitializeAsync() => Host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
