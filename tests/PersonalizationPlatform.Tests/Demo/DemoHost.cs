using PersonalizationPlatform.Tests.Harness;

namespace PersonalizationPlatform.Tests.Demo;

/// <summary>The service as it starts on an empty database: with the demo shop.</summary>
public sealed class DemoHost(PlatformServer server) : PlatformHost(server)
{
    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Demo:Load", "true")];
}
