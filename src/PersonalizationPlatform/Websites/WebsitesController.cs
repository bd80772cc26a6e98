using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Database;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Websites;

/// <summary>The websites of the shop, and how rules calculate on them. <c>base</c>, number 1, is there from the start.</summary>
[ApiController]
[Route("v1/websites")]
[Authorize(Policy = Scopes.Admin)]
[Tags("Websites")]
public sealed class WebsitesController(PlatformDb db, WebsiteEditor editor) : ControllerBase
{
    /// <summary>All websites by code, page by page.</summary>
    [HttpGet(Name = "listWebsites")]
    [ProducesResponseType<Page<WebsiteAnswer>>(StatusCodes.Status200OK)]
    public async Task<ActionResult<Page<WebsiteAnswer>>> ListAsync([FromQuery] PageQuery page, CancellationToken cancellationToken)
    {
        var after = page.After();
        var rows = await db.Set<StoredWebsite>().AsNoTracking()
            .Where(website => after == null || string.Compare(website.Code, after) > 0)
            .OrderBy(website => website.Code).Take(page.Rows).ToListAsync(cancellationToken);
        return page.Of(rows, website => website.Code, WebsiteAnswer.Of);
    }

    /// <summary>One website, by code in any case.</summary>
    [HttpGet("{code}", Name = "getWebsite")]
    [ProducesResponseType<WebsiteAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<WebsiteAnswer>> GetAsync(string code, CancellationToken cancellationToken) => Answer(
        await db.Set<StoredWebsite>().AsNoTracking().SingleOrDefaultAsync(website => website.Code.ToLower() == code.ToLower(), cancellationToken)
        ?? throw ProblemException.NotFound("website with this code"));

    /// <summary>Creates or replaces a website. One that is there needs <c>If-Match</c>: 428 without, 412 when somebody else was faster.</summary>
    /// <remarks>
    /// What is left out of <c>cartRules</c> and <c>relatedProducts</c> has its default. Another currency judges the segments of the
    /// website again, because they compare amounts in it. 400 <c>website.invalid</c>, 409 <c>website.numberTaken</c>, <c>website.storeViewTaken</c>.
    /// </remarks>
    [RequestExample("""
        {
          "number": 2,
          "name": "Europe",
          "currency": "EUR",
          "timeZone": "Europe/Berlin",
          "storeViews": [ { "code": "de", "name": "Deutsch" }, { "code": "fr", "name": "Français" } ],
          "cartRules": { "conditionTotalsBasis": "cart", "maxCouponsPerOrder": 3, "tax": { "itemRate": 19, "shippingRate": 19, "pricesIncludeTax": true } },
          "relatedProducts": { "related": { "max": 6, "show": "both", "rotation": "priorityThenId" } }
        }
        """)]
    [HttpPut("{code}", Name = "putWebsite")]
    [ProducesResponseType<WebsiteAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status412PreconditionFailed, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status428PreconditionRequired, "application/problem+json")]
    public async Task<ActionResult<WebsiteAnswer>> PutAsync(string code, [StrictBody] WebsiteRequest request, CancellationToken cancellationToken) =>
        Answer(await editor.PutAsync(code, request, EntityVersion.IfMatch(Request, optional: true), cancellationToken));

    private WebsiteAnswer Answer(StoredWebsite website)
    {
        EntityVersion.Write(Response, website.Version);
        return WebsiteAnswer.Of(website);
    }
}
