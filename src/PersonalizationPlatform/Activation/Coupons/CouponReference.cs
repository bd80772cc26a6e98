using System.Globalization;
using Microsoft.Extensions.Options;
using PersonalizationPlatform.Events.Log;
using PersonalizationPlatform.Vocabulary;
using PersonalizationPlatform.Websites;

namespace PersonalizationPlatform.Activation.Coupons;

/// <summary>The keyed hash of a cart or an order: all that is kept of which one uses a coupon.</summary>
public readonly record struct CouponReference(Guid Value) : IComparable<CouponReference>
{
    public int CompareTo(CouponReference other) => Value.CompareTo(other.Value);
}

/// <summary>An order that was named by its number.</summary>
/// <param name="EventIds">The ids under which its events are kept: one for each way of naming its website.</param>
public sealed record CouponOrder(CouponReference Reference, IReadOnlyList<Guid> EventIds);

/// <summary>Makes <see cref="CouponReference"/>s. A cart and an order of the same name are two.</summary>
public sealed class CouponReferences(IdentityHash hash, LiveWebsites live, IOptions<EventLogOptions> events)
{
    /// <param name="cart">The cart's id, as the shop calls it.</param>
    public CouponReference OfCart(string cart) => new(hash.OfReference("cart", cart.Trim()));

    /// <inheritdoc cref="OfOrder"/>
    public async ValueTask<CouponOrder> OfOrderAsync(string? website, string order, CancellationToken cancellationToken) =>
        OfOrder(await live.CurrentAsync(cancellationToken), website, order);

    /// <param name="websites">Code and number of a website are the same website.</param>
    /// <param name="website">The website the order was placed on, by its code or number; null = <c>Events:DefaultWebsite</c>.</param>
    /// <param name="order">The order number: the <c>purchaseID</c> of its events.</param>
    public CouponOrder OfOrder(WebsiteSet websites, string? website, string order)
    {
        var known = websites.Of(website ?? events.Value.DefaultWebsite);
        var number = known.Number.ToString(CultureInfo.InvariantCulture);
        string[] names = websites.Of(number).Code == known.Code ? [known.Code, number] : [known.Code];
        return new(
            new(hash.OfReference("order", $"{known.Code.ToLowerInvariant()}\n{order.Trim()}")),
            [.. names.Select(name => PreparedEvent.OrderIdOf(name, order.Trim()))]);
    }
}
