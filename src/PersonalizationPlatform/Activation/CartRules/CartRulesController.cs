using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.CartRules;

/// <summary>Writing cart price rules; what they make of a cart is decided at <c>/v1/decisions/cart</c>.</summary>
[ApiController]
[Route("v1/cart-rules")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Cart rules")]
public sealed class CartRulesController(PlatformDb db, CartRuleEditor editor) : ControllerBase
{
    private const string Example = """
        {
          "name": "Ten per cent off bags",
          "key": "ten-off-bags",
          "websites": ["base"],
          "customerGroups": [0, 1],
          "fromDate": "2026-06-01",
          "toDate": "2026-06-30",
          "priority": 10,
          "action": "by_percent",
          "amount": 10,
          "couponType": "specific",
          "couponCodes": ["BAGS10"],
          "usesPerCustomer": 1,
          "condition": { "type": "compare", "field": "cart.subtotal", "operator": "atLeast", "value": 50 },
          "actionCondition": { "type": "compare", "field": "item.categories", "operator": "oneOf", "value": ["bags"] },
          "label": "Bags week"
        }
        """;

    /// <summary>Creates a rule, live at once unless <c>status</c> says otherwise.</summary>
    /// <remarks>
    /// 409 <c>cartRule.couponTaken</c> when another rule has one of the codes, upper and lower case alike, <c>cartRule.keyTaken</c>,
    /// <c>cartRule.externalIdTaken</c>.
    /// </remarks>
    [RequestExample(Example)]
    [HttpPost(Name = "createCartRule")]
    [Idempotent]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<CartRuleAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<CartRuleAnswer>> CreateAsync([StrictBody] CartRuleRequest request, CancellationToken cancellationToken)
    {
        var rule = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, rule.Version);
        return Created($"/v1/cart-rules/{rule.Id}", CartRuleAnswer.Of(rule));
    }

    /// <summary>All rules by key, page by page; archived ones only when asked for.</summary>
    /// <param name="page">Which page.</param>
    /// <param name="status">Only those that stand so.</param>
    /// <param name="externalId">Only the one that another system knows by this id.</param>
    [HttpGet(Name = "listCartRules")]
    [ProducesResponseType<Page<CartRuleAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<CartRuleAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] DefinitionStatus? status, [FromQuery] string? externalId, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<CartRuleDefinition>().AsNoTracking()
            .Where(rule => status == null ? rule.Status != DefinitionStatus.Archived : rule.Status == status)
            .Where(rule => externalId == null || rule.ExternalId == externalId)
            .Where(rule => after == null || string.Compare(rule.Key, after) > 0)
            .OrderBy(rule => rule.Key).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, rule => rule.Key, CartRuleAnswer.Of);
    }

    /// <summary>One rule, by id or key; archived ones too.</summary>
    [HttpGet("{idOrKey}", Name = "getCartRule")]
    [ProducesResponseType<CartRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<CartRuleAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.DemandAsync(idOrKey, cancellationToken));

    /// <summary>Replaces a rule. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample(Example)]
    [HttpPut("{idOrKey}", Name = "updateCartRule")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<CartRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<CartRuleAnswer>> UpdateAsync(string idOrKey, [StrictBody] CartRuleRequest request, CancellationToken cancellationToken)
    {
        var version = EntityVersion.IfMatch(Request);
        return Answer(await editor.UpdateAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, request, version, cancellationToken));
    }

    /// <summary>Archives a rule for good: gone from decisions and the list at once, its coupon codes and external id free for others, its key not.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveCartRule")]
    [ProducesResponseType<CartRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public Task<ActionResult<CartRuleAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken);

    /// <summary>Makes a draft or a paused rule live.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishCartRule")]
    [ProducesResponseType<CartRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    public Task<ActionResult<CartRuleAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Live, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    /// <summary>Switches a rule off until it is published again; its coupon codes stay its own.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseCartRule")]
    [ProducesResponseType<CartRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    public Task<ActionResult<CartRuleAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Paused, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    private async Task<ActionResult<CartRuleAnswer>> MoveAsync(string idOrKey, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Answer(await editor.MoveToAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, status, version, cancellationToken));

    private CartRuleAnswer Answer(CartRuleDefinition rule)
    {
        EntityVersion.Write(Response, rule.Version);
        return CartRuleAnswer.Of(rule);
    }
}
