using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.Rules;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Definitions;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Activation.CatalogRules;

/// <summary>Writing catalogue price rules; the prices they make are at <c>/v1/decisions/prices</c>.</summary>
[ApiController]
[Route("v1/catalog-rules")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Catalogue rules")]
public sealed class CatalogRulesController(PlatformDb db, CatalogRuleEditor editor) : ControllerBase
{
    private const string Example = """
        {
          "name": "A fifth off bags for members",
          "key": "bags-for-members",
          "websites": ["base"],
          "customerGroups": [1],
          "fromDate": "2026-06-01",
          "toDate": "2026-06-30",
          "priority": 10,
          "action": "by_percent",
          "amount": 20,
          "stop": true,
          "condition": { "type": "compare", "field": "product.categories", "operator": "contains", "value": "Bags" }
        }
        """;

    /// <summary>Creates a rule, live at once unless <c>status</c> says otherwise.</summary>
    /// <remarks>400 <c>catalogRule.invalid</c> lists what is wrong; 409 <c>catalogRule.keyTaken</c>, <c>catalogRule.externalIdTaken</c>.</remarks>
    [RequestExample(Example)]
    [HttpPost(Name = "createCatalogRule")]
    [Idempotent]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<CatalogRuleAnswer>(StatusCodes.Status201Created)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<CatalogRuleAnswer>> CreateAsync([StrictBody] CatalogRuleRequest request, CancellationToken cancellationToken)
    {
        var rule = await editor.CreateAsync(request, cancellationToken);
        EntityVersion.Write(Response, rule.Version);
        return Created($"/v1/catalog-rules/{rule.Id}", CatalogRuleAnswer.Of(rule));
    }

    /// <summary>All rules by key, page by page; archived ones only when asked for.</summary>
    [HttpGet(Name = "listCatalogRules")]
    [ProducesResponseType<Page<CatalogRuleAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<CatalogRuleAnswer>>> ListAsync(
        [FromQuery] PageQuery page, [FromQuery] RuleQuery query, CancellationToken cancellationToken) =>
        await query.ReadAsync<CatalogRuleDefinition, CatalogRuleAnswer>(db, page, CatalogRuleAnswer.Of, cancellationToken);

    /// <summary>One rule, by id or key.</summary>
    [HttpGet("{idOrKey}", Name = "getCatalogRule")]
    [ProducesResponseType<CatalogRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<CatalogRuleAnswer>> GetAsync(string idOrKey, CancellationToken cancellationToken) =>
        Answer(await editor.DemandAsync(idOrKey, cancellationToken));

    /// <summary>Replaces a rule. Needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    [RequestExample(Example)]
    [HttpPut("{idOrKey}", Name = "updateCatalogRule")]
    [RequestSizeLimit(4 << 20)]
    [ProducesResponseType<CatalogRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<CatalogRuleAnswer>> UpdateAsync(string idOrKey, [StrictBody] CatalogRuleRequest request, CancellationToken cancellationToken)
    {
        var version = EntityVersion.IfMatch(Request);
        return Answer(await editor.UpdateAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, request, version, cancellationToken));
    }

    /// <summary>Archives a rule for good: it changes no price any more, and its external id is free again; its key stays taken.</summary>
    [HttpDelete("{idOrKey}", Name = "archiveCatalogRule")]
    [ProducesResponseType<CatalogRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public Task<ActionResult<CatalogRuleAnswer>> ArchiveAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Archived, EntityVersion.IfMatch(Request), cancellationToken);

    /// <summary>Switches a rule on. Repeating it changes nothing.</summary>
    [HttpPost("{idOrKey}/publish", Name = "publishCatalogRule")]
    [ProducesResponseType<CatalogRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<CatalogRuleAnswer>> PublishAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Live, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    /// <summary>Switches a rule off until it is published again.</summary>
    [HttpPost("{idOrKey}/pause", Name = "pauseCatalogRule")]
    [ProducesResponseType<CatalogRuleAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public Task<ActionResult<CatalogRuleAnswer>> PauseAsync(string idOrKey, CancellationToken cancellationToken) =>
        MoveAsync(idOrKey, DefinitionStatus.Paused, EntityVersion.IfMatch(Request, optional: true), cancellationToken);

    private async Task<ActionResult<CatalogRuleAnswer>> MoveAsync(string idOrKey, DefinitionStatus status, EntityVersion version, CancellationToken cancellationToken) =>
        Answer(await editor.MoveToAsync((await editor.DemandAsync(idOrKey, cancellationToken)).Id, status, version, cancellationToken));

    private CatalogRuleAnswer Answer(CatalogRuleDefinition rule)
    {
        EntityVersion.Write(Response, rule.Version);
        return CatalogRuleAnswer.Of(rule);
    }
}
