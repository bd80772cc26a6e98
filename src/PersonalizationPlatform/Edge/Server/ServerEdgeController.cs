using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Events.Doors;

namespace PersonalizationPlatform.Edge.Server;

/// <summary>
/// The door for servers that speak Adobe's Edge Network Server API, version 2. They come with a secret key: <c>Authorization: Bearer</c>
/// or <c>x-api-key</c>.
/// </summary>
[ApiController]
[Authorize(Policy = Scopes.CollectSecret)]
[EdgeHeaders]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("{edgeBase:edgeBase}/v2")]
public sealed class ServerEdgeController(EdgeReading reading, EdgeEvents events, EdgeAudiences audiences, IOptions<CollectionLimits> limits) : ControllerBase
{
    /// <summary>Takes one event (<c>event</c>), and answers with what it has changed.</summary>
    [HttpPost("interact")]
    public async Task<IActionResult> InteractAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken);
        var outcome = await events.TakeFromServerAsync(request, cancellationToken);
        var handle = new List<EdgeHandle> { EdgeHandle.Identity(request.Ecid) };
        await EdgeInteraction.AddAsync(handle, request, audiences, !outcome.MayCollect, cancellationToken);
        return EdgeInteraction.Answer(request, handle, outcome.Refused);
    }

    /// <summary>Takes events (<c>events</c>), perhaps of many shoppers. 202 with what was not stored, or 204 when <c>silent=true</c>.</summary>
    [HttpPost("collect")]
    public async Task<IActionResult> CollectAsync(CancellationToken cancellationToken)
    {
        var request = await ReadAsync(cancellationToken);
        // Their shoppers are whom the events name: an identity that stands for the request would make one of all of them.
        var outcome = await events.TakeFromServerAsync(request with { Identities = [] }, cancellationToken);
        if (string.Equals(Request.Query["silent"], "true", StringComparison.OrdinalIgnoreCase))
            return NoContent();
        var answer = EdgeInteraction.Answer(request, [], outcome.Refused);
        answer.StatusCode = StatusCodes.Status202Accepted;
        return answer;
    }

    private Task<EdgeRequest> ReadAsync(CancellationToken cancellationToken) => reading.ReadAsync(HttpContext, limits.Value.MaxServerBodyBytes, cancellationToken);
}
