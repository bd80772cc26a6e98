using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using PersonalizationPlatform.Access;
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
        var reference = request.Cart is { } cart ? references.OfCart(cart) : references.OfOrder(request.Website, request.Order!);
        return await reservations.ReserveAsync(reference, Customer(request), [.. codes.Select(code => code!)], [.. rules.OfType<string>().Distinct()], cancellationToken);
    }

    /// <summary>Makes what a cart or order holds count for good, now that the order is there.</summary>
    /// <remarks>
    /// Repeating it changes nothing, nor do the order's events, which redeem the same uses. A reservation that has expired is redeemed as
    /// long as nobody else has taken what it held, else 409 <c>reservation.expired</c>. 409 <c>reservation.released</c> after a release, 409
    /// <c>reservation.otherOrder</c> when it was redeemed for another order.
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
        var held = await FindAsync(reference, request.Website, of, cancellationToken);
        var itself = references.OfOrder(request.Website, reference);
        if (request.Order is null && held != itself)
            throw ProblemException.Invalid("reservation.order", "A cart's uses are redeemed for an order.", new ProblemError("$.order", "reservation.order", "The number of the order."));
        return await reservations.RedeemAsync(held, request.Order is { } order ? references.OfOrder(request.Website, order) : itself, cancellationToken);
    }

    /// <summary>Gives back what a cart or order uses, redeemed or not: it failed, was cancelled, or was given up.</summary>
    /// <remarks>Repeating it changes nothing; later events of the order do not take it again.</remarks>
    /// <param name="reference">The cart's id, also after it became an order, or the number of an order.</param>
    /// <param name="of">Which is meant; when absent the cart, if one of this name has reserved, else the order.</param>
    /// <param name="website">The code of the order's website; <c>Events:DefaultWebsite</c> when absent.</param>
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
        return await reservations.ReleaseAsync(await FindAsync(reference, website, of, cancellationToken), cancellationToken);
    }

    private async Task<CouponReference> FindAsync(string reference, string? website, ReservationOf? of, CancellationToken cancellationToken)
    {
        var (cart, order) = (references.OfCart(reference), references.OfOrder(website, reference));
        if (of is { } said)
            return said == ReservationOf.Cart ? cart : order;
        await using var command = database.CreateCommand("select exists (select from coupon_reservation where reference = $1)");
        command.Parameters.Add(new() { Value = cart.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is true ? cart : order;
    }

    private IdentityId? Customer(ReservationRequest request)
    {
        foreach (var given in request.Shopper?.Identities ?? [])
        {
            if (Identity.TryCreate(given?.Namespace, given?.Id, out var identity) && identity.Namespace == IdentityNamespace.CustomerId)
                return hash.Of(identity);
        }

        return null;
    }

    private static void CheckName(string? name, string path, List<ProblemError> errors)
    {
        if (name is not null && (name.Trim().Length is 0 or > MaxName || name.Any(char.IsControl)))
            errors.Add(new(path, "reservation.name", $"1 to {MaxName} characters, none of them a control character."));
    }
}
