using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Events.Understanding;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Refused;

/// <summary>One refused event as listed. Its body is in exactly one of the three body members.</summary>
/// <param name="Body">The body as JSON, when it is JSON of ordinary depth.</param>
/// <param name="BodyText">The body as text, when it is text but not that.</param>
/// <param name="BodyBase64">The body's bytes, when they are not text.</param>
public sealed record RefusedEventItem(
    long Id, DateTimeOffset ReceivedAt, EventDoor Door, string Code, string Detail, JsonElement? Body, string? BodyText, string? BodyBase64);

/// <summary>A page of refused events.</summary>
public sealed record RefusedEventPage(IReadOnlyList<RefusedEventItem> Items, string? NextCursor);

/// <summary>What the doors refused, to look at and to run again.</summary>
[ApiController]
[Route("v1/refused-events")]
[Tags("Events")]
[Authorize(Policy = Scopes.Admin)]
public sealed class RefusedEventsController(RefusedEvents refused, EventIntake intake) : ControllerBase
{
    private const int LargestPage = 200;

    /// <summary>Serialising goes no deeper than this, so deeper bodies are given as text.</summary>
    private const int OrdinaryDepth = 24;

    /// <summary>Lists refused events, newest first, with the reason and the body as it came.</summary>
    /// <param name="code">Only those refused for this reason, e.g. <c>time.inFuture</c>.</param>
    /// <param name="cursor">The <c>nextCursor</c> of the page before.</param>
    /// <param name="limit">How many at most, 1 to 200.</param>
    /// <param name="cancellationToken">Ends the work when the client leaves.</param>
    /// <response code="200">A page; without <c>nextCursor</c> it is the last.</response>
    /// <response code="400">The cursor or the limit is not one (<c>cursor.invalid</c>, <c>limit.invalid</c>).</response>
    [HttpGet(Name = "listRefusedEvents")]
    [ProducesResponseType<RefusedEventPage>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status400BadRequest)]
    public async Task<RefusedEventPage> List(string? code, string? cursor, int limit = 50, CancellationToken cancellationToken = default)
    {
        if (limit is < 1 or > LargestPage)
            throw ProblemException.Invalid("limit.invalid", $"limit is 1 to {LargestPage}.");
        var kept = await refused.ListAsync(Position(cursor), code, limit, cancellationToken);
        return new RefusedEventPage([.. kept.Select(Item)], kept.Count == limit ? Cursor(kept[^1].Id) : null);
    }

    /// <summary>Runs a refused event again after a fix, as if it had come now; it disappears from the list unless it is refused again.</summary>
    /// <response code="200">What became of it.</response>
    /// <response code="404">There is no such refused event.</response>
    [HttpPost("{id:long}/retry", Name = "retryRefusedEvent")]
    [ProducesResponseType<CollectionAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProblemDetails>(StatusCodes.Status404NotFound)]
    public async Task<CollectionAnswer> Retry(long id, CancellationToken cancellationToken) =>
        await intake.RetryAsync(id, cancellationToken) ?? throw ProblemException.NotFound("such refused event");

    private static RefusedEventItem Item(KeptRefusedEvent kept)
    {
        var body = kept.Body;
        var json = Json(body);
        var isText = WireText.IsUtf8(body);
        return new RefusedEventItem(kept.Id, kept.ReceivedAt, kept.Door, kept.Code, kept.Detail, json,
            json is null && isText ? Encoding.UTF8.GetString(body) : null, isText ? null : Convert.ToBase64String(body));
    }

    private static JsonElement? Json(byte[] body)
    {
        if (!WireText.IsUtf8(body))
            return null;
        try
        {
            using var document = JsonDocument.Parse(WireText.Clean(body), new JsonDocumentOptions { MaxDepth = OrdinaryDepth });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Cursor(long id) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(id.ToString(CultureInfo.InvariantCulture)));

    private static long? Position(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
            return null;
        Span<byte> bytes = stackalloc byte[32];
        return cursor.Length <= 32 && Base64Url.DecodeFromChars(cursor, bytes, out _, out var length) == OperationStatus.Done
            && long.TryParse(bytes[..length], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id : throw ProblemException.Invalid("cursor.invalid", "The cursor is not one of this list.");
    }
}
