using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.Doors;

/// <summary>The doors for events.</summary>
[Route("v1/events")]
[Tags("Events")]
public sealed class EventsController(EventIntake intake, IdempotentAnswers answers, IOptions<CollectionLimits> limits)
    : CollectingController(intake, answers, limits)
{
    /// <summary>Takes what shoppers do: Adobe Commerce storefront events (XDM).</summary>
    /// <remarks>
    /// One XDM object, an array, or <c>{"events":[…]}</c>, each bare or in one of Adobe's envelopes (<c>{"xdm":{…}}</c> and others); a
    /// recorded Edge request is accepted as it is. The body may be gzip and of any content type; <c>Idempotency-Key</c> makes the whole batch answer the same again for 24
    /// hours. Back office, account and profile kinds are refused here. The answer comes after the commit.
    /// </remarks>
    /// <response code="202">The JSON was read and what is good in it is stored, even if every event was refused.</response>
    /// <response code="400">The body is not JSON (<c>request.notJson</c>), not gzip, or incomplete; nothing was stored.</response>
    /// <response code="409">The first request with this Idempotency-Key is still running.</response>
    /// <response code="413">The body or the batch is too large; nothing was stored.</response>
    /// <response code="415">The content encoding is neither plain nor gzip.</response>
    /// <response code="422">This Idempotency-Key was used with another body.</response>
    /// <response code="503">The store takes no more just now; Retry-After says when.</response>
    [RequestExample("""
        { "eventType": "commerce.productListAdds",
          "identityMap": { "ECID": [ { "id": "82905100796805013051982538514753172459", "primary": true } ] },
          "commerce": { "productListAdds": { "value": 1 }, "cart": { "cartID": "c-1" }, "commerceScope": { "websiteCode": "base", "storeViewCode": "default" } },
          "productListItems": [ { "SKU": "BG-104", "name": "Tideline Duffel 45 L", "quantity": 1, "priceTotal": 109, "currencyCode": "EUR" } ] }
        """)]
    [HttpPost("storefront", Name = "collectStorefrontEvents")]
    [Authorize(Policy = Scopes.Collect)]
    public Task<ActionResult<CollectionAnswer>> Storefront(CancellationToken cancellationToken) => CollectAsync(EventDoor.Storefront, cancellationToken);

    /// <summary>Takes what the shop's back office knows: order, account and any other events, historical ones too.</summary>
    /// <remarks>The same shapes and answers as the storefront's door, with larger limits and a secret key. Historical events keep their own timestamps.</remarks>
    /// <response code="202">The JSON was read and what is good in it is stored, even if every event was refused.</response>
    /// <response code="400">The body is not JSON (<c>request.notJson</c>), not gzip, or incomplete; nothing was stored.</response>
    /// <response code="409">The first request with this Idempotency-Key is still running.</response>
    /// <response code="413">The body or the batch is too large; nothing was stored.</response>
    /// <response code="415">The content encoding is neither plain nor gzip.</response>
    /// <response code="422">This Idempotency-Key was used with another body.</response>
    /// <response code="503">The store takes no more just now; Retry-After says when.</response>
    [RequestExample("""
        { "_id": "o-1-placed", "eventType": "commerce.backofficeOrderPlaced", "timestamp": "2026-06-15T12:00:00Z",
          "identityMap": { "CustomerId": [ { "id": "1007", "primary": true } ] },
          "commerce": { "backofficeOrderPlaced": { "value": 1 }, "commerceScope": { "websiteCode": "base" },
            "order": { "purchaseID": "000000001", "priceTotal": 109, "currencyCode": "EUR" } },
          "productListItems": [ { "SKU": "BG-104", "quantity": 1, "priceTotal": 109, "currencyCode": "EUR" } ] }
        """)]
    [HttpPost("back-office", Name = "collectBackOfficeEvents")]
    [Authorize(Policy = Scopes.CollectSecret)]
    public Task<ActionResult<CollectionAnswer>> BackOffice(CancellationToken cancellationToken) => CollectAsync(EventDoor.BackOffice, cancellationToken);
}
