using System.Text.Json.Serialization;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>The settings analytics.js (version 2, analytics-next) needs before it sends anything: no other destination, every call enabled, no metrics.</summary>
public sealed record SegmentSettings(
    SegmentIntegrations Integrations, SegmentPlan Plan, SegmentNothing EdgeFunction, bool AnalyticsNextEnabled, SegmentNothing MiddlewareSettings,
    SegmentNothing EnabledMiddleware, SegmentMetrics Metrics, bool LegacyVideoPluginsEnabled, IReadOnlyList<string> RemotePlugins)
{
    internal static SegmentSettings Of(string writeKey, string? apiHost) => new(
        new SegmentIntegrations(new SegmentDestination(writeKey, apiHost, [], true, new SegmentNothing(), new SegmentVersion("4.4.7", ["browser"]))),
        new SegmentPlan(Enabled(new SegmentNothing()), Enabled(null), Enabled(null)),
        new SegmentNothing(), true, new SegmentNothing(), new SegmentNothing(), new SegmentMetrics(0), false, []);

    private static SegmentPlanned Enabled(SegmentNothing? integrations) => new(new SegmentPlannedDefault(true, integrations));
}

/// <summary>An object without members, where the tracker expects one.</summary>
public sealed record SegmentNothing;

public sealed record SegmentIntegrations([property: JsonPropertyName("Segment.io")] SegmentDestination SegmentIo);

/// <param name="ApiKey">The write key.</param>
/// <param name="ApiHost">Where to send to, unless the page says so itself.</param>
/// <param name="UnbundledIntegrations">None.</param>
/// <param name="AddBundledMetadata">That messages name their destinations.</param>
/// <param name="MaybeBundledConfigIds">None.</param>
/// <param name="VersionSettings">Of the destination's plug-in.</param>
public sealed record SegmentDestination(
    string ApiKey, string? ApiHost, IReadOnlyList<string> UnbundledIntegrations, bool AddBundledMetadata, SegmentNothing MaybeBundledConfigIds, SegmentVersion VersionSettings);

public sealed record SegmentVersion(string Version, IReadOnlyList<string> ComponentTypes);

public sealed record SegmentPlan(SegmentPlanned Track, SegmentPlanned Identify, SegmentPlanned Group);

public sealed record SegmentPlanned([property: JsonPropertyName("__default")] SegmentPlannedDefault Default);

public sealed record SegmentPlannedDefault(bool Enabled, SegmentNothing? Integrations);

public sealed record SegmentMetrics(int SampleRate);

/// <summary>The source as RudderStack's tracker demands it: enabled, without destinations of its own.</summary>
public sealed record RudderStackSettings(RudderStackSource Source)
{
    internal static RudderStackSettings Of(string keyId) => new(new RudderStackSource(
        keyId, "storefront", true, "personalization-platform", [], new RudderStackConfig(new RudderStackStatistics(new RudderStackSwitch(false), new RudderStackSwitch(false)))));
}

public sealed record RudderStackSource(string Id, string Name, bool Enabled, string WorkspaceId, IReadOnlyList<string> Destinations, RudderStackConfig Config);

public sealed record RudderStackConfig(RudderStackStatistics StatsCollection);

public sealed record RudderStackStatistics(RudderStackSwitch Errors, RudderStackSwitch Metrics);

public sealed record RudderStackSwitch(bool Enabled);
