using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>What the collecting doors share: read, hand over, answer.</summary>
[ApiController]
public abstract class CollectingController(EventIntake intake, IdempotentAnswers answers, IOptions<CollectionLimits> limits) : ControllerBase
{
    private protected async Task<ActionResult<CollectionAnswer>> CollectAsync(EventDoor door, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(Request, limits.Value.BodyBytes(door), cancellationToken);
        var answer = await answers.OnceAsync(
            User.KeyId(), Request.Headers[IdempotentAnswers.Header], door, body, () => intake.TakeAsync(body, door, User.KeyWebsite(), cancellationToken), cancellationToken);
        return StatusCode(StatusCodes.Status202Accepted, answer);
    }
}
