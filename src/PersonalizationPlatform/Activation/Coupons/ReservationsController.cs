using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using PersonalizationPlatform.Access;
using PersonalizationPlatform.Activation.Decisions;
using PersonalizationPlatform.Http;
using PersonalizationPlatform.Vocabulary;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>
/// Uses of coupons, as the shop's servers take them: reserved when the cart is placed, redeemed when the order is there, released when
/// it failed or was cancelled.
/// </summary>
[ApiController]
[Route("v1/coupons/reservations")]
[Authorize(Policy = Scopes.DecideSecret)]
[Tags("Coupons")]
public sealed class ReservationsController(Reservations reservations, CouponReferences references, NpgsqlDataSource database, IdentityHash hash) : ControllerBase
{
    private const int MaxUses = 100;
    private const int MaxName = 200;

    /// <summary>Holds all uses a cart or order needs, or none, for <c>Coupons:ReservationMinutes</c>.</summary>
    /// <remarks>
    /// Answers 200 whether they are held (<c>reserved</c>) or not; then every code says why not. Asking again for the same cart or order
    /// replaces what it held, without counting its own uses: so a shop repeats requests freely and edits orders. Limits are looked at in
    /// the order coupon, coupon per customer, rule per customer; guests are never limited per customer.
    /// </remarks>
    [RequestExample("""
        {
          "cart": "quote-4711",
          "shopper": { "identities": [ { "namespace": "CustomerId", "id": "1007" } ] },
          "codes": ["SUMMER10"]
        }
        """)]
    [HttpPost(Name = "reserveCoupons")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<ReservationAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public async Task<ActionResult<ReservationAnswer>> ReserveAsync([TolerantBody] ReservationRequest request, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        if (request.Cart is null == request.Order is null)
            errors.Add(new("$.cart", "reservation.reference", "Say for which cart or for which order; one of them."));
        CheckName(request.Cart, "$.cart", errors);
        CheckName(request.Order, "$.order", errors);
        CheckName(request.Website, "$.website", errors);
        var codes = request.Codes ?? [];
        var rules = request.Rules ?? [];
        if (codes.Count > MaxUses || rules.Count > MaxUses)
            errors.Add(new(codes.Count > MaxUses ? "$.codes" : "$.rules", "reservation.tooMany", $"At most {MaxUses}."));
        else
            CouponCode.Check(codes, "$.codes", errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "reservation.invalid", "The reservation is not right in the places listed.", errors);
        var customer = DecisionCaller.Of(Request, request.Shopper).Customer(request.Shopper);
        var order = request.Order is { } number ? await references.OfOrderAsync(request.Website, number, cancellationToken) : null;
        return await reservations.ReserveAsync(
            order?.Reference ?? references.OfCart(request.Cart!), order, customer is null ? null : hash.Of(customer),
            [.. codes.Select(code => code!)], [.. rules.OfType<string>().Distinct()], cancellationToken);
    }

    /// <summary>Makes what a cart or order holds count for good, now that the order is there.</summary>
    /// <remarks>
    /// Repeating it changes nothing, nor do the order's events, which redeem the same uses. A reservation that has expired is redeemed as
    /// long as nobody else has taken what it held, else 409 <c>reservation.expired</c>. 409 <c>reservation.released</c> after a release, 409
    /// <c>reservation.otherOrder</c> when it was redeemed for another order. Of an order whose events say that it was cancelled or failed, the
    /// uses are noted and given back: <c>state</c> is <c>released</c>.
    /// </remarks>
    /// <param name="reference">The cart's id, or the number of an order that was reserved as such.</param>
    /// <param name="of">Which is meant; when absent the cart, if one of this name has reserved, else the order.</param>
    [RequestExample("""{ "order": "000001234" }""")]
    [HttpPost("{reference}/redeem", Name = "redeemCoupons")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<UsesAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status409Conflict, "application/problem+json")]
    public async Task<ActionResult<UsesAnswer>> RedeemAsync(
        string reference, [TolerantBody] RedemptionRequest request, [FromQuery] ReservationOf? of, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        CheckName(reference, "reference", errors);
        CheckName(request.Order, "$.order", errors);
        CheckName(request.Website, "$.website", errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "reservation.invalid", "The redemption is not right in the places listed.", errors);
        var cart = references.OfCart(reference);
        var isCart = await IsCartAsync(cart, of, cancellationToken);
        if (request.Order is null && isCart)
            throw ProblemException.Invalid("reservation.order", "A cart's uses are redeemed for an order.", new ProblemError("$.order", "reservation.order", "The number of the order."));
        var itself = await references.OfOrderAsync(request.Website, reference, cancellationToken);
        var order = request.Order is { } number ? await references.OfOrderAsync(request.Website, number, cancellationToken) : itself;
        return await reservations.RedeemAsync(isCart ? cart : itself.Reference, order, cancellationToken);
    }

    /// <summary>Gives back what a cart or order uses, redeemed or not: it failed, was cancelled, or was given up.</summary>
    /// <remarks>Repeating it changes nothing; later events of the order do not take it again.</remarks>
    /// <param name="reference">The cart's id, also after it became an order, or the number of an order.</param>
    /// <param name="of">Which is meant; when absent the cart, if one of this name has reserved, else the order.</param>
    /// <param name="website">The order's website, by its code or number; <c>Events:DefaultWebsite</c> when absent.</param>
    [HttpPost("{reference}/release", Name = "releaseCoupons")]
    [RequestSizeLimit(1 << 20)]
    [ProducesResponseType<UsesAnswer>(StatusCodes.Status200OK)]
    [ProducesResponseType<Problem>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<Problem>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<ActionResult<UsesAnswer>> ReleaseAsync(
        string reference, [FromQuery] ReservationOf? of, [FromQuery] string? website, CancellationToken cancellationToken)
    {
        var errors = new List<ProblemError>();
        CheckName(reference, "reference", errors);
        CheckName(website, "website", errors);
        if (errors.Count > 0)
            throw new ProblemException(400, "reservation.invalid", "The release is not right in the places listed.", errors);
        var cart = references.OfCart(reference);
        var order = await IsCartAsync(cart, of, cancellationToken) ? null : await references.OfOrderAsync(website, reference, cancellationToken);
        return await reservations.ReleaseAsync(order?.Reference ?? cart, order, cancellationToken);
    }

    private async Task<bool> IsCartAsync(CouponReference cart, ReservationOf? of, CancellationToken cancellationToken)
    {
        if (of is { } said)
            return said == ReservationOf.Cart;
        await using var command = database.CreateCommand("select exists (select from coupon_reservation where reference = $1)");
        command.Parameters.Add(new() { Value = cart.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static void CheckName(string? name, string path, List<ProblemError> errors)
    {
        if (name is not null && (name.Trim().Length is 0 or > MaxName || name.Any(char.IsControl)))
            errors.Add(new(path, "reservation.name", $"1 to {MaxName} characters, none of them a control character."));
    }
}
