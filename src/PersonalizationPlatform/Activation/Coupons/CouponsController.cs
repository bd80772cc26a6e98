using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.CartRules;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>The codes of cart rules, one by one.</summary>
[ApiController]
[Route("v1")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Coupons")]
public sealed class CouponsController(CouponStore coupons, CouponRules rules, PlatformDb db, DefinitionChanges changes) : ControllerBase
{
    /// <summary>Adds one code to a rule, beside those the rule itself lists.</summary>
    /// <remarks>400 <c>coupon.invalid</c>; 404; 409 <c>coupon.taken</c>, <c>coupon.ruleArchived</c>, <c>coupon.ruleTakesNone</c> for a rule whose couponType is none.</remarks>
    [RequestExample("""
        { "code": "SUMMER10", "usageLimit": 500, "usagePerCustomer": 1, "expiresAt": "2026-09-01T00:00:00Z" }
        """)]
    [HttpPost("cart-rules/{idOrKey}/coupons", Name = "createCoupon")]
    [Idempotent]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<CouponAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<CouponAnswer>> CreateAsync(string idOrKey, [StrictBody] CouponRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        if (!CouponCode.IsValid(request.Code))
            errors.Add(new("$.code", "coupon.code", $"A code has 1 to {CouponCode.MaxLength} characters, none of them a control character."));
        if (request.UsageLimit < 0)
            errors.Add(new("$.usageLimit", "coupon.usageLimit", "0 (unlimited) or more."));
        if (request.UsagePerCustomer < 0)
            errors.Add(new("$.usagePerCustomer", "coupon.usagePerCustomer", "0 (unlimited) or more."));
        if (request.ExternalId is { Length: 0 or > 200 })
            errors.Add(new("$.externalId", "coupon.externalId", "1 to 200 characters."));
        if (errors.Count > 0)
            throw new ProblemException(400, "coupon.invalid", "The coupon is not right in the places listed.", errors);
        var ruleId = await rules.IdOfAsync(idOrKey, cancellationToken);
        var asked = new Coupon
        {
            CodeKey = CouponCode.Key(request.Code),
            Code = request.Code.Trim(),
            Rule = ruleId,
            UsageLimit = request.UsageLimit,
            UsagePerCustomer = request.UsagePerCustomer,
            ExpiresAt = request.ExpiresAt,
            ExternalId = request.ExternalId,
        };
        // In one step with editors, so that a rule archived at this moment frees this code as well.
        var coupon = await changes.InOneStepAsync(
            async () =>
            {
                var within = (NpgsqlConnection)db.Database.GetDbConnection();
                await DemandRuleAsync(rules, ruleId, within, cancellationToken);
                return await coupons.AddAsync(asked, within, cancellationToken);
            },
            cancellationToken);
        return Created($"/v1/coupons/{Uri.EscapeDataString(coupon.Code)}", CouponAnswer.Of(coupon));
    }

    /// <summary>All codes of a rule with how often they were used, by code, page by page.</summary>
    [HttpGet("cart-rules/{idOrKey}/coupons", Name = "listCoupons")]
    [ProducesResponseType<Page<CouponAnswer>>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<Page<CouponAnswer>>> ListAsync(string idOrKey, [FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var ruleId = await rules.IdOfAsync(idOrKey, cancellationToken);
        var found = await coupons.ListAsync(ruleId, page.After(), page.Rows, cancellationToken);
        if (found.Count == 0 && await rules.FindAsync(ruleId, cancellationToken) is null)
            throw ProblemException.NotFound("cart rule with this id or key");
        return page.Of(found, coupon => coupon.CodeKey, CouponAnswer.Of);
    }

    /// <summary>One coupon by its code, in upper or lower case.</summary>
    [HttpGet("coupons/{code}", Name = "getCoupon")]
    [ProducesResponseType<CouponAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<CouponAnswer>> GetAsync(string code, CancellationToken cancellationToken) =>
        CouponCode.IsValid(code) && (await coupons.FindAsync([code], cancellationToken)).GetValueOrDefault(CouponCode.Key(code)) is { } coupon
            ? CouponAnswer.Of(coupon)
            : throw ProblemException.NotFound("coupon with this code");

    /// <summary>Deletes a coupon at once: the code is free for any rule, its uses stay recorded under this one.</summary>
    /// <remarks>409 <c>coupon.ofRule</c> when the rule itself lists the code.</remarks>
    [HttpDelete("coupons/{code}", Name = "deleteCoupon")]
    [ProducesResponseType(StatusCodes.Status204NoContent)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<NoContentResult> DeleteAsync(string code, CancellationToken cancellationToken)
    {
        if (!CouponCode.IsValid(code))
            throw ProblemException.NotFound("coupon with this code");
        await coupons.DeleteAsync(code, cancellationToken);
        return NoContent();
    }

    /// <summary>The rule codes are to be added to; 404; 409 when it takes none.</summary>
    internal static async Task<CouponRule> DemandRuleAsync(CouponRules rules, Guid id, NpgsqlConnection within, CancellationToken cancellationToken)
    {
        var rule = await rules.FindAsync(id, cancellationToken, within) ?? throw ProblemException.NotFound("cart rule with this id or key");
        if (rule.Status == DefinitionStatus.Archived)
            throw new ProblemException(409, "coupon.ruleArchived", "The cart rule is archived.");
        return rule.CouponType == CouponType.None
            ? throw new ProblemException(409, "coupon.ruleTakesNone", "The cart rule applies without a coupon; give it the couponType specific or auto first.")
            : rule;
    }
}
