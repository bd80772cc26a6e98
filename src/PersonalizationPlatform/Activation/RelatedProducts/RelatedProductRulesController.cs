using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.RelatedProducts;

/// <summary>Writing related-product rules; the lists they fill are at <c>/v1/decisions/related-products</c>.</summary>
[ApiController]
[Route("v1/related-product-rules")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Related products")]
public sealed class RelatedProductRulesController(PlatformDb db, RelatedRuleEditor editor) : ControllerBase
{
    private const string Example = """
        {
          "name": "Dearer bags of the same brand",
          "key": "dearer-bags",
          "applyTo": "upsell",
          "priority": 10,
          "resultLimit": 6,
          "segments": ["hot-bag-lovers"],
          "match": { "type": "compare", "field": "product.categories", "operator": "contains", "value": "Bags" },
          "display": { "type": "group", "match": "all", "of": [
            { "type": "compareWithViewed", "field": "product.attributes.brand", "operator": "equals" },
            { "type": "compareWithViewed", "field": "product.price", "operator": "greaterThan", "percent": 100 } ] }
        }
        """;

    /// <summary>Creates a rule, live at once unless <c>status</c> says otherwise.</summary>
    /// <remarks>400 <c>relatedProductRule.invalid</c> lists what is wrong; 409 <c>relatedProductRule.keyTaken</c>, <c>relatedProductRule.externalIdTaken</c>.</remarks>
    [RequestExample(Example)]
    [HttpPost(Name = "createRelatedProductRule")]
    [Idempotent]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<RelatedRuleAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<RelatedRuleAnswer>> CreateAsync([StrictBody] RelatedRuleRequest request, CancellationToken cancellationToken)
    {
        var rule = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, rule.Version);
        return Created($"/v1/related-product-rules/{rule.Id}", RelatedRuleAnswer.Of(rule));
    }

    /// <summary>All rules by key, page by page; archived ones only when asked for.</summary>
    [HttpGet(Name = "listRelatedProductRules")]
    [ProducesResponseType<Page<RelatedRuleAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<RelatedRuleAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] RuleQuery query, CancellationToken cancellationToken) =>
        await query.ReadAsync<RelatedRuleDefinition, RelatedRuleAnswer>(db, page, RelatedRuleAnswer.Of, cancellationToken);

    /// <summary>One rule, by id or key.</summary>
    [HttpGet("{idOrKey}", Name = "getRelatedProductRule")]
    [ProducesResponseType<RelatedRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<RelatedRuleAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.DemandAsync(idOrKey, cancellationToken));

    /// <summary>Replaces a rule. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample(Example)]
    [HttpPut("{idOrKey}", Name = "updateRelatedProductRule")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<RelatedRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<RelatedRuleAnswer>> UpdateAsync(string idOrKey, [StrictBody] RelatedRuleRequest request, CancellationToken cancellationToken)
    {
        var version = EntityVersion.IfMatch(Request);
        return Answer(await editor.UpdateAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, request, version, cancellationToken));
    }

    /// <summary>Archives a rule for good: it fills no list any more, and its external id is free again; its key stays taken.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveRelatedProductRule")]
    [ProducesResponseType<RelatedRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public Task<ActionResult<RelatedRuleAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken);

    /// <summary>Switches a rule on. Repeating it changes nothing.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishRelatedProductRule")]
    [ProducesResponseType<RelatedRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<RelatedRuleAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Live, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    /// <summary>Switches a rule off until it is published again.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseRelatedProductRule")]
    [ProducesResponseType<RelatedRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<RelatedRuleAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Paused, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    private async Task<ActionResult<RelatedRuleAnswer>> MoveAsync(string idOrKey, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Answer(await editor.MoveToAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, status, version, cancellationToken));

    private RelatedRuleAnswer Answer(RelatedRuleDefinition rule)
    {
        EntityVersion.Write(Response, rule.Version);
        return RelatedRuleAnswer.Of(rule);
    }
}
