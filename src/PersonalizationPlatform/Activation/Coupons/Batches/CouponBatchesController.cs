using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Coupons.Batches;

/// <summary>Codes generated for a rule in the background, up to a million at a time.</summary>
[ApiController]
[Route("v1")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Coupons")]
public sealed class CouponBatchesController(CouponBatches batches, CouponRules rules, CouponCsv csv, PlatformDb db, DefinitionChanges changes) : ControllerBase
{
    private const int MaxQuantity = 1_000_000;
    private const int MaxPart = 64;

    /// <summary>Has codes generated. They take the rule's limits; <c>Location</c> tells the progress.</summary>
    /// <remarks>400 <c>couponBatch.invalid</c>; 404; 409 <c>coupon.ruleArchived</c>, <c>coupon.ruleTakesNone</c>.</remarks>
    [RequestExample("""
        { "quantity": 10000, "length": 12, "format": "alphanumeric", "prefix": "FALL-", "dashEvery": 4, "expiresAt": "2026-12-01T00:00:00Z" }
        """)]
    [HttpPost("cart-rules/{idOrKey}/coupon-batches", Name = "generateCoupons")]
    [Idempotent]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<CouponBatch>(StatusCodes.Status202Accepted)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<CouponBatch>> CreateAsync(string idOrKey, [StrictBody] CouponBatchRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        if (request.Quantity is < 1 or > MaxQuantity)
            errors.Add(new("$.quantity", "couponBatch.quantity", $"1 to {MaxQuantity}."));
        if (request.Length is < 1 or > MaxPart)
            errors.Add(new("$.length", "couponBatch.length", $"1 to {MaxPart}."));
        if (request.DashEvery is < 0 or > MaxPart)
            errors.Add(new("$.dashEvery", "couponBatch.dashEvery", $"0 (none) to {MaxPart}."));
        CheckPart(request.Prefix, "$.prefix", errors);
        CheckPart(request.Suffix, "$.suffix", errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "couponBatch.invalid", "The batch is not right in the places listed.", errors);
        var format = new CodeFormat(
            request.Length ?? 12, request.Format ?? CodeCharacters.Alphanumeric, request.Prefix?.TrimStart() ?? "", request.Suffix?.TrimEnd() ?? "",
            request.DashEvery ?? 0).RoomyFor(request.Quantity);
        var ruleId = await rules.IdOfAsync(idOrKey, cancellationToken);
        // In one step with editors, so that a rule archived at this moment ends this batch as well.
        var batch = await changes.InOneStepAsync(
            async () =>
            {
                var within = (NpgsqlConnection)db.Database.GetDbConnection();
                await CouponsController.DemandRuleAsync(rules, ruleId, within, cancellationToken);
                return await batches.AddAsync(ruleId, request.Quantity, format, request.ExpiresAt, within, cancellationToken);
            },
            cancellationToken);
        return Accepted($"/v1/coupon-batches/{batch.Id}", batch);
    }

    /// <summary>How far a batch is. Codes are valid as soon as they are generated.</summary>
    [HttpGet("coupon-batches/{id:guid}", Name = "getCouponBatch")]
    [ProducesResponseType<CouponBatch>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<CouponBatch>> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await batches.FindAsync(id, cancellationToken) ?? throw NotFoundHere();

    /// <summary>
    /// The codes generated so far as CSV with the header <c>code,created_at,times_used,expires_at</c>. A code that a spreadsheet would take
    /// for a formula has an apostrophe before it.
    /// </summary>
    [HttpGet("coupon-batches/{id:guid}/codes", Name = "exportCouponBatch")]
    [ProducesResponseType<string>(StatusCodes.Status200OK, "text/csv")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task ExportAsync(Guid id, CancellationToken cancellationToken)
    {
        if (await batches.FindAsync(id, cancellationToken) is null)
            throw NotFoundHere();
        HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Response.ContentType = "text/csv; charset=utf-8";
        Response.Headers.ContentDisposition = $"attachment; filename=\"coupons-{id}.csv\"";
        await csv.WriteAsync(id, Response.Body, cancellationToken);
    }

    private static ProblemException NotFoundHere() => ProblemException.NotFound("coupon batch with this id");

    private static void CheckPart(string? text, string path, List<ProblemError> errors)
    {
        if (text is not null && (text.Length > MaxPart || text.Any(char.IsControl)))
            errors.Add(new(path, "couponBatch.part", $"At most {MaxPart} characters, none of them a control character."));
    }
}
