using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Hosting;

/// <summary>For whoever keeps the service running.</summary>
[ApiController, AllowAnonymous, Route("health"), Tags("Health")]
public sealed class HealthController(Migrating migrating) : ControllerBase
{
    /// <summary>Whether the process answers at all. If not, restart it.</summary>
    [HttpGet("live", Name = "getLiveness")]
    public Health Live() => new("live");

    /// <summary>Whether requests can be served: the database answers and has every migration. If not, send requests elsewhere.</summary>
    [HttpGet("ready", Name = "getReadiness")]
    [ProducesResponseType<Health>(200)]
    [ProducesResponseType<Problem>(503)]
    public async Task<Health> Ready(CancellationToken cancellationToken) => await migrating.IsReadyAsync(cancellationToken)
        ? new Health("ready")
        : throw new ProblemException(503, "notReady", "The database does not answer or lacks migrations.") { RetryAfterSeconds = 5 };
}

/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
public sealed record Health(string Status);
