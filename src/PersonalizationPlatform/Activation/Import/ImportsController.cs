using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Import;

/// <summary>Moving over from other systems.</summary>
[ApiController]
[Route("v1")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Import")]
public sealed class ImportsController : ControllerBase
{
    /// <summary>Takes what Adobe Commerce's REST API returns: sales rules, coupons, segments, groups, products, categories; every part optional.</summary>
    /// <remarks>
    /// Up to 1,000 rules are worked off before the answer: 200 with a report that tells line by line what was carried over, what not, and
    /// why; active rules are live then, all of them at once. Larger bodies are kept and worked off in the background: 202 with
    /// <c>Location</c>. What is known by its external id is updated. A rule with something in it that cannot be carried over becomes a
    /// draft. <c>?dryRun=true</c> changes nothing and only reports. 400 <c>json.syntax</c>, <c>import.shape</c>, or
    /// <c>request.incomplete</c> for a body that ended early, of which nothing is kept; 413
    /// <c>import.tooLarge</c> above 256 MB, <c>import.itemTooLarge</c>.
    /// </remarks>
    [RequestExample("""
        {
          "salesRules": { "items": [ {
            "rule_id": 7, "name": "Two bags or more", "is_active": true, "website_ids": [1], "customer_group_ids": [0, 1],
            "simple_action": "by_percent", "discount_amount": "10.0000", "sort_order": 1, "coupon_type": "SPECIFIC_COUPON",
            "condition": { "condition_type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Combine", "aggregator_type": "all", "value": "1",
              "conditions": [ { "condition_type": "Magento\\SalesRule\\Model\\Rule\\Condition\\Address", "attribute_name": "total_qty", "operator": ">=", "value": "2" } ] }
          } ] },
          "coupons": { "items": [ { "coupon_id": 3, "rule_id": 7, "code": "BAGS10", "usage_limit": 100, "times_used": 4, "is_primary": true, "type": 0 } ] }
        }
        """)]
    [HttpPost("import/adobe-commerce", Name = "importAdobeCommerce")]
    [Idempotent]
    [RequestSizeLimit(ImportBody.MaxLength)]
    [ProducesResponseType<ImportReport>(StatusCodes.Status200OK)]
    [ProducesResponseType<ImportAnswer>(StatusCodes.Status202Accepted)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status413PayloadTooLarge, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status415UnsupportedMediaType, "application/problem+json")]
    public async Task<IActionResult> PostAsync([FromQuery] bool dryRun = false, CancellationToken cancellationToken = default)
    {
        if (!Request.HasJsonContentType())
            throw new ProblemException(415, "http.contentType", "Send application/json.");
        await using var body = Unpacked();
        try
        {
            var (report, stored) = await HttpContext.RequestServices.GetRequiredService<Imports>().ReceiveAsync(body, dryRun, cancellationToken);
            return report is not null
                ? Ok(report)
                : Accepted($"/v1/imports/{stored}", ImportAnswer.Of(await FindAsync(stored, cancellationToken)));
        }
        catch (InvalidDataException)
        {
            throw ProblemException.Invalid("http.gzip", "The body is not gzip.");
        }
        catch (Exception e) when (e is EndOfStreamException or BadHttpRequestException { StatusCode: StatusCodes.Status400BadRequest })
        {
            throw ProblemException.Invalid("request.incomplete", "The body ended early.");
        }
    }

    /// <summary>How far a large import has come, and its report up to there.</summary>
    [HttpGet("imports/{id:guid}", Name = "getImport")]
    [ProducesResponseType<ImportAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<ImportAnswer>> GetAsync(Guid id, CancellationToken cancellationToken) => ImportAnswer.Of(await FindAsync(id, cancellationToken));

    private async Task<StoredImport> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await HttpContext.RequestServices.GetRequiredService<PlatformDb>().Set<StoredImport>().AsNoTracking().SingleOrDefaultAsync(import => import.Id == id, cancellationToken)
        ?? throw ProblemException.NotFound("import with this id");

    private Stream Unpacked()
    {
        var encoding = Request.Headers.ContentEncoding.ToString();
        return encoding switch
        {
            "" or "identity" => Request.Body,
            "gzip" => new GunzipStream(Request.Body),
            _ => throw new ProblemException(415, "http.contentEncoding", "Send the body as it is, or with Content-Encoding: gzip."),
        };
    }
}

/// <summary>A large import.</summary>
/// <param name="Total">Items of the body.</param>
/// <param name="Done">Items worked off so far.</param>
/// <param name="Failure">A stable code when it failed; what was worked off before stays.</param>
/// <param name="Report">As far as it has come.</param>
public sealed record ImportAnswer(
    Guid Id, ImportStatus Status, bool DryRun, long Total, long Done, string? Failure, DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt, ImportReport? Report)
{
    internal static ImportAnswer Of(StoredImport import) => new(
        import.Id, import.Status, import.DryRun, import.Total, import.Done, import.Failure, import.CreatedAt, import.FinishedAt, ImportWork.Read(import.Report));
}
