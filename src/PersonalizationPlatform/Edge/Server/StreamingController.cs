using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Edge.Datastreams;
using PersonalizationPlatform.Events;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Edge.Server;

/// <summary>The door for servers that stream into Adobe's Experience Platform: events and profile records in its envelopes, with a secret key.</summary>
/// <remarks>The connection's id may be a config id, whose website then holds for events that name none; else the key's does.</remarks>
[ApiController]
[Authorize(Policy = Scopes.CollectSecret)]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("collection")]
public sealed class StreamingController(EventIntake intake, LiveDatastreams datastreams, IOptions<CollectionLimits> limits, TimeProvider time) : ControllerBase
{
    /// <summary>Takes one message. 200 after the commit; 400 when it cannot be stored.</summary>
    [HttpPost("{id}")]
    public async Task<IActionResult> OneAsync(string id, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(cancellationToken);
        if (await TakeAsync(id, [body], cancellationToken) is [{ } refusal, ..])
            throw new ProblemException(400, refusal.Code, refusal.Detail);
        var now = Now();
        var validated = string.Equals(Request.Query["synchronousValidation"], "true", StringComparison.OrdinalIgnoreCase);
        return new JsonResult(new StreamedOne(id, Action(now, 0), now, validated ? new("pass") : null), HttpSetup.Json);
    }

    /// <summary>Takes <c>messages</c>. 200 when all of them are stored, 207 when some are not.</summary>
    [HttpPost("batch/{id}")]
    public async Task<IActionResult> BatchAsync(string id, CancellationToken cancellationToken)
    {
        var body = await BodyAsync(cancellationToken);
        var most = limits.Value.MaxBatch;
        var messages = JsonSlices.Elements(JsonSlices.At(body, "messages"), most + 1);
        if (messages.Count > most)
            throw new ProblemException(413, "batch.tooLarge", $"A request takes at most {most} messages.");
        var refused = await TakeAsync(id, messages, cancellationToken);
        var now = Now();
        var responses = new StreamedMessage[messages.Count];
        for (var i = 0; i < responses.Length; i++)
            responses[i] = new() { XactionId = Action(now, i) };
        foreach (var refusal in refused)
            responses[refusal.Index] = new() { StatusCode = 400, Message = $"{refusal.Code}: {refusal.Detail}" };
        return new JsonResult(new StreamedBatch(id, Batch(now), now, responses), HttpSetup.Json)
        {
            StatusCode = refused.Count > 0 ? StatusCodes.Status207MultiStatus : StatusCodes.Status200OK,
        };
    }

    private async Task<ReadOnlyMemory<byte>> BodyAsync(CancellationToken cancellationToken) =>
        JsonSlices.Object(await RequestBody.ReadAsync(Request, limits.Value.MaxServerBodyBytes, cancellationToken));

    /// <summary>Each message through its own door; refusals tell the positions of the messages.</summary>
    private async Task<IReadOnlyList<Refusal>> TakeAsync(string id, IReadOnlyList<ReadOnlyMemory<byte>> sent, CancellationToken cancellationToken)
    {
        var website = (await datastreams.FindKnownAsync(id, cancellationToken))?.Website ?? User.KeyWebsite();
        var messages = sent.Select(StreamingMessage.Of).ToList();
        var refused = new List<Refusal>();
        for (var i = 0; i < messages.Count; i++)
            if (messages[i] is null)
                refused.Add(new(i, "message.noEntity", "The message has no body.xdmEntity."));
        foreach (var door in new[] { EventDoor.Profiles, EventDoor.BackOffice })
        {
            var positions = Enumerable.Range(0, messages.Count).Where(i => messages[i]?.Door == door).ToList();
            var answer = await intake.TakeAsync([.. positions.Select(i => new Arrival(messages[i]!.Entity) { Website = website })], door, cancellationToken);
            refused.AddRange(answer.Refused.Select(refusal => refusal with { Index = positions[refusal.Index] }));
        }

        return [.. refused.OrderBy(refusal => refusal.Index)];
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private string Batch(long now) => string.Create(CultureInfo.InvariantCulture, $"{now}:{HttpContext.TraceIdentifier.Replace(':', '-')}");

    private string Action(long now, int index) => string.Create(CultureInfo.InvariantCulture, $"{Batch(now)}:{index}");
}

/// <summary>The answer to one message.</summary>
/// <param name="InletId">The connection's id.</param>
/// <param name="XactionId">Names this message here.</param>
/// <param name="ReceivedTimeMs">Milliseconds since 1970.</param>
internal sealed record StreamedOne(string InletId, string XactionId, long ReceivedTimeMs, SyncValidation? SyncValidation);

/// <summary>What looking at the message while it was sent found.</summary>
internal sealed record SyncValidation(string Status);

/// <summary>The answer to several messages, in their order.</summary>
internal sealed record StreamedBatch(string InletId, string BatchId, long ReceivedTimeMs, IReadOnlyList<StreamedMessage> Responses);

/// <summary>What became of one of several messages.</summary>
internal sealed record StreamedMessage
{
    public string? XactionId { get; init; }

    /// <summary>Only of what was not stored.</summary>
    public int? StatusCode { get; init; }

    public string? Message { get; init; }
}
