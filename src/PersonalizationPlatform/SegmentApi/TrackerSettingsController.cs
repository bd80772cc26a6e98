using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>What trackers ask before they send anything: which destinations they have. They have one, this service.</summary>
[ApiController]
[Authorize(Policy = Scopes.Collect)]
[EnableCors(SegmentApiSetup.AnyPage)]
[Tags("Events")]
public sealed class TrackerSettingsController(IOptions<SegmentOptions> options) : ControllerBase
{
    /// <summary>Long enough to spare most pages the request; a key that is revoked meanwhile is refused when it is used.</summary>
    private const int SecondsKept = 300;

    /// <summary>Tells Segment's analytics.js its settings.</summary>
    [HttpGet("v1/projects/{writeKey}/settings", Name = "segmentSettings")]
    [WriteKeyInPath]
    [ResponseCache(Duration = SecondsKept, Location = ResponseCacheLocation.Client)]
    public SegmentSettings Settings(string writeKey) => SegmentSettings.Of(writeKey, options.Value.ApiHost);

    /// <summary>Tells RudderStack's tracker its source.</summary>
    [HttpGet("sourceConfig", Name = "rudderStackSourceConfig")]
    [WriteKeyInQuery]
    [ResponseCache(Duration = SecondsKept, Location = ResponseCacheLocation.Client)]
    public RudderStackSettings Source() => RudderStackSettings.Of(User.KeyId());
}
