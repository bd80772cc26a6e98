using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>What the collecting doors share: read, hand over, answer.</summary>
[ApiController]
[ProducesResponseType<CollectionAnswer>(StatusCodes.Status202Accepted)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status400BadRequest)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status409Conflict)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status413PayloadTooLarge)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status415UnsupportedMediaType)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status422UnprocessableEntity)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status503ServiceUnavailable)]
public abstract class CollectingController(EventIntake intake, IdempotentAnswers answers, IOptions<CollectionLimits> limits) : ControllerBase
{
    private protected Task<ActionResult<CollectionAnswer>> CollectAsync(EventDoor door, CancellationToken cancellationToken) =>
        CollectAsync(door, null, body => intake.TakeAsync(body, door, User.KeyWebsite(), cancellationToken), cancellationToken);

    /// <param name="door">How far what comes is trusted, and how large it may be.</param>
    /// <param name="format">What the body is written in, unless it is XDM.</param>
    /// <param name="take">Takes the body.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    private protected async Task<ActionResult<CollectionAnswer>> CollectAsync(
        EventDoor door, string? format, Func<ReadOnlyMemory<byte>, Task<CollectionAnswer>> take, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(Request, limits.Value.BodyBytes(door), cancellationToken);
        var answer = await answers.OnceAsync(
            User.KeyId(), Request.Headers[IdempotentRequests.Header], door, format, body, () => take(body), cancellationToken);
        return StatusCode(StatusCodes.Status202Accepted, answer);
    }
}
