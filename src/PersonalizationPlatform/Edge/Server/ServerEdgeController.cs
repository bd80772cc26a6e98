using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.Edge.Server;

/// <summary>
/// The door for servers that speak Adobe's Edge Network Server API, version 2. They come with a secret key: <c>Authorization: Bearer</c>
/// or <c>x-api-key</c>, beside which a token of Adobe's may stand.
/// </summary>
[ApiController]
[Authorize(Policy = Scopes.CollectSecret)]
[EdgeHeaders]
[EdgeFailures]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("{edgeBase:edgeBase}/v2")]
[Route("{edgeBase:edgeBase}/{hint}/v2")]
[Route("{edgeBase:edgeBase}/{more}/{hint}/v2")]
public sealed class ServerEdgeController(EdgeReading reading, EdgeEvents events, EdgeAudiences audiences) : ControllerBase
{
    /// <summary>Takes one event (<c>event</c>), and answers with what it has changed.</summary>
    [HttpPost("interact")]
    public async Task<IActionResult> InteractAsync(CancellationToken cancellationToken)
    {
        var request = await reading.ReadAsync(HttpContext, EdgeSender.Server, cancellationToken);
        var outcome = await events.TakeFromServerAsync(request, cancellationToken);
        List<EdgeHandle> handle = request.HasDevice ? [EdgeHandle.Identity(request.Ecid)] : [];
        await EdgeInteraction.AddAsync(handle, request, audiences, !outcome.MayCollect, cancellationToken);
        return EdgeInteraction.Answer(request, handle, outcome.Refused);
    }

    /// <summary>Takes events (<c>events</c>), perhaps of many shoppers. 202 with what was not stored, or 204 when <c>silent=true</c>.</summary>
    [HttpPost("collect")]
    public async Task<IActionResult> CollectAsync(CancellationToken cancellationToken)
    {
        var request = await reading.ReadAsync(HttpContext, EdgeSender.ServerOfMany, cancellationToken);
        var outcome = await events.TakeFromServerAsync(request, cancellationToken);
        if (string.Equals(Request.Query["silent"], "true", StringComparison.OrdinalIgnoreCase))
            return NoContent();
        var answer = EdgeInteraction.Answer(request, [], outcome.Refused);
        answer.StatusCode = StatusCodes.Status202Accepted;
        return answer;
    }
}
