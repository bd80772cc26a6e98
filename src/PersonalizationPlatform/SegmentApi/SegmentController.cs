using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.SegmentApi;

/// <summary>What a tracker is told: that it need not send this again. After the commit, as everywhere.</summary>
/// <param name="Success">Always true; whatever is not a success has another status.</param>
public sealed record SegmentAnswer(bool Success);

/// <summary>Takes what trackers and server libraries of Segment's and RudderStack's kind send.</summary>
[ApiController]
[Route("v1")]
[Authorize(Policy = Scopes.Collect)]
[EnableCors(SegmentApiSetup.AnyPage)]
[WriteKeyInBody]
[Tags("Events")]
[ProducesResponseType<SegmentAnswer>(StatusCodes.Status200OK)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status400BadRequest)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status413PayloadTooLarge)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status415UnsupportedMediaType)]
[ProducesResponseType<ProblemDetails>(StatusCodes.Status503ServiceUnavailable)]
public sealed class SegmentController(SegmentIntake intake) : ControllerBase
{
    /// <summary>Takes a track call: something a shopper or the shop did.</summary>
    /// <remarks>
    /// The e-commerce spec's events become the storefront's own, others custom events of their name. The key is the write key, by Basic
    /// authentication or as <c>writeKey</c> in the body. What cannot be stored is answered with success all the same, as trackers
    /// expect, and kept with the refused events.
    /// </remarks>
    [HttpPost("track", Name = "segmentTrack")]
    [HttpPost("t", Name = "segmentT")]
    [RequestExample("""
        { "type": "track", "event": "Product Added", "messageId": "m-1", "anonymousId": "b0637d1a-2bbc-4ba6-a59a-597595011f17",
          "timestamp": "2026-06-15T12:00:00.000Z", "sentAt": "2026-06-15T12:00:01.000Z",
          "properties": { "cart_id": "c-1", "sku": "BG-104", "name": "Tideline Duffel 45 L", "price": 109, "quantity": 1, "currency": "EUR" } }
        """)]
    public Task<SegmentAnswer> Track(CancellationToken cancellationToken) => TakeAsync(SegmentMessage.Track, cancellationToken);

    /// <summary>Takes a page call: a page was looked at.</summary>
    [HttpPost("page", Name = "segmentPage")]
    [HttpPost("p", Name = "segmentP")]
    public Task<SegmentAnswer> Page(CancellationToken cancellationToken) => TakeAsync(SegmentMessage.Page, cancellationToken);

    /// <summary>Takes a screen call: an app's screen was looked at.</summary>
    [HttpPost("screen", Name = "segmentScreen")]
    [HttpPost("s", Name = "segmentS")]
    public Task<SegmentAnswer> Screen(CancellationToken cancellationToken) => TakeAsync(SegmentMessage.Screen, cancellationToken);

    /// <summary>Takes an identify call: who is using a device; with a secret key also what is known of that person.</summary>
    [HttpPost("identify", Name = "segmentIdentify")]
    [HttpPost("i", Name = "segmentI")]
    public Task<SegmentAnswer> Identify(CancellationToken cancellationToken) => TakeAsync(SegmentMessage.Identify, cancellationToken);

    /// <summary>Takes a group call: the company somebody belongs to.</summary>
    [HttpPost("group", Name = "segmentGroup")]
    [HttpPost("g", Name = "segmentG")]
    public Task<SegmentAnswer> Group(CancellationToken cancellationToken) => TakeAsync(SegmentMessage.Group, cancellationToken);

    /// <summary>Takes an alias call: under which id somebody was known before.</summary>
    [HttpPost("alias", Name = "segmentAlias")]
    [HttpPost("a", Name = "segmentA")]
    public Task<SegmentAnswer> Alias(CancellationToken cancellationToken) => TakeAsync(SegmentMessage.Alias, cancellationToken);

    /// <summary>Takes several calls at once, each of the type it names.</summary>
    [HttpPost("batch", Name = "segmentBatch")]
    [HttpPost("b", Name = "segmentB")]
    [HttpPost("import", Name = "segmentImport")]
    [HttpPost("/beacon/v1/batch", Name = "segmentBeacon")]
    [WriteKeyInBody(Batch = true)]
    [RequestExample("""
        { "batch": [ { "type": "page", "messageId": "m-2", "anonymousId": "b0637d1a-2bbc-4ba6-a59a-597595011f17", "name": "Sale",
                       "timestamp": "2026-06-15T12:00:00.000Z", "properties": { "url": "https://shop.example/sale" } } ],
          "sentAt": "2026-06-15T12:00:01.000Z" }
        """)]
    public Task<SegmentAnswer> Batch(CancellationToken cancellationToken) => TakeAsync(null, cancellationToken);

    private async Task<SegmentAnswer> TakeAsync(string? call, CancellationToken cancellationToken)
    {
        var body = await SegmentBody.OfAsync(HttpContext, isBatch: call is null);
        await intake.TakeAsync(body, call, trusted: !User.IsPublicKey(), User.KeyWebsite(), cancellationToken);
        return new SegmentAnswer(true);
    }
}
