using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Events.Doors;
using PersonalizationPlatform.Http;

namespace PersonalizationPlatform.Events.OrderFeed;

/// <summary>The door for a shop's order feed.</summary>
[Route("v1/events")]
[Tags("Events")]
public sealed class OrderFeedController(EventIntake intake, OrderFeedIntake orders, IdempotentAnswers answers, IOptions<CollectionLimits> limits)
    : CollectingController(intake, answers, limits)
{
    /// <summary>Takes orders as Adobe Commerce's data exporter writes them (feed <c>orders</c>, record <c>OrderV2</c>), again and again.</summary>
    /// <remarks>
    /// One record, an array, <c>{"orders":[…]}</c> or <c>{"feed":[…]}</c>. A record says how an order stands and all that happened to it;
    /// each of these becomes one back-office event at its own time, once, however often it is sent. The answer counts events, not
    /// records; refusals tell the positions of the records and where in them.
    /// </remarks>
    /// <response code="202">The JSON was read and what is good in it is stored, even if every record was refused.</response>
    /// <response code="400">The body is not JSON (<c>request.notJson</c>), not gzip, or incomplete; nothing was stored.</response>
    /// <response code="409">The first request with this Idempotency-Key is still running.</response>
    /// <response code="413">The body or the batch is too large; nothing was stored.</response>
    /// <response code="415">The content encoding is neither plain nor gzip.</response>
    /// <response code="422">This Idempotency-Key was used with another body.</response>
    /// <response code="503">The store takes no more just now; Retry-After says when to send the same again.</response>
    [RequestExample("""
        { "commerceOrderId": "7", "commerceOrderNumber": "000000007", "createdAt": "2026-06-15T12:00:00+00:00", "updatedAt": "2026-06-15T12:00:03+00:00",
          "state": 1, "status": "pending", "grandTotal": 114, "currency": "EUR", "websiteCode": "base", "storeViewCode": "default",
          "customerId": 1007, "customerEmail": "ann@example.com",
          "payment": { "paymentMethodCode": "checkmo", "taxAmount": 0 }, "shipping": { "shippingMethodCode": "flatrate_flatrate", "shippingAmount": 5 },
          "items": [ { "itemId": { "id": "a5d6-1" }, "entityId": "1", "sku": "BG-104", "name": "Tideline Duffel 45 L", "qtyOrdered": 1, "unitPrice": 109, "itemPrice": 109 } ] }
        """)]
    [HttpPost("orders", Name = "collectOrders")]
    [Authorize(Policy = Scopes.CollectSecret)]
    public Task<ActionResult<CollectionAnswer>> Orders(CancellationToken cancellationToken) =>
        CollectAsync(EventDoor.BackOffice, "orders", body => orders.TakeAsync(body, User.KeyWebsite(), cancellationToken), cancellationToken);
}
